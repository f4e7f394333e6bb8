"""What a person in a rehearsal does, as the webhook by which Meta would tell it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from bot.conversation.events import Kind
from bot.doors.stand_ins import Bubble
from bot.store.vault import random_id

Json = dict[str, Any]

MEDIA_TYPES = {
    Kind.IMAGE: "image/jpeg",
    Kind.VIDEO: "video/mp4",
    Kind.AUDIO: "audio/ogg",
    Kind.DOCUMENT: "application/pdf",
    Kind.STICKER: "image/webp",
}
CAPTIONED = frozenset({Kind.IMAGE, Kind.VIDEO, Kind.DOCUMENT})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes; the same name is always the same person."""

    name: str

    @property
    def phone(self) -> str:
        """Return a number that belongs to nobody (Meta's own examples use this range)."""
        return f"1555{int(self._digest()[:10], 16) % 10**7:07}"

    @property
    def user_id(self) -> str:
        """Return a business-scoped user id."""
        return f"IN.{self._digest()[:20]}"

    def _digest(self) -> str:
        return hashlib.sha256(self.name.casefold().encode()).hexdigest()


def text(body: str) -> Json:
    """Return a text message."""
    return {"type": "text", "text": {"body": body}}


def tap(bubble: Bubble, choice: tuple[str, str]) -> Json:
    """Return a tap on a button or a row."""
    kind = "button_reply" if "buttons" in bubble.request["interactive"]["action"] else "list_reply"
    reply = {"type": kind, kind: {"id": choice[0], "title": choice[1]}}
    return {"type": "interactive", "interactive": reply, "context": {"id": bubble.wamid}}


def sent(kind: Kind, caption: str, last: Bubble | None) -> Json:
    """Return a picture, a place, a card or a reaction."""
    match kind:
        case Kind.LOCATION:
            return {"type": kind, kind.value: {"latitude": 23.03, "longitude": 72.58, "name": caption}}
        case Kind.CONTACTS:
            name = caption or "Somebody"
            return {"type": kind, kind.value: [{"name": {"formatted_name": name, "first_name": name}}]}
        case Kind.REACTION:
            return {
                "type": kind,
                kind.value: {"message_id": last.wamid if last else "wamid.0", "emoji": caption or "👍"},
            }
    content: Json = {"id": random_id(), "mime_type": MEDIA_TYPES[kind], "sha256": random_id()}
    return {"type": kind, kind.value: content | ({"caption": caption} if caption and kind in CAPTIONED else {})}


def message(person: Person, number_id: str, content: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the webhook that tells of a message."""
    contacts = [{"profile": {"name": person.name}, "wa_id": person.phone, "user_id": person.user_id}]
    said = {
        "from": person.phone,
        "from_user_id": person.user_id,
        "id": f"wamid.{random_id()}",
        "timestamp": str(int(at.timestamp())),
        **content,
    }
    return _webhook(number_id, {"contacts": contacts, "messages": [said]})


def receipts(bubble: Bubble, *, at: datetime) -> bytes:
    """Return the webhook that tells how a message of ours fared: it was read."""
    moment = str(int(at.timestamp()))
    ids = {"id": bubble.wamid, "recipient_id": bubble.to, "biz_opaque_callback_data": bubble.ref}
    return _webhook(
        bubble.number_id,
        {"statuses": [{**ids, "status": each, "timestamp": moment} for each in ("sent", "delivered", "read")]},
    )


def _webhook(number_id: str, value: Json) -> bytes:
    metadata = {"display_phone_number": "15550000000", "phone_number_id": number_id}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return orjson.dumps({"object": "whatsapp_business_account", "entry": [{"id": "0", "changes": [change]}]})
