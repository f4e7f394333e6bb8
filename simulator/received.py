"""Media that people send: the bytes, and what a webhook says of them."""

import base64
import binascii
from typing import Any

from simulator.bubbles import MEDIA
from simulator.media import DAYS
from simulator.settings import Number
from simulator.state import State

Json = dict[str, Any]

# The smallest file of each kind that a viewer opens (an Ogg or an MP4 without a second of anything is only a head).
_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
_WEBP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
_SAMPLES: dict[str, tuple[str, bytes]] = {
    "image": ("image/png", base64.b64decode(_PNG)),
    "sticker": ("image/webp", base64.b64decode(_WEBP)),
    "audio": ("audio/ogg; codecs=opus", b"OggS\0\2" + bytes(22)),
    "video": ("video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"),
    "document": ("text/plain", b"A note.\n"),
}


def filled(state: State, number: Number, kind: str, content: Any) -> Any:
    """Return the content of an inbound message; media without an id are put on the shelf first."""
    if kind not in MEDIA or not isinstance(content, dict) or "id" in content:
        return content
    mime_type, data = _SAMPLES[kind]
    if "data" in content:
        data = _decoded(content["data"])
    now = state.clock.now()
    mime_type = str(content.get("mime_type", mime_type))
    media = state.media.put(data, mime_type, number.id, expires=now + DAYS["received"])
    kept = {key: value for key, value in content.items() if key not in ("data", "mime_type")}
    more = {"audio": {"voice": True}, "sticker": {"animated": False}}.get(kind, {})
    return {**more, **kept, **media.inbound(state.media.url(state.url, media, now))}


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise ValueError("data must be base64") from None
