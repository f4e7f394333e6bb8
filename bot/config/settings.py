"""What is set for a deployment: every `LETHE_` variable, read once and complained about once."""

import base64
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, SecretStr, ValidationError

from bot.config.addresses import KEYGEN, bind, database, existing, graph, keys, on_loopback, public, redis
from bot.config.environment import PREFIX, Environment
from bot.config.faults import ConfigError, Fault, nearest

_PLACEHOLDER = re.compile(
    r"change[-_ ]?me|your[-_ ]|<.*>|\.\.\.|x{4,}|\btodo\b|placeholder|replace[-_ ]"
    r"|^(?:secret|password|token|example|none|null)$",
    re.IGNORECASE,
)


class SettingsError(ConfigError):
    """The environment is not fit to start with; `faults` lists everything that is missing or wrong."""


class Need(StrEnum):
    """Who asks for the settings: each process needs its own, `check` and `test` need none."""

    CHECK = "check"
    WEB = "web"
    WORKER = "worker"
    DEMO = "demo"


REQUIRED: Mapping[Need, tuple[str, ...]] = {
    Need.CHECK: (),
    Need.DEMO: (),
    Need.WEB: ("LETHE_MASTER_KEY", "LETHE_PEPPER", "LETHE_APP_SECRET", "LETHE_VERIFY_TOKEN"),
    Need.WORKER: ("LETHE_MASTER_KEY", "LETHE_PEPPER"),
}
_REMEDIES = {
    "LETHE_MASTER_KEY": KEYGEN,
    "LETHE_PEPPER": KEYGEN,
    "LETHE_APP_SECRET": "copy it from Meta's app dashboard: App settings, Basic, App secret",
    "LETHE_VERIFY_TOKEN": "invent one, and enter the same at Meta: WhatsApp, Configuration, Webhook",
}


Keys = Annotated[SecretStr, BeforeValidator(keys)]


class Settings(BaseModel):
    """The settings of a deployment; secrets show themselves only when asked by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    config_dir: Path = Path("templates_wa")
    data_dir: Path = Path("var")
    database_url: Annotated[SecretStr, BeforeValidator(database)] | None = None
    redis_url: Annotated[SecretStr, BeforeValidator(redis)] | None = None
    graph_url: Annotated[str, BeforeValidator(graph)] = "https://graph.facebook.com/v26.0"
    master_key: Keys | None = None
    pepper: Keys | None = None
    app_secret: SecretStr | None = None
    verify_token: SecretStr | None = None
    access_token: SecretStr | None = None
    phone_number_id: str | None = None
    waba_id: str | None = None
    web_bind: Annotated[str, BeforeValidator(bind)] = "127.0.0.1:8000"
    workers: int = Field(default=2, ge=1, le=64)
    public_url: Annotated[str, BeforeValidator(public)] | None = None
    console_password_hash: SecretStr | None = None
    session_key: SecretStr | None = None
    signing_key: SecretStr | None = None
    journal_dir: Path | None = None
    alert_urls: SecretStr | None = None
    ca_file: Annotated[Path, BeforeValidator(existing)] | None = None
    demo: bool = False

    _environment: Environment = PrivateAttr(default_factory=lambda: Environment({}))

    def __init__(self, environment: Environment, /, **values: Any) -> None:
        super().__init__(**values)
        self._environment = environment

    def variable(self, name: str) -> str | None:
        """Return a variable by name as it stands now: its file is read again, for a secret may have been replaced."""
        return self._environment.get(name)

    @property
    def database(self) -> str:
        """Return the address of the database, by default SQLite in the data folder."""
        return self.database_url.get_secret_value() if self.database_url else f"sqlite:///{self._data('lethe.db')}"

    @property
    def redis(self) -> str:
        """Return the address of Redis, by default the socket of the embedded Valkey in the data folder."""
        return self.redis_url.get_secret_value() if self.redis_url else f"unix://{self._data('valkey.sock')}"

    @property
    def public(self) -> str:
        """Return the address that links in messages begin with."""
        return self.public_url or f"http://{self.web_bind}"

    @property
    def journal(self) -> Path:
        """Return the folder of the privacy journal's file."""
        return self.journal_dir or self.data_dir

    @property
    def master_keys(self) -> tuple[bytes, ...]:
        """Return the master keys; the first is in use, the others still open what they sealed."""
        return _decoded(self.master_key)

    @property
    def peppers(self) -> tuple[bytes, ...]:
        """Return the peppers of the keyed hashes; the first is in use."""
        return _decoded(self.pepper)

    @property
    def app_secrets(self) -> tuple[str, ...]:
        """Return the app secrets as they stand now: two during a rotation."""
        return _listed(self.variable("LETHE_APP_SECRET") or "")

    @property
    def alerts(self) -> tuple[str, ...]:
        """Return the addresses that are told when something is wrong."""
        return _listed(self.alert_urls.get_secret_value() if self.alert_urls else "")

    def _data(self, name: str) -> Path:
        return self.data_dir.resolve() / name


def _decoded(keys: SecretStr | None) -> tuple[bytes, ...]:
    return tuple(map(base64.b64decode, _listed(keys.get_secret_value() if keys else "")))


def _listed(written: str) -> tuple[str, ...]:
    return tuple(part for each in written.split(",") if (part := each.strip()))


def load(
    need: Need,
    *,
    also: Iterable[str] = (),
    environ: Mapping[str, str] | None = None,
    dotenv: Path | None = Path(".env"),
) -> Settings:
    """Return the settings; `also` names the variables that the businesses' numbers need.

    SettingsError lists all that is missing, wrong or a placeholder.
    """
    environment = Environment(os.environ if environ is None else environ, dotenv)
    wanted = {f"{PREFIX}{name.upper()}": name for name in Settings.model_fields}
    required = frozenset((*REQUIRED[need], *(() if need is Need.CHECK else also)))
    faults = list(environment.faults(frozenset(wanted) | required))
    unread = {fault.key.removesuffix("_FILE") for fault in faults}
    values = {name: value for name in sorted(wanted.keys() | required) if (value := _get(environment, name))}
    faults += _missing(environment, required - values.keys() - unread)
    faults += [
        Fault(environment.source(name), name, "is a placeholder", _REMEDIES.get(name, "write the real value"))
        for name, value in values.items()
        if _PLACEHOLDER.search(value)
    ]
    settings = _validated(
        {wanted[name]: value for name, value in values.items() if name in wanted}, environment, faults
    )
    if settings is None or faults:
        raise SettingsError(faults)
    return settings


def _get(environment: Environment, name: str) -> str | None:
    try:
        return environment.get(name)
    except (OSError, UnicodeError):
        return None  # noted before, with its reason


def _missing(environment: Environment, names: Iterable[str]) -> Iterator[Fault]:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    strangers = environment.names() - known
    for name in sorted(names):
        close = nearest(name.removeprefix(PREFIX), [one.removeprefix(PREFIX) for one in strangers])
        remedy = _REMEDIES.get(name, "set it")
        if close.startswith("did you mean"):
            remedy = f"a variable of ours with another name is set: {close}"
        yield Fault("environment", name, "is missing", remedy)


def _validated(values: Mapping[str, str], environment: Environment, faults: list[Fault]) -> Settings | None:
    try:
        settings = Settings(environment, **values)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            name = f"{PREFIX}{str(one['loc'][0]).upper()}"
            right = str(one["ctx"]["error"]) if one["type"] == "value_error" else one["msg"]
            faults.append(Fault(environment.source(name), name, "cannot be read", right))
        return None
    if settings.demo and not on_loopback(settings.graph_url):
        wrong = f"demo mode would speak to {urlsplit(settings.graph_url).hostname}"
        faults.append(
            Fault(environment.source("LETHE_DEMO"), "LETHE_DEMO", wrong, "point LETHE_GRAPH_URL to 127.0.0.1")
        )
    return settings
