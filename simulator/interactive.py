"""The limits of interactive messages: buttons, lists, links and the like."""

from collections.abc import Callable
from typing import Any

from simulator.errors import GraphError, invalid
from simulator.fields import need_list, need_object, need_text, need_url, only, text

Json = dict[str, Any]

_ROWS = 10
_TEXT_AND_MEDIA = ("text", "image", "video", "document")


def check(value: Json) -> None:
    """Raise GraphError unless WhatsApp would show this interactive message."""
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in _ACTIONS:
        raise invalid(f"Param interactive['type'] must be one of {{{', '.join(sorted(_ACTIONS))}}}.")
    only(value, "interactive", "type", "header", "body", "footer", "action")
    _texts(value, kind)
    action = need_object(value, "action", "interactive['action']")
    _ACTIONS[kind](action)


def _texts(value: Json, kind: str) -> None:
    if "body" in value or kind not in ("product", "catalog_message"):
        body = need_object(value, "body", "interactive['body']")
        need_text(body, "text", "interactive['body']['text']", most=4096 if kind == "list" else 1024)
    if "footer" in value:
        footer = need_object(value, "footer", "interactive['footer']")
        need_text(footer, "text", "interactive['footer']['text']", most=60)
    if "header" in value:
        _header(need_object(value, "header", "interactive['header']"), kind)


def _header(header: Json, kind: str) -> None:
    sort = header.get("type")
    allowed = _TEXT_AND_MEDIA if kind in ("button", "cta_url", "flow") else ("text",)
    if sort not in allowed:
        raise GraphError(131009, f"Header type invalid. Allowed for {kind}: {', '.join(allowed)}")
    if sort == "text":
        need_text(header, "text", "interactive['header']['text']", most=60)
        return
    media = need_object(header, str(sort), f"interactive['header']['{sort}']")
    if ("id" in media) == ("link" in media):
        raise invalid(f"Param interactive['header']['{sort}'] must have exactly one of id and link.")


def _buttons(action: Json) -> None:
    buttons = need_list(action, "buttons", "interactive['action']['buttons']", most=3)
    replies = []
    for button in buttons:
        if button.get("type") != "reply":
            raise invalid("Param interactive['action']['buttons']['type'] must be one of {reply}.")
        reply = need_object(button, "reply", "interactive['action']['buttons']['reply']")
        _short(reply, "id", "Button id", 256)
        _short(reply, "title", "Button title", 20)
        replies.append(reply)
    _unique([reply["id"] for reply in replies], "Button ids")
    _unique([reply["title"] for reply in replies], "Button titles")


def _list(action: Json) -> None:
    _short(action, "button", "Button label", 20)
    sections = need_list(action, "sections", "interactive['action']['sections']", most=10)
    rows: list[Json] = []
    for section in sections:
        if len(sections) > 1 or "title" in section:
            _short(section, "title", "Section title", 24)
        rows += need_list(section, "rows", "interactive['action']['sections']['rows']", most=_ROWS)
    if len(rows) > _ROWS:
        raise GraphError(131009, f"Total row count exceed max allowed count: {_ROWS}")
    for row in rows:
        _short(row, "id", "Row id", 200)
        _short(row, "title", "Row title", 24)
        if "description" in row:
            _short(row, "description", "Row description", 72)
    _unique([row["id"] for row in rows], "Row ids")


def _link(action: Json) -> None:
    parameters = _named(action, "cta_url")
    _short(parameters, "display_text", "Display text", 20)
    need_url(parameters, "url", "interactive['action']['parameters']['url']")


def _flow(action: Json) -> None:
    parameters = _named(action, "flow")
    _short(parameters, "flow_cta", "Flow CTA", 30)
    need_text(
        parameters,
        "flow_message_version",
        "interactive['action']['parameters']['flow_message_version']",
        most=5,
    )
    if ("flow_id" in parameters) == ("flow_name" in parameters):
        raise invalid("Param interactive['action']['parameters'] must have exactly one of flow_id and flow_name.")
    text(parameters, "flow_token", "interactive['action']['parameters']['flow_token']", most=1000)


def _named(action: Json, name: str) -> Json:
    if action.get("name") != name:
        raise invalid(f"Param interactive['action']['name'] must be one of {{{name}}}.")
    return need_object(action, "parameters", "interactive['action']['parameters']")


def _just(name: str) -> Callable[[Json], None]:
    def check_name(action: Json) -> None:
        if action.get("name") != name:
            raise invalid(f"Param interactive['action']['name'] must be one of {{{name}}}.")

    return check_name


def _short(parent: Json, name: str, what: str, most: int) -> None:
    value = parent.get(name)
    if value is None:
        raise GraphError(131008, f"{what} is required")
    if not isinstance(value, str) or not len(value.strip()) >= 1 or len(value) > most:
        raise GraphError(131009, f"{what} length invalid. Min length: 1, Max length: {most}")


def _unique(values: list[str], what: str) -> None:
    if len(set(values)) != len(values):
        raise GraphError(131009, f"Duplicated values: {what} must be unique")


def _anything(_action: Json) -> None:
    """Take an action whose inside this simulator does not know."""


_ACTIONS: dict[str, Callable[[Json], None]] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _link,
    "flow": _flow,
    "location_request_message": _just("send_location"),
    "request_contact_info": _just("request_contact_info"),
    "call_permission_request": _just("call_permission_request"),
    "address_message": _just("address_message"),
    "voice_call": _just("voice_call"),
    "product": _anything,
    "product_list": _anything,
    "catalog_message": _anything,
    "carousel": _anything,
}
