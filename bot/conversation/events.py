"""What a person did, as a handler sees it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of events (Meta, webhook message types); `TAP` is a button, a list row or a quick reply."""

    TEXT = "text"
    TAP = "tap"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    REACTION = "reaction"
    ORDER = "order"
    FLOW = "flow"
    WELCOME = "welcome"
    EDIT = "edit"
    REVOKE = "revoke"
    PREFERENCE = "preference"
    IDENTITY = "identity"
    ECHO = "echo"
    CALL = "call"
    UNSUPPORTED = "unsupported"


WINDOW_OPENERS = frozenset(Kind) - {
    Kind.REACTION, Kind.EDIT, Kind.REVOKE, Kind.PREFERENCE, Kind.IDENTITY, Kind.ECHO, Kind.UNSUPPORTED,
}  # fmt: skip
"""Events that open the service window (Meta, customer service window). A reaction is not stated, so it does not."""

MEDIA = frozenset({Kind.IMAGE, Kind.VIDEO, Kind.AUDIO, Kind.DOCUMENT, Kind.STICKER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file that a person sent: Meta's id for it (good for 7 days), MIME type and name."""

    id: str
    mime_type: str = ""
    filename: str = ""
    voice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A location that a person sent, in degrees."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """The advertisement or post through which a person came."""

    source_type: str = ""
    source_id: str = ""
    headline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing a person did.

    `text` is the body, the caption, or the title of what was tapped; `choice` the id behind a tap; `at` Meta's
    timestamp (UTC), never later than our clock. `value` holds the one word of a kind that has just one: the emoji
    of a reaction, `stop`, `resume` or `signup` of a preference, the type of what is unsupported.
    """

    kind: Kind
    at: datetime
    text: str = ""
    choice: str = ""
    value: str = ""
    forwarded: bool = False
    quoted: bool = False
    media: Media | None = None
    place: Place | None = None
    referral: Referral | None = None
