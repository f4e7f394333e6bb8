"""The way through a webhook: entries, changes, messages and statuses, each on its own."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import orjson

from bot.wire.payload.arrivals import Skip, Source, echo, message, preference, user_id_update
from bot.wire.payload.news import ACCOUNT_FIELDS, TEMPLATE_FIELDS, account_news, fault_news, template_news
from bot.wire.payload.people import Contacts
from bot.wire.payload.receipts import receipt
from bot.wire.payload.scalars import Json, ident, part, text, when
from bot.wire.payload.values import AccountNews, Arrival, Reading, Receipt, TemplateNews

# Nothing below raises on any JSON. Should it ever, one odd item must not cost the other 999 of the POST.
_FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

_UNREAD = {"calls": "calls", "history": "history", "smb_app_state_sync": "app_state"}

T = TypeVar("T")


def read(raw: bytes, *, now: datetime) -> Reading:
    """Return all that the webhook says. Never raises: what cannot be read is counted under `skipped`."""
    gathering = _Gathering(now)
    body = _parse(raw)
    if body is None:
        gathering.skipped["unreadable"] += 1
    elif body.get("object") != "whatsapp_business_account":
        gathering.skipped["object"] += 1
    else:
        gathering.each(body.get("entry"), gathering.entry)
    return gathering.reading()


def _parse(raw: bytes) -> Json | None:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        body = _parse_leniently(raw)
    return body if isinstance(body, dict) else None


def _parse_leniently(raw: bytes) -> object:
    """Parse what is against the letter of JSON yet sent: half of a surrogate pair, where a text was cut."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


@dataclass(slots=True)
class _Gathering:
    now: datetime
    arrivals: list[Arrival] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    templates: list[TemplateNews] = field(default_factory=list)
    accounts: list[AccountNews] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def reading(self) -> Reading:
        return Reading(
            arrivals=tuple(self.arrivals),
            receipts=tuple(self.receipts),
            templates=tuple(self.templates),
            accounts=tuple(self.accounts),
            skipped=self.skipped,
        )

    def each(self, items: object, take: Callable[[Json], None]) -> None:
        """Take every object of a list on its own, and count the rest."""
        if not isinstance(items, list):
            items = [] if items is None else [items]
        for item in items:
            try:
                if isinstance(item, dict):
                    take(item)
                else:
                    self.skip("malformed")
            except _FAULTS:
                self.skip("fault")

    def skip(self, reason: str) -> None:
        self.skipped[reason] += 1

    def entry(self, entry: Json) -> None:
        at, waba_id = when(entry.get("time"), self.now), ident(entry.get("id"))
        self.each(entry.get("changes"), lambda change: self.change(change, waba_id, at))

    def change(self, change: Json, waba_id: str, at: datetime) -> None:
        value = part(change.get("value"))
        match change.get("field"):
            case "messages" | "user_preferences" | "user_id_update" | "smb_message_echoes":
                self.people(value, waba_id, at)
            case str(name) if name in TEMPLATE_FIELDS:
                self.templates.append(template_news(name, value, waba_id, at))
            case str(name) if name in ACCOUNT_FIELDS:
                self.accounts.append(account_news(name, value, waba_id, at))
            case str(name):
                self.skip(_UNREAD.get(name) or ("group" if name.startswith("group_") else "field"))
            case _:
                self.skip("field")

    def people(self, value: Json, waba_id: str, at: datetime) -> None:
        metadata = part(value.get("metadata"))
        source = Source(ident(metadata.get("phone_number_id")), Contacts(value), self.now)
        shown = text(metadata.get("display_phone_number"), 32)
        for name, reader in _READERS.items():
            if name in value:
                self.each(value[name], _taker(reader, source, self.arrivals, self.skip))
        if "statuses" in value:
            self.each(value["statuses"], _taker(receipt, source, self.receipts, self.skip))
        if "errors" in value:
            self.each(value["errors"], lambda found: self.accounts.append(fault_news(found, shown, waba_id, at)))


def _taker(
    read_one: Callable[[Json, Source], T | Skip], source: Source, into: list[T], skip: Callable[[Skip], None]
) -> Callable[[Json], None]:
    """Return what reads an object and keeps what comes of it."""

    def take(found: Json) -> None:
        made = read_one(found, source)
        if isinstance(made, str):
            skip(made)
        else:
            into.append(made)

    return take


_READERS: dict[str, Callable[[Json, Source], Arrival | Skip]] = {
    "messages": message,
    "message_echoes": echo,
    "user_preferences": preference,
    "user_id_update": user_id_update,
}
