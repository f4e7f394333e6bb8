"""What people did: messages, taps, changes of identity, WhatsApp's own marketing switch, echoes."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.conversation.events import Event, Kind
from bot.wire.payload.people import Contacts, Identity
from bot.wire.payload.said import Said, referral, said
from bot.wire.payload.scalars import Json, ident, part, phone, text, when, word
from bot.wire.payload.values import Arrival

Skip = str
"""Why nothing is made of it."""

_BSUID = re.compile(r"\b[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}\b")
_NUMBER_CHANGES = {"user_changed_number", "customer_changed_number"}
_ID_CHANGES = {"user_changed_user_id"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a change was found: the business number, the contacts beside it, and our clock."""

    number_id: str
    contacts: Contacts
    now: datetime


def message(found: Json, source: Source) -> Arrival | Skip:
    """Read one of `messages`."""
    if found.get("group_id"):
        return "group"
    sender = source.contacts.identify(found.get("from"), found.get("from_user_id"), found.get("from_parent_user_id"))
    if found.get("type") == "system" and (changed := _system(found, sender)):
        old, new, what = changed
        return _arrival(found, source, new, _event(found, source, Said(Kind.IDENTITY, value=what)), old=old)
    says = said(found)
    return _arrival(found, source, sender, _event(found, source, says), target=says.target)


def echo(found: Json, source: Source) -> Arrival | Skip:
    """Read one of `message_echoes`: a person of the business wrote from the telephone. What she wrote is not kept."""
    if found.get("group_id"):
        return "group"
    says = said(found)
    event = Event(kind=Kind.ECHO, at=when(found.get("timestamp"), source.now), value=word(found.get("type")))
    sender = source.contacts.identify(found.get("to"), found.get("to_user_id"), found.get("to_parent_user_id"))
    return _arrival(found, source, sender, event, target=says.target)


def preference(found: Json, source: Source) -> Arrival | Skip:
    """Read one of `user_preferences`, WhatsApp's own switch for offers and announcements."""
    value, category = word(found.get("value")).lower(), word(found.get("category"))
    # A wish to stop something that we do not know stops the marketing; nothing else may be guessed.
    if value not in {"stop", "resume", "signup"} or (category != "marketing_messages" and value != "stop"):
        return "preference"
    sender = source.contacts.identify(found.get("wa_id"), found.get("user_id"), found.get("parent_user_id"))
    at = when(found.get("timestamp"), source.now)
    event = Event(kind=Kind.PREFERENCE, at=at, value=value, choice=ident(found.get("signup_id")))
    key = _key("preference", sender, category, value, found.get("timestamp"))
    return _arrival({}, source, sender, event, dedupe=key)


def user_id_update(found: Json, source: Source) -> Arrival | Skip:
    """Read one of `user_id_update`: the same person under a new BSUID."""
    ids, parents = part(found.get("user_id")), part(found.get("parent_user_id"))
    new = source.contacts.identify(found.get("wa_id"), ids.get("current"), parents.get("current"))
    old = Identity(bsuid=ident(ids.get("previous")) or None, parent_bsuid=ident(parents.get("previous")) or None)
    if not old.known:
        return "no_sender"
    event = Event(kind=Kind.IDENTITY, at=when(found.get("timestamp"), source.now), value="user_id")
    key = _key("user_id", new, old.bsuid or "", old.parent_bsuid or "", found.get("timestamp"))
    return _arrival({}, source, new, event, old=old, dedupe=key)


def _system(found: Json, sender: Identity) -> tuple[Identity, Identity, str] | None:
    """Return who it was, who it is, and what changed: the number or the user id."""
    system = part(found.get("system"))
    kind = system.get("type")
    number = phone(system.get("wa_id")) or phone(system.get("new_wa_id"))
    bsuid, parent = ident(system.get("user_id")) or None, ident(system.get("parent_user_id")) or None
    new = Identity(phone=number, bsuid=bsuid, parent_bsuid=parent)
    if kind in _NUMBER_CHANGES and number and sender.known:
        return sender, new, "number"
    if kind in _ID_CHANGES and bsuid:
        old = sender.bsuid if sender.bsuid != bsuid else None
        old = old or _other_bsuid(text(system.get("body")), bsuid)
        was = Identity(phone=sender.phone, bsuid=old, parent_bsuid=sender.parent_bsuid)
        return (was, new, "user_id") if was.known else None
    return None


def _other_bsuid(body: str, new: str) -> str | None:
    """Return the BSUID that the sentence names beside the new one: Meta tells the old one nowhere else."""
    return next((each for each in _BSUID.findall(body) if each != new), None)


def _event(found: Json, source: Source, says: Said) -> Event:
    context = part(found.get("context"))
    return Event(
        kind=says.kind,
        at=when(found.get("timestamp"), source.now),
        text=says.text,
        choice=says.choice,
        value=says.value,
        forwarded=context.get("forwarded") is True or context.get("frequently_forwarded") is True,
        quoted=bool(context.get("id")),
        media=says.media,
        place=says.place,
        referral=referral(found) if "referral" in found else None,
    )


def _key(kind: str, sender: Identity, *parts: object) -> str:
    who = sender.bsuid or sender.parent_bsuid or sender.phone or ""
    return "|".join([kind, who, *(ident(each) for each in parts)])


def _arrival(  # noqa: PLR0913
    found: Json,
    source: Source,
    sender: Identity,
    event: Event,
    *,
    old: Identity | None = None,
    target: str = "",
    dedupe: str = "",
) -> Arrival | Skip:
    wamid = ident(found.get("id"))
    if not source.number_id:
        return "no_number"
    if not wamid and not dedupe:
        return "no_id"
    if not sender.known:
        return "no_sender"
    return Arrival(
        number_id=source.number_id,
        wamid=wamid,
        sender=sender,
        event=event,
        old=old,
        target=target,
        dedupe=dedupe,
    )
