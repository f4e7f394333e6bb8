"""The shapes of webhooks: pure functions from what happened to what Meta posts."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simulator.people import Person
from simulator.settings import Number

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One change that Meta tells: a field and its value; updates of one lane go in order."""

    waba: str
    field: str
    value: Json
    lane: str
    at: int

    @property
    def kind(self) -> str:
        """Return messages, statuses, or the field's name."""
        return next((kind for kind in ("messages", "statuses") if kind in self.value), self.field)


def sign(body: bytes, secret: str) -> str:
    """Return the value of X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def dump(value: Any) -> bytes:
    """Write JSON as Meta does: escaped unicode, escaped slashes."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()


def envelope(updates: Iterable[Update]) -> Json:
    """Return one webhook body that tells all the updates, an entry for each account."""
    entries: dict[str, Json] = {}
    for update in updates:
        entry = entries.setdefault(update.waba, {"id": update.waba, "changes": []})
        if update.field != "messages":
            entry["time"] = update.at
        if not _joined(entry["changes"], update):
            entry["changes"].append({"value": dict(update.value), "field": update.field})
    return {"object": "whatsapp_business_account", "entry": list(entries.values())}


def _joined(changes: list[Json], update: Update) -> bool:
    """Put the update into the last change if that is of its kind and number."""
    last = changes[-1] if changes else None
    if update.kind not in ("messages", "statuses") or last is None or update.kind not in last["value"]:
        return False
    value: Json = last["value"]
    # A value without contacts tells something by their absence (system events, failed statuses).
    if value["metadata"] != update.value["metadata"] or ("contacts" in value) != ("contacts" in update.value):
        return False
    value[update.kind] = [*value[update.kind], *update.value[update.kind]]
    if "contacts" in value:
        new = [contact for contact in update.value["contacts"] if contact not in value["contacts"]]
        value["contacts"] = [*value["contacts"], *new]
    return True


def value(number: Number) -> Json:
    """Return what every value of a business number starts with."""
    metadata = {"display_phone_number": number.phone, "phone_number_id": number.id}
    return {"messaging_product": "whatsapp", "metadata": metadata}


def contact(person: Person, *, with_phone: bool) -> Json:
    """Return an element of `contacts`; keys that Meta does not know are left out, not empty."""
    profile = {"name": person.name, **given(username=person.username)}
    phone = person.phone if with_phone else None
    parent = person.parent_user_id
    return {"profile": profile, **given(wa_id=phone, user_id=person.user_id, parent_user_id=parent)}


def sender(person: Person, *, with_phone: bool) -> Json:
    """Return the keys that tell who sent a message."""
    phone = person.phone if with_phone else None
    ids: Json = {"from": phone, "from_user_id": person.user_id, "from_parent_user_id": person.parent_user_id}
    return given(**ids)


def recipient(person: Person, *, with_phone: bool, with_user_id: bool = True) -> Json:
    """Return the keys that tell whom a status is about."""
    phone = person.phone if with_phone else None
    user_id, parent = (person.user_id, person.parent_user_id) if with_user_id else (None, None)
    return given(recipient_id=phone, recipient_user_id=user_id, recipient_parent_user_id=parent)


def given(**facts: Any) -> Json:
    """Return the facts that are there."""
    return {name: fact for name, fact in facts.items() if fact is not None}
