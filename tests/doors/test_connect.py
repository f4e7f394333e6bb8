"""`lethe connect`: the full way, and each step failing with its advice."""

import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from bot.delivery.templates import templates
from bot.doors.cli import main
from bot.doors.going_live import dotenv
from bot.doors.going_live.fields import FIELDS
from bot.runtime import Runtime
from bot.wire.errors import Outcome, SendError
from bot.wire.onboarding import Onboarding
from simulator.server import Simulator
from tests.support import at_meta
from tests.support.at_meta import ADDRESS, APP_ID, WABA, install
from tests.support.deployment import NUMBER_ID
from tests.support.stack import Stack, running

Connect = Callable[..., Result]
FRESH = {"numbers": {NUMBER_ID: {"status": "PENDING", "platform_type": "NOT_APPLICABLE"}}, "webhook": None}
ANSWERED = ("LETHE_PHONE_NUMBER_ID", "LETHE_WABA_ID", "LETHE_PUBLIC_URL")


@pytest.fixture
def web(app: Flask) -> Iterator[str]:
    """Give our web process."""
    with at_meta.served(app) as url:
        yield url


@pytest.fixture
def meta(web: str, environ: dict[str, str]) -> Iterator[Simulator]:
    """Give Meta before anything is set up there."""
    with at_meta.meta(web, environ) as simulator:
        at_meta.says(simulator, **FRESH)
        requests.delete(f"{simulator.url}/v26.0/{WABA}/subscribed_apps", headers=bearer(environ), timeout=10)
        yield simulator


def bearer(environ: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {environ['LETHE_ACCESS_TOKEN']}"}


@pytest.fixture
def connect(
    meta: Simulator, web: str, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Connect:
    """Run the command in an empty folder, with the secrets in the environment."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setenv("NO_COLOR", "1")
    for name, value in {**environ, "LETHE_GRAPH_URL": f"{meta.url}/v26.0", "LETHE_PIN": "123456"}.items():
        if name not in ANSWERED:
            monkeypatch.setenv(name, value)

    def run(*more: str, asked: str | None = None, yes: bool = True) -> Result:
        options = ("--app-id", APP_ID, "--public-url", web, "--wait-bot", "0", "--wait-hi", "0", *more)
        return CliRunner().invoke(main, ["connect", *options, *(["--yes"] if yes else [])], input=asked)

    return run


def test_the_full_way_sets_everything_up(connect: Connect, meta: Simulator, web: str, runtime: Runtime) -> None:
    told = connect("--region", "IN")

    assert told.exit_code == 0, told.output
    state = meta.state
    assert state.app.webhook is not None
    assert state.app.webhook["callback_url"] == f"{web}/webhook"
    assert [each["name"] for each in state.app.webhook["fields"]] == list(FIELDS)
    assert (WABA in state.subscribed, state.app.pins, state.app.regions) == (
        True,
        {NUMBER_ID: "123456"},
        {NUMBER_ID: "IN"},
    )
    assert state.app.numbers[NUMBER_ID]["status"] == "CONNECTED"
    with runtime.db.read() as session:
        assert "order_update" in session.scalars(select(templates.c.name)).all()
    assert "123456" not in told.output


def test_it_writes_env_for_nobody_else_and_keeps_what_is_there(connect: Connect, environ: dict[str, str]) -> None:
    Path(".env").write_text("# mine\nOTHER='x y'\nLETHE_WORKERS=3\n", "utf-8")
    told = connect()

    assert told.exit_code == 0, told.output
    text = Path(".env").read_text("utf-8")
    assert stat.S_IMODE(Path(".env").stat().st_mode) == 0o600
    assert text.startswith("# mine\nOTHER='x y'\nLETHE_WORKERS=3\n")
    written = dotenv.read(Path(".env"))
    assert (written["LETHE_WABA_ID"], written["LETHE_PHONE_NUMBER_ID"]) == (WABA, NUMBER_ID)
    for name in ("LETHE_APP_SECRET", "LETHE_ACCESS_TOKEN", "LETHE_VERIFY_TOKEN", "LETHE_MASTER_KEY"):
        assert written[name] == environ[name]
        assert environ[name] not in told.output
    assert "LETHE_PIN" not in text


def test_it_can_be_run_again(connect: Connect, meta: Simulator) -> None:
    first, before = connect(), Path(".env")
    text = before.read_text("utf-8")
    again = connect()

    assert (first.exit_code, again.exit_code) == (0, 0), again.output
    assert before.read_text("utf-8") == text
    assert "registered already" in again.output
    assert meta.state.app.tries == {NUMBER_ID: 1}


def test_it_asks_a_person_for_what_is_not_set(connect: Connect, environ: dict[str, str], monkeypatch: Any) -> None:
    for name in ("LETHE_APP_SECRET", "LETHE_ACCESS_TOKEN", "LETHE_PIN"):
        monkeypatch.delenv(name)
    answers = [environ["LETHE_APP_SECRET"], environ["LETHE_ACCESS_TOKEN"], "123456"]
    told = connect(yes=False, asked="\n".join([*answers, ""]))

    assert told.exit_code == 0, told.output
    assert all(secret not in told.output for secret in answers)


def test_a_value_is_replaced_only_when_somebody_agrees(connect: Connect) -> None:
    Path(".env").write_text("LETHE_PUBLIC_URL='https://old.example.com'\n", "utf-8")
    told = connect(yes=False, asked="n\n")
    assert told.exit_code == 1
    assert "Replace LETHE_PUBLIC_URL in .env?" in told.output
    assert Path(".env").read_text("utf-8") == "LETHE_PUBLIC_URL='https://old.example.com'\n"
    assert connect(yes=False, asked="y\n").exit_code == 0
    assert "old.example.com" not in Path(".env").read_text("utf-8")


def failing(name: str) -> Callable[[Simulator, Any], None]:
    """Return what makes one step fail."""
    makers: dict[str, Callable[[Simulator, Any], None]] = {
        "wrong secret": lambda _meta, patch: patch.setenv("LETHE_APP_SECRET", "another-secret"),
        "wrong token": lambda _meta, patch: patch.setenv("LETHE_ACCESS_TOKEN", "another-token"),
        "no secret": lambda _meta, patch: patch.delenv("LETHE_APP_SECRET"),
        "other app": lambda meta, _patch: at_meta.says(meta, token={"app_id": "1"}),
        "no scope": lambda meta, _patch: at_meta.says(meta, token={"scopes": ["whatsapp_business_messaging"]}),
        "expired": lambda meta, _patch: at_meta.says(meta, token={"expires_at": 1_600_000_000}),
        "unverified": lambda meta, _patch: at_meta.says(
            meta, numbers={NUMBER_ID: {"code_verification_status": "NOT_VERIFIED"}}
        ),
        "wrong pin": lambda meta, _patch: at_meta.says(meta, pins={NUMBER_ID: "999999"}),
        "bad pin": lambda _meta, patch: patch.setenv("LETHE_PIN", "12"),
        "in the app": lambda meta, _patch: at_meta.says(meta, numbers={NUMBER_ID: {"is_on_biz_app": True}}),
        "too often": lambda meta, _patch: meta.state.app.tries.update({NUMBER_ID: 10}),
        "other verify token": lambda _meta, patch: patch.setenv("LETHE_VERIFY_TOKEN", "another-verify-token"),
        "meta down": lambda _meta, patch: patch.setenv("LETHE_GRAPH_URL", "http://127.0.0.1:9/v26.0"),
        "limited": lambda meta, _patch: at_meta.fails(meta, 4),
        "nothing": lambda _meta, _patch: None,
    }
    return makers[name]


@pytest.mark.parametrize(
    ("maker", "options", "step", "advice"),
    [
        ("wrong secret", (), "app", "App settings, Basic"),
        ("no secret", (), "app", "LETHE_APP_SECRET is not known"),
        ("meta down", (), "app", "look at the network"),
        ("limited", (), "app", "wait an hour"),
        ("nothing", ("--app-id", "12"), "app", "copy both again"),
        ("wrong token", (), "token", "Generate new token"),
        ("other app", (), "token", "of another app (1)"),
        ("no scope", (), "token", "lacks whatsapp_business_management"),
        ("expired", (), "token", "expired on 2020-09-13"),
        ("nothing", ("--account", "1"), "number", "copy the account's id"),
        ("nothing", ("--number", "+4477009"), "number", f"choose one: {NUMBER_ID} = +15550001111"),
        ("unverified", (), "registration", "verify the number by SMS"),
        ("wrong pin", (), "registration", "Two-step verification"),
        ("bad pin", (), "registration", "six digits"),
        ("in the app", (), "registration", "--leave-app"),
        ("too often", (), "registration", "72 hours"),
        ("nothing", ("--public-url", "http://example.com"), "address", "write the https:// address"),
        ("nothing", ("--tunnel",), "address", "install cloudflared"),
        ("nothing", ("--public-url", "http://127.0.0.1:9"), "webhook", "lethe run"),
        ("other verify token", (), "webhook", "start it again"),
    ],
)
def test_a_step_that_fails_says_what_to_do(
    connect: Connect,
    meta: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    *,
    maker: str,
    options: tuple[str, ...],
    step: str,
    advice: str,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    failing(maker)(meta, monkeypatch)
    told = connect(*options)

    assert told.exit_code == 1, told.output
    last = told.output[told.output.index("fault") :]
    assert last.startswith(f"fault  {step}: ")
    assert advice in last
    assert "Traceback" not in told.output
    assert not isinstance(told.exception, AssertionError | ValueError | KeyError)


@pytest.mark.parametrize(
    ("call", "code", "step", "advice"),
    [
        ("set_webhook", 2200, "app's webhook", "the address must be public"),
        ("webhook", 190, "app's webhook", "make a new one"),
        ("subscribe", 200, "account", "full control"),
        ("templates", 80007, "templates", "look the code up"),
        ("register", 133015, "registration", "wait five minutes"),
    ],
)
def test_what_meta_refuses_later_has_its_advice_too(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, *, call: str, code: int, step: str, advice: str
) -> None:
    def refuse(*_: object) -> None:
        raise SendError(Outcome.REFUSED, code, 400)

    monkeypatch.setattr(Onboarding, call, refuse)
    told = connect()
    assert told.exit_code == 1
    last = told.output[told.output.index("\nfault") :]
    assert last.startswith(f"\nfault  {step}: ")
    assert advice in last


def test_a_database_that_is_away_is_a_step_that_failed(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LETHE_DATABASE_URL", "sqlite:////nowhere/at/all/lethe.db")
    told = connect()
    assert told.exit_code == 1
    assert "fault  templates: the database does not answer" in told.output


def test_a_temporary_token_and_a_number_in_the_app_are_warned_of(connect: Connect, meta: Simulator) -> None:
    at_meta.says(meta, token={"type": "USER", "expires_at": 4_000_000_000})
    at_meta.says(meta, numbers={NUMBER_ID: {"is_on_biz_app": True}})
    told = connect("--leave-app")
    assert told.exit_code == 0, told.output
    assert "warn   token: this is a person's temporary token" in told.output
    assert "warn   number: the number is still in use in the WhatsApp Business app" in told.output


def test_a_number_is_taken_off_a_phone_only_when_somebody_says_so(connect: Connect, meta: Simulator) -> None:
    at_meta.says(meta, numbers={NUMBER_ID: {"is_on_biz_app": True}})
    assert connect(yes=False, asked="n\n").exit_code == 1
    assert meta.state.app.pins == {}
    assert connect(yes=False, asked="y\n").exit_code == 0


def test_another_programs_webhook_is_replaced_only_when_somebody_agrees(connect: Connect, meta: Simulator) -> None:
    at_meta.says(meta, webhook={"url": "https://other.example.com/hook"})
    told = connect(yes=False, asked="n\n")
    assert told.exit_code == 1
    assert "https://other.example.com/hook; it will hear nothing more" in told.output
    assert meta.state.app.webhook is not None
    assert meta.state.app.webhook["callback_url"] == "https://other.example.com/hook"


def test_templates_that_are_not_there_yet_are_a_warning(connect: Connect, meta: Simulator) -> None:
    for each in meta.state.templates:
        each.status = "PENDING"
    told = connect()
    assert told.exit_code == 0
    assert "warn   templates: not approved in any language" in told.output


def test_silence_is_told_with_its_remedy(connect: Connect) -> None:
    told = connect("--wait-hi", "0.1")
    assert told.exit_code == 1
    assert "Now write hi to +15550001111" in told.output
    assert "fault  hi: no message came" in told.output


def test_connect_takes_the_tunnels_address(connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    install(tmp_path, f'echo "{ADDRESS}" >&2\nexec sleep 60')
    told = connect("--tunnel")
    # The address is nobody's, so the way ends there; the file knows it.
    assert f"ok     address: {ADDRESS}" in told.output
    assert "fault  webhook" in told.output
    assert dotenv.read(Path(".env"))["LETHE_PUBLIC_URL"] == ADDRESS


@pytest.mark.slow
def test_the_whole_way_ends_with_ones_own_hi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Web, worker and Valkey run; somebody writes hi while `connect` waits."""
    with running(tmp_path, workers=1) as stack:
        for name, value in stack.environment.items():
            monkeypatch.setenv(name, value)
        for name in ANSWERED[:2]:
            monkeypatch.delenv(name)
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("LETHE_DEMO")
        done = threading.Event()
        phone = threading.Thread(target=keep_saying_hi, args=(stack, done))
        phone.start()
        options = ["--app-id", APP_ID, "--public-url", stack.url, "--yes", "--wait-hi", "20"]
        told = CliRunner().invoke(main, ["connect", *options])
        done.set()
        phone.join()
    assert told.exit_code == 0, told.output
    assert "ok     hi: your message came, and the answer has left" in told.output


def keep_saying_hi(stack: Stack, done: threading.Event) -> None:
    while not done.wait(0.5):
        stack.sim("say", person="asha", text="hi")
