"""What goes out, as JSON of the Cloud API."""

from collections.abc import Callable
from typing import Any, Literal, assert_never

from bot.conversation.replies import Choice, Message, Phrase, Say, SendCard, SendLink, SendMedia, SendPlace
from bot.wire.binding import Fault, TemplateDefinition, bind
from bot.wire.graphemes import cut

__all__ = ["Fault", "TemplateDefinition", "bind", "body", "message", "read_mark", "uploaded"]

Json = dict[str, Any]
Words = Callable[[Phrase], str]

_TEXT = 4096
_BODY = 1024
_CAPTION = 1024
_FOOTER = 60
_BUTTONS = 3
_BUTTON_TITLE = 20
_ROWS = 10
_ROW_TITLE = 24
_ROW_DESCRIPTION = 72
_MENU = "☰"
"""On the button of a list that names none."""
_FILENAME = 240


def body(message: Message, say: Words) -> Json:
    """Return `type` and its object for one message, in the words that `say` finds."""
    match message:
        case Say(choices=()):
            return _text(message, say)
        case Say():
            return _interactive(message, say)
        case SendMedia():
            caption = say(message.caption) if message.caption else ""
            return _media(message.kind, {"link": message.link}, filename=message.filename, caption=caption)
        case SendPlace():
            return _place(message)
        case SendCard():
            return _card(message)
        case SendLink():
            return _link(message, say)
        case _:
            assert_never(message)


def uploaded(media_id: str, *, filename: str, caption: str = "") -> Json:
    """Return a document that was uploaded to Meta before."""
    return _media("document", {"id": media_id}, filename=filename, caption=caption)


def message(body: Json, *, phone: str | None, bsuid: str | None, ref: str) -> Json:
    """Return the whole request. A number is preferred: some templates cannot go to a user id.

    `ref` comes back with every receipt; it is a random id, as all apps of the account can read it.
    """
    if phone:
        # Without the plus Meta may take the number for one of the business's own country.
        recipient = {"to": f"+{phone}"}
    elif bsuid:
        recipient = {"recipient": bsuid}
    else:
        raise ValueError("a message needs a recipient")
    mark = {"biz_opaque_callback_data": ref} if ref else {}
    return {"messaging_product": "whatsapp", "recipient_type": "individual", **recipient, **body, **mark}


def read_mark(wamid: str, *, typing: bool = False) -> Json:
    """Return the request that marks a message read, and shows that an answer is being written."""
    mark: Json = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    return {**mark, "typing_indicator": {"type": "text"}} if typing else mark


def _text(message: Say, say: Words) -> Json:
    text = say(message.text)
    if message.footer:
        # A plain text has no footer of its own.
        text = f"{text}\n\n{say(message.footer)}"
    preview = "https://" in text or "http://" in text
    return {"type": "text", "text": {"body": cut(text, _TEXT), "preview_url": preview}}


def _interactive(message: Say, say: Words) -> Json:
    few = len(message.choices) <= _BUTTONS
    interactive: Json = {"type": "button" if few else "list", "body": {"text": cut(say(message.text), _BODY)}}
    if message.footer:
        interactive["footer"] = {"text": cut(say(message.footer), _FOOTER)}
    if few:
        titles = _titles(message.choices, say, _BUTTON_TITLE)
        replies = [{"id": choice.id, "title": title} for choice, title in zip(message.choices, titles, strict=True)]
        interactive["action"] = {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}
    else:
        label = cut(say(message.menu), _BUTTON_TITLE) if message.menu else _MENU
        interactive["action"] = {"button": label, "sections": [{"rows": _rows(message.choices[:_ROWS], say)}]}
    return {"type": "interactive", "interactive": interactive}


def _rows(choices: tuple[Choice, ...], say: Words) -> list[Json]:
    rows = []
    for choice, title in zip(choices, _titles(choices, say, _ROW_TITLE), strict=True):
        row = {"id": choice.id, "title": title}
        if choice.description:
            row["description"] = cut(say(choice.description), _ROW_DESCRIPTION)
        rows.append(row)
    return rows


def _titles(choices: tuple[Choice, ...], say: Words, limit: int) -> list[str]:
    """Return the titles, cut and made to differ: Meta refuses two that are the same."""
    titles: list[str] = []
    for choice in choices:
        title = cut(say(choice.title), limit)
        if title in titles:
            number = f" {len(titles) + 1}"
            title = cut(say(choice.title), limit - len(number)) + number
        titles.append(title)
    return titles


def _link(message: SendLink, say: Words) -> Json:
    parameters = {"display_text": cut(say(message.title), _BUTTON_TITLE), "url": message.url}
    interactive = {
        "type": "cta_url",
        "body": {"text": cut(say(message.text), _BODY)},
        "action": {"name": "cta_url", "parameters": parameters},
    }
    return {"type": "interactive", "interactive": interactive}


def _media(
    kind: Literal["image", "video", "audio", "document", "sticker"], file: Json, *, filename: str, caption: str
) -> Json:
    # Meta refuses a key that its type does not know, and an empty value too.
    if caption and kind in {"image", "video", "document"}:
        file["caption"] = cut(caption, _CAPTION)
    if filename and kind == "document":
        file["filename"] = cut(filename, _FILENAME)
    return {"type": kind, kind: file}


def _place(message: SendPlace) -> Json:
    place: Json = {"latitude": message.latitude, "longitude": message.longitude}
    words = {"name": message.name, "address": message.address}
    return {"type": "location", "location": place | {key: value for key, value in words.items() if value}}


def _card(message: SendCard) -> Json:
    # Besides the formatted name Meta wants one part of it.
    card: Json = {
        "name": {"formatted_name": message.name, "first_name": message.name},
        "phones": [{"phone": message.phone, "type": "WORK"}],
    }
    if message.organisation:
        card["org"] = {"company": message.organisation}
    if message.email:
        card["emails"] = [{"email": message.email, "type": "WORK"}]
    return {"type": "contacts", "contacts": [card]}
