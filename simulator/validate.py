"""What Meta checks of a message before it looks at who it is for."""

from collections.abc import Callable
from typing import Any

from simulator import interactive
from simulator.errors import GraphError, invalid
from simulator.fields import need_list, need_object, need_text, need_url, only, text

Json = dict[str, Any]
MEDIA = ("image", "video", "audio", "document", "sticker")


def message(body: Json) -> str:
    """Return the type of a message whose shape is right; raises GraphError for any other."""
    if body.get("messaging_product") != "whatsapp":
        raise invalid("The parameter messaging_product is required.")
    if body.get("recipient_type", "individual") != "individual":
        raise GraphError(131020, "This number has no groups; recipient_type must be individual")
    _recipient(body)
    _frame(body)
    kind = body.get("type", "text")
    if kind not in CHECKS:
        names = ", ".join(sorted(name.upper() for name in CHECKS))
        raise invalid(f"Param type must be one of {{{names}}} - got {str(kind)[:40]!r}.")
    if kind not in body:
        raise GraphError(131008, f"Parameter of type {kind} is missing: '{kind}' is mandatory for type '{kind}'")
    CHECKS[kind](body)
    return str(kind)


def _recipient(body: Json) -> None:
    for name in ("to", "recipient"):
        if not isinstance(body.get(name, ""), str):
            raise invalid(f"Param {name} must be a string.")
    if not (body.get("to") or body.get("recipient")):
        raise invalid("The parameter to is required.")


def _frame(body: Json) -> None:
    text(body, "biz_opaque_callback_data", "biz_opaque_callback_data", most=512)
    if "context" in body:
        context = need_object(body, "context", "context")
        need_text(context, "message_id", "context['message_id']", most=256)
        if body.get("type") == "reaction":
            raise invalid("Param context cannot be used with reaction messages.")


def _text(body: Json) -> None:
    value = need_object(body, "text", "text")
    only(value, "text", "body", "preview_url")
    need_text(value, "body", "text['body']", most=4096)
    if not isinstance(value.get("preview_url", False), bool):
        raise invalid("Param text['preview_url'] must be a boolean.")


def _media(kind: str) -> Callable[[Json], None]:
    keys = {
        "image": ("caption",),
        "video": ("caption",),
        "document": ("caption", "filename"),
        "audio": ("voice",),
    }

    def check(body: Json) -> None:
        value = need_object(body, kind, kind)
        only(value, kind, "id", "link", *keys.get(kind, ()))
        media(value, kind)
        text(value, "caption", f"{kind}['caption']", most=1024)
        text(value, "filename", f"{kind}['filename']", most=240)

    return check


def media(value: Json, path: str) -> None:
    """Check that a media object names an uploaded id or a link, not both."""
    if ("id" in value) == ("link" in value):
        raise invalid(f"Param {path} must have exactly one of id and link.")
    if "link" in value:
        need_url(value, "link", f"{path}['link']")
    else:
        need_text(value, "id", f"{path}['id']", most=256)


def _location(body: Json) -> None:
    value = need_object(body, "location", "location")
    only(value, "location", "latitude", "longitude", "name", "address")
    for name, most in (("latitude", 90), ("longitude", 180)):
        try:
            degrees = float(value[name])
        except KeyError:
            raise invalid(f"The parameter location['{name}'] is required.") from None
        except (TypeError, ValueError):
            raise invalid(f"Param location['{name}'] must be a number.") from None
        if not -most <= degrees <= most:
            raise GraphError(131009, f"location['{name}'] must be between -{most} and {most}")
    text(value, "name", "location['name']", most=1000)
    text(value, "address", "location['address']", most=1000)


def _contacts(body: Json) -> None:
    for place, card in enumerate(need_list(body, "contacts", "contacts", most=257)):
        name = need_object(card, "name", f"contacts[{place}]['name']")
        need_text(name, "formatted_name", f"contacts[{place}]['name']['formatted_name']", most=1000)
        if set(name) == {"formatted_name"}:
            raise GraphError(131009, "Contact name: at least one of the optional name fields is needed")


def _reaction(body: Json) -> None:
    value = need_object(body, "reaction", "reaction")
    only(value, "reaction", "message_id", "emoji")
    need_text(value, "message_id", "reaction['message_id']", most=256)
    if not isinstance(value.get("emoji"), str):
        raise invalid("The parameter reaction['emoji'] is required.")
    text(value, "emoji", "reaction['emoji']", most=32)


def _template(body: Json) -> None:
    value = need_object(body, "template", "template")
    only(value, "template", "name", "namespace", "language", "components")
    need_text(value, "name", "template['name']", most=512)
    language = need_object(value, "language", "template['language']")
    need_text(language, "code", "template['language']['code']", most=15)
    if "components" in value:
        need_list(value, "components", "template['components']", most=20, least=0)


def _interactive(body: Json) -> None:
    interactive.check(need_object(body, "interactive", "interactive"))


CHECKS: dict[str, Callable[[Json], None]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "template": _template,
    "interactive": _interactive,
    **{kind: _media(kind) for kind in MEDIA},
}
