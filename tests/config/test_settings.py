"""The environment: read once, complained about once, secrets hidden."""

import base64
from pathlib import Path

import pytest

from bot.config.settings import Need, Settings, SettingsError, load

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(range(1, 33))).decode()
WEB = {
    "LETHE_MASTER_KEY": KEY,
    "LETHE_PEPPER": KEY,
    "LETHE_APP_SECRET": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "LETHE_VERIFY_TOKEN": "brown-fox",
}


def loaded(need: Need = Need.WEB, **environ: str) -> Settings:
    return load(need, environ={**WEB, **environ}, dotenv=None)


def faults_of(environ: dict[str, str], need: Need = Need.WEB, also: tuple[str, ...] = ()) -> dict[str, str]:
    with pytest.raises(SettingsError) as error:
        load(need, environ=environ, dotenv=None, also=also)
    return {fault.key: f"{fault.wrong}; {fault.right}" for fault in error.value.faults}


def test_it_needs_nothing_to_check():
    settings = load(Need.CHECK, environ={}, dotenv=None, also=["LETHE_PHONE_NUMBER_ID"])
    assert settings.config_dir == Path("templates_wa")
    assert settings.graph_url == "https://graph.facebook.com/v26.0"
    assert (settings.web_bind, settings.workers, settings.demo) == ("127.0.0.1:8000", 2, False)


@pytest.mark.parametrize(
    ("need", "missing"),
    [
        pytest.param(Need.WEB, set(WEB) | {"SHOP_NUMBER"}, id="web"),
        pytest.param(Need.WORKER, {"LETHE_MASTER_KEY", "LETHE_PEPPER", "SHOP_NUMBER"}, id="worker"),
        pytest.param(Need.DEMO, {"SHOP_NUMBER"}, id="demo"),
    ],
)
def test_it_lists_all_that_a_process_misses(need: Need, missing: set[str]):
    assert set(faults_of({}, need, also=("SHOP_NUMBER",))) == missing


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        pytest.param("LETHE_MASTER_KEY", "not base64!", "lethe keygen", id="a key that is no base64"),
        pytest.param("LETHE_MASTER_KEY", base64.b64encode(b"short").decode(), "32 random bytes", id="a short key"),
        pytest.param("LETHE_PEPPER", base64.b64encode(bytes(32)).decode(), "32 random bytes", id="a key of noughts"),
        pytest.param("LETHE_PEPPER", f"{KEY},", "32 random bytes", id="an empty second key"),
        pytest.param("LETHE_APP_SECRET", "changeme", "placeholder", id="changeme"),
        pytest.param("LETHE_APP_SECRET", "<app secret>", "placeholder", id="angle brackets"),
        pytest.param("LETHE_VERIFY_TOKEN", "your-token-here", "placeholder", id="your-token"),
        pytest.param("LETHE_VERIFY_TOKEN", "xxxxxxxx", "placeholder", id="crosses"),
        pytest.param("LETHE_DATABASE_URL", "mysql://localhost/x", "sqlite:///", id="another database"),
        pytest.param("LETHE_REDIS_URL", "localhost:6379", "redis://", id="Redis without scheme"),
        pytest.param("LETHE_GRAPH_URL", "http://graph.facebook.com/v26.0", "https://", id="Graph in clear"),
        pytest.param("LETHE_GRAPH_URL", "https://graph.facebook.com", "version", id="Graph without version"),
        pytest.param("LETHE_PUBLIC_URL", "http://bot.example", "https://", id="a public address in clear"),
        pytest.param("LETHE_WEB_BIND", "8000", "host:port", id="a port alone"),
        pytest.param("LETHE_WORKERS", "0", "greater", id="no worker"),
        pytest.param("LETHE_WORKERS", "two", "integer", id="workers in words"),
        pytest.param("LETHE_CA_FILE", "/nowhere/ca.pem", "no such file", id="a missing certificate"),
        pytest.param("LETHE_DEMO", "1", "LETHE_GRAPH_URL", id="demo mode against Meta"),
        pytest.param("LETHE_DEMO", "perhaps", "boolean", id="demo perhaps"),
        pytest.param("LETHE_APP_SECRET_FILE", "/nowhere/secret", "cannot be read", id="a file that is not there"),
    ],
)
def test_it_refuses(name: str, value: str, told: str):
    environ = {**WEB, name: value}
    if name.endswith("_FILE"):
        environ.pop(name.removesuffix("_FILE"), None)
    faults = faults_of(environ)
    assert set(faults) == {name}
    assert told in faults[name]


def test_it_lists_faults_of_every_kind_at_once():
    faults = faults_of({**WEB, "LETHE_PEPPER": "changeme", "LETHE_WORKERS": "0", "LETHE_VERIFY_TOKEN": ""})
    assert set(faults) == {"LETHE_PEPPER", "LETHE_WORKERS", "LETHE_VERIFY_TOKEN"}


def test_it_recognises_a_misspelt_name():
    environ = {name: value for name, value in WEB.items() if name != "LETHE_APP_SECRET"}
    assert "'APPSECRET'" in faults_of({**environ, "LETHE_APPSECRET": "s3cr3t"})["LETHE_APP_SECRET"]


def test_it_refuses_a_value_and_a_file_for_the_same_name(tmp_path: Path):
    file = tmp_path / "secret"
    file.write_text("one")
    assert "keep one" in faults_of({**WEB, "LETHE_APP_SECRET_FILE": str(file)})["LETHE_APP_SECRET"]


def test_it_reads_a_secret_from_its_file_again(tmp_path: Path):
    file = tmp_path / "token"
    file.write_text("first\n")
    settings = loaded(SHOP_TOKEN_FILE=str(file))
    assert settings.variable("SHOP_TOKEN") == "first"
    file.write_text("second\n")
    assert settings.variable("SHOP_TOKEN") == "second"
    assert settings.variable("OTHER_TOKEN") is None


def test_it_reads_dotenv_below_the_environment(tmp_path: Path):
    dotenv = tmp_path / ".env"
    dotenv.write_text(f'LETHE_PEPPER={OTHER}\nLETHE_WORKERS="7"\nSHOP_NUMBER=5\n')
    settings = load(Need.WEB, environ=WEB, dotenv=dotenv)
    assert settings.peppers == (base64.b64decode(KEY),)
    assert settings.workers == 7
    assert settings.variable("SHOP_NUMBER") == "5"


def test_an_empty_variable_is_none_at_all(tmp_path: Path):
    dotenv = tmp_path / ".env"
    dotenv.write_text("LETHE_WORKERS=7\n")
    assert load(Need.WEB, environ={**WEB, "LETHE_WORKERS": ""}, dotenv=dotenv).workers == 7


def test_it_names_the_place_of_a_fault(tmp_path: Path):
    dotenv = tmp_path / ".env"
    dotenv.write_text("LETHE_WORKERS=many\n")
    with pytest.raises(SettingsError) as error:
        load(Need.WEB, environ=WEB, dotenv=dotenv)
    assert [fault.file for fault in error.value.faults] == [str(dotenv)]


def test_it_knows_several_keys_and_secrets():
    settings = loaded(LETHE_MASTER_KEY=f"{KEY}, {OTHER}", LETHE_APP_SECRET="new1,old2")
    assert settings.master_keys == (base64.b64decode(KEY), base64.b64decode(OTHER))
    assert settings.app_secrets == ("new1", "old2")


def test_it_fills_in_addresses(tmp_path: Path):
    settings = loaded(LETHE_DATA_DIR=str(tmp_path))
    assert settings.database == f"sqlite:///{tmp_path}/lethe.db"
    assert settings.redis == f"unix://{tmp_path}/valkey.sock"
    assert settings.public == "http://127.0.0.1:8000"
    assert settings.journal == tmp_path
    assert settings.alerts == ()


def test_it_takes_addresses_as_they_are_set():
    settings = loaded(
        LETHE_DATABASE_URL="postgresql+psycopg://u:p@h/d",
        LETHE_REDIS_URL="redis://:pw@h:6379/0",
        LETHE_PUBLIC_URL="https://bot.example/",
        LETHE_JOURNAL_DIR="/srv/journal",
        LETHE_ALERT_URLS="https://a.example, https://b.example",
        LETHE_GRAPH_URL="http://127.0.0.1:9000/v26.0/",
        LETHE_DEMO="1",
    )
    assert settings.database == "postgresql+psycopg://u:p@h/d"
    assert settings.redis == "redis://:pw@h:6379/0"
    assert settings.public == "https://bot.example"
    assert settings.journal == Path("/srv/journal")
    assert settings.alerts == ("https://a.example", "https://b.example")
    assert (settings.graph_url, settings.demo) == ("http://127.0.0.1:9000/v26.0", True)


def test_it_never_shows_a_secret():
    settings = loaded(LETHE_DATABASE_URL="postgresql+psycopg://u:hunter2@h/d", LETHE_ACCESS_TOKEN="EAAGtoken")
    shown = f"{settings!r} {settings} {settings.model_dump()}"
    assert not [one for one in (KEY, "brown-fox", "hunter2", "EAAGtoken", WEB["LETHE_APP_SECRET"]) if one in shown]
    with pytest.raises(SettingsError) as error:
        load(Need.WEB, environ={**WEB, "LETHE_DATABASE_URL": "mysql://u:hunter2@h/d"}, dotenv=None)
    assert "hunter2" not in str(error.value)
