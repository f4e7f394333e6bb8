"""What goes out: replies, made of phrases; the words are chosen later, once, by language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.conversation.words import Purpose, Store


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence by its key, with the values it needs (`{name}` in the sentence)."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to tap: a button or a list row. `id` comes back in the event (`choice`)."""

    id: str
    title: Phrase
    description: Phrase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """A text, with choices if there are any: up to 3 become buttons, more a list (`menu` labels its button)."""

    text: Phrase
    choices: tuple[Choice, ...] = ()
    menu: Phrase | None = None
    footer: Phrase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMedia:
    """A picture, video, sound, document or sticker by link (https)."""

    kind: Literal["image", "video", "audio", "document", "sticker"]
    link: str
    caption: Phrase | None = None
    filename: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPlace:
    """A location, in degrees."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCard:
    """A contact card of the business."""

    name: str
    phone: str
    organisation: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLink:
    """A text with one button that opens a page (https)."""

    text: Phrase
    title: Phrase
    url: str


Message = Say | SendMedia | SendPlace | SendCard | SendLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A WhatsApp message template by name; `values` by parameter name ("1", "2" for positional ones)."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One message to the contact.

    `message` goes inside the service window, `outside` when it is closed; a reply with neither possible is refused
    with its reason. `rule` says which rule spoke (`rule.hours`, `privacy.stop`).
    """

    message: Message
    rule: str
    purpose: Purpose = Purpose.REPLY
    outside: Template | None = None
    store: Store = Store.KEEP
