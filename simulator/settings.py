"""How a simulator is set up: values only."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

STATUSES = ("sent", "delivered", "read")


class SettingsError(ValueError):
    """A setting cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A business phone number and the account (WABA) it belongs to."""

    id: str
    phone: str
    waba: str
    name: str

    @classmethod
    def parse(cls, text: str) -> "Number":
        """Read `<phone number id>:<phone>:<WABA id>[:<display name>]`."""
        name, phone, waba, shown = (*text.split(":", 3), "", "", "")[:4]
        if not (name and digits(phone) and waba):
            raise SettingsError(f"--number {text!r}: expected <id>:<phone>:<WABA id>[:<display name>]")
        return cls(id=name, phone=digits(phone), waba=waba, name=shown or "Sunrise Bakery")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a simulator is told when it starts."""

    webhook: str
    app_secret: str
    verify_token: str
    access_tokens: tuple[str, ...]
    numbers: tuple[Number, ...]
    bind: str = "127.0.0.1:0"
    bot: str | None = None
    templates: tuple[Path, ...] = ()
    latency: float = 0.0
    receipts: tuple[str, ...] = STATUSES
    receipt_delay: float = 0.03
    language_people: bool = False
    throughput: int = 80
    pair_seconds: float = 6.0
    pair_burst: int = 45
    batch: int = 20
    workers: int = 8
    webhook_timeout: float = 10.0
    review_delay: float = 0.2
    log_room: int = 20_000

    def __post_init__(self) -> None:
        """Refuse what would leave this machine or cannot work."""
        only_loopback("--bind", f"http://{self.bind}")
        only_loopback("--webhook", self.webhook)
        if self.bot is not None:
            only_loopback("--bot", self.bot)
        if not (self.app_secret and self.verify_token and all(self.access_tokens) and self.access_tokens):
            raise SettingsError("the app secret, the verify token and the access token must not be empty")
        if not self.numbers:
            raise SettingsError("at least one --number is needed")
        if unknown := set(self.receipts) - set(STATUSES):
            raise SettingsError(f"--receipts: {', '.join(sorted(unknown))} is none of {', '.join(STATUSES)}")

    @property
    def bot_url(self) -> str:
        """Return where the bot answers: as told, else where its webhook is."""
        parts = urlsplit(self.webhook)
        return (self.bot or f"{parts.scheme}://{parts.netloc}").rstrip("/")


def only_loopback(option: str, url: str) -> None:
    """Raise unless the address is plain HTTP on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
        raise SettingsError(f"{option} {url!r}: the simulator speaks plain HTTP on loopback only")


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def digits(phone: str) -> str:
    """Return a phone number as its digits alone."""
    return "".join(sign for sign in phone if sign in "0123456789")


def numbers_from(texts: Sequence[str]) -> tuple[Number, ...]:
    """Read all numbers; two with one id are refused."""
    numbers = tuple(Number.parse(text) for text in texts)
    if len({number.id for number in numbers}) != len(numbers):
        raise SettingsError("--number: two numbers have the same id")
    return numbers
