"""What one message says, by its type."""

from collections.abc import Callable
from typing import NamedTuple

from bot.conversation.events import Kind, Media, Place, Referral
from bot.wire.payload.scalars import LONGEST_TEXT, Json, degrees, ident, part, parts, text, word

_LONGEST_CHOICE = 256


class Said(NamedTuple):
    """The part of an event that depends on its type; `target` is the wamid it is about."""

    kind: Kind
    text: str = ""
    choice: str = ""
    value: str = ""
    media: Media | None = None
    place: Place | None = None
    target: str = ""


def said(message: Json) -> Said:
    """Return what the message says; what is unknown, or lacks what its type promises, is unsupported."""
    kind = message.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    return (reader(message) if reader else None) or Said(Kind.UNSUPPORTED, value=word(kind))


def referral(message: Json) -> Referral | None:
    """Return the advertisement or post that the person came through."""
    found = part(message.get("referral"))
    if not found:
        return None
    return Referral(
        source_type=word(found.get("source_type")),
        source_id=ident(found.get("source_id")),
        headline=text(found.get("headline")),
    )


def _text(message: Json) -> Said | None:
    body = part(message.get("text")).get("body")
    return Said(Kind.TEXT, text(body, LONGEST_TEXT)) if isinstance(body, str) else None


def _media(kind: Kind) -> Callable[[Json], Said | None]:
    def read(message: Json) -> Said | None:
        file = part(message.get(kind))
        media = Media(
            id=ident(file.get("id")),
            mime_type=text(file.get("mime_type"), 128),
            filename=text(file.get("filename"), 255),
            voice=file.get("voice") is True,
        )
        return Said(kind, text(file.get("caption"), LONGEST_TEXT), media=media) if media.id else None

    return read


def _location(message: Json) -> Said | None:
    place = part(message.get("location"))
    latitude, longitude = degrees(place.get("latitude"), 90), degrees(place.get("longitude"), 180)
    if latitude is None or longitude is None:
        return None
    name, address = text(place.get("name")), text(place.get("address"))
    return Said(Kind.LOCATION, place=Place(latitude=latitude, longitude=longitude, name=name, address=address))


def _contacts(message: Json) -> Said:
    # The cards are other people's data, so only where they come from is read.
    cards = parts(message.get("contacts"))
    origin = message.get("origin") or (cards[0].get("origin") if cards else None)
    return Said(Kind.CONTACTS, value=word(origin))


def _interactive(message: Json) -> Said | None:
    interactive = part(message.get("interactive"))
    match interactive.get("type"):
        case "button_reply" | "list_reply" as kind:
            tapped = part(interactive.get(kind))
            return _tap(tapped.get("id"), tapped.get("title"))
        case "nfm_reply":
            answer = part(interactive.get("nfm_reply"))
            return Said(Kind.FLOW, text(answer.get("response_json"), LONGEST_TEXT), value=word(answer.get("name")))
        case other:
            return Said(Kind.UNSUPPORTED, value=word(other) or "interactive")


def _button(message: Json) -> Said | None:
    button = part(message.get("button"))
    return _tap(button.get("payload"), button.get("text"))


def _tap(choice: object, title: object) -> Said | None:
    chosen, label = text(choice, _LONGEST_CHOICE), text(title)
    # Meta sends the label as payload where none was given; some senders leave one of both out.
    return Said(Kind.TAP, label or chosen, chosen or label) if chosen or label else None


def _reaction(message: Json) -> Said | None:
    reaction = part(message.get("reaction"))
    target = ident(reaction.get("message_id"))
    return Said(Kind.REACTION, value=text(reaction.get("emoji"), 64), target=target) if target else None


def _order(message: Json) -> Said:
    return Said(Kind.ORDER, text(part(message.get("order")).get("text"), LONGEST_TEXT))


def _welcome(_message: Json) -> Said:
    return Said(Kind.WELCOME)


def _edit(message: Json) -> Said | None:
    edit = part(message.get("edit"))
    new = part(edit.get("message"))
    target = ident(edit.get("original_message_id"))
    if not target or new.get("type") == "edit":
        return None
    now_says = said(new)
    return Said(Kind.EDIT, now_says.text, media=now_says.media, target=target)


def _revoke(message: Json) -> Said | None:
    target = ident(part(message.get("revoke")).get("original_message_id"))
    return Said(Kind.REVOKE, target=target) if target else None


def _unsupported(message: Json) -> Said:
    return Said(Kind.UNSUPPORTED, value=word(part(message.get("unsupported")).get("type")) or "unsupported")


_READERS: dict[str, Callable[[Json], Said | None]] = {
    "text": _text,
    "image": _media(Kind.IMAGE),
    "video": _media(Kind.VIDEO),
    "audio": _media(Kind.AUDIO),
    "document": _media(Kind.DOCUMENT),
    "sticker": _media(Kind.STICKER),
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "order": _order,
    "request_welcome": _welcome,
    "edit": _edit,
    "revoke": _revoke,
    "unsupported": _unsupported,
    "unknown": _unsupported,
}
