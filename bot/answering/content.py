"""What of an event is sealed in its row, and back."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from bot.conversation.events import Event, Kind, Media, Place, Referral
from bot.wire.payload import Identity

PARTS: dict[str, type] = {"media": Media, "place": Place, "referral": Referral}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An event as it is kept: with its wamid, and, for somebody of whom nothing is kept, with who wrote it."""

    event: Event
    wamid: str
    sender: Identity | None = None


def packed(content: Content) -> dict[str, Any]:
    """Return the content as JSON values; what is empty is left out."""
    event = content.event
    said = {name: getattr(event, name) for name in ("text", "choice", "value", "forwarded", "quoted")}
    parts = {name: part and _fields(part) for name in PARTS if (part := getattr(event, name))}
    sender = {"sender": _fields(content.sender)} if content.sender else {}
    return {name: value for name, value in said.items() if value} | parts | sender | {"wamid": content.wamid}


def unpacked(body: dict[str, Any], *, kind: str, at: datetime) -> Content:
    """Return the content of a row; kind and moment stand in columns of their own."""
    said = {name: body[name] for name in ("text", "choice", "value", "forwarded", "quoted") if name in body}
    parts = {name: made(**body[name]) for name, made in PARTS.items() if name in body}
    sender = Identity(**body["sender"]) if "sender" in body else None
    return Content(event=Event(kind=Kind(kind), at=at, **said, **parts), wamid=body["wamid"], sender=sender)


def _fields(value: Any) -> dict[str, Any]:
    return {each.name: got for each in fields(value) if (got := getattr(value, each.name))}


def bound(ref: str) -> str:
    """Return what the sealed body of an event is bound to."""
    return f"inbound_events.body.{ref}"
