"""Media that was uploaded or that people sent: bytes on a shelf, for a while."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from simulator.chats import DAY
from simulator.errors import GraphError, invalid

Json = dict[str, Any]

URL_SECONDS = 300.0
UPLOADED_DAYS, RECEIVED_DAYS = 30, 7
_ROOM_BYTES = 256 * 1024 * 1024
_MB = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument."

# MIME type -> (kind, most bytes)
TYPES: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), ("audio", 16 * _MB)),
    **dict.fromkeys(("image/jpeg", "image/png"), ("image", 5 * _MB)),
    **dict.fromkeys(("video/mp4", "video/3gpp"), ("video", 16 * _MB)),
    "image/webp": ("sticker", 500 * 1024),
    **dict.fromkeys(
        (
            "text/plain",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            _OFFICE + "wordprocessingml.document",
            _OFFICE + "spreadsheetml.sheet",
            _OFFICE + "presentationml.presentation",
        ),
        ("document", 100 * _MB),
    ),
}


@dataclass(slots=True, kw_only=True)
class Media:
    """One file at Meta."""

    id: str
    mime_type: str
    data: bytes
    expires: float
    number: str

    @property
    def sha256(self) -> bytes:
        """Return the digest of the file."""
        return hashlib.sha256(self.data).digest()

    def node(self, url: str) -> Json:
        """Return what GET /<media id> says."""
        facts: Json = {"messaging_product": "whatsapp", "url": url, "mime_type": self.mime_type}
        return {**facts, "sha256": self.sha256.hex(), "file_size": str(len(self.data)), "id": self.id}

    def inbound(self, url: str) -> Json:
        """Return what a webhook says of it; here the digest is base64."""
        digest = base64.b64encode(self.sha256).decode()
        return {"id": self.id, "mime_type": self.mime_type, "sha256": digest, "url": url}


class Shelf:
    """All media by id, and the addresses that open them for five minutes."""

    def __init__(self) -> None:
        self._media: dict[str, Media] = {}
        self._urls: dict[str, tuple[str, float]] = {}

    def put(self, data: bytes, mime_type: str, number: str, *, expires: float) -> Media:
        """Keep a file; the oldest files go when the room is used up."""
        media = Media(id=str(secrets.randbelow(9 * 10**15) + 10**15), mime_type=mime_type, data=data,
                      expires=expires, number=number)  # fmt: skip
        self._media[media.id] = media
        while sum(len(kept.data) for kept in self._media.values()) > _ROOM_BYTES:
            del self._media[next(iter(self._media))]
        return media

    def get(self, media_id: str, now: float) -> Media | None:
        """Return a file that is still there."""
        media = self._media.get(media_id)
        return media if media and now < media.expires else None

    def remove(self, media_id: str) -> bool:
        """Delete a file; False if there was none."""
        return self._media.pop(media_id, None) is not None

    def url(self, base: str, media: Media, now: float) -> str:
        """Return an address of the file that works for five minutes."""
        self._urls = {key: place for key, place in self._urls.items() if place[1] > now}
        key = secrets.token_urlsafe(24)
        self._urls[key] = media.id, now + URL_SECONDS
        return f"{base}/whatsapp_business/attachments/?mid={media.id}&ext={int(now + URL_SECONDS)}&hash={key}"

    def opened(self, key: str, now: float) -> Media | None:
        """Return the file of an address, if it has not run out."""
        media_id, until = self._urls.get(key, ("", 0.0))
        return self.get(media_id, now) if now < until else None

    def clear(self) -> None:
        """Throw everything away."""
        self._media.clear()
        self._urls.clear()


def check(data: bytes, mime_type: str) -> None:
    """Raise unless Meta takes a file of this type and size."""
    plain = mime_type.partition(";")[0].strip().lower()
    if plain not in TYPES:
        raise invalid(
            "Param file must be a file with one of the following types: "
            + ", ".join(sorted(TYPES))
            + f". Received file of type '{mime_type or 'application/octet-stream'}'."
        )
    kind, most = TYPES[plain]
    if not data:
        raise invalid("Param file must not be empty.")
    if len(data) > most:
        raise GraphError(
            131053, f"Media file size too big. Max file size we currently support for {kind}: {most} bytes"
        )


DAYS = {"uploaded": UPLOADED_DAYS * DAY, "received": RECEIVED_DAYS * DAY}
