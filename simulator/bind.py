"""A template and its parameters become what the person sees, or the error that Meta would give."""

import re
from dataclasses import dataclass, field
from typing import Any

from simulator.errors import GraphError
from simulator.templates import Template

Json = dict[str, Any]

_HOLE = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")
_UGLY = re.compile(r"[\n\t]| {5,}")
_MOST = {"header": 60, "body": 1024}
_MEDIA = ("IMAGE", "VIDEO", "DOCUMENT", "LOCATION")
_KINDS = {
    "QUICK_REPLY": "quick_reply", "URL": "url", "PHONE_NUMBER": "phone", "COPY_CODE": "copy_code",
    "FLOW": "flow", "REQUEST_CONTACT_INFO": "contact", "OTP": "copy_code",
}  # fmt: skip


@dataclass(slots=True)
class Bound:
    """A template filled in."""

    header: str = ""
    body: str = ""
    footer: str = ""
    media: Json | None = None
    buttons: list[Json] = field(default_factory=list)


def bind(template: Template, components: list[Json]) -> Bound:
    """Fill the template; raises GraphError where the parameters do not fit the definition."""
    bound = Bound()
    _header(template, _sent(components, "header"), bound)
    body = template.part("BODY") or {}
    text = body.get("text") or ("*{{1}}* is your verification code." if template.category == "AUTHENTICATION" else "")
    bound.body = _filled(template, "body", text, _sent(components, "body"))
    bound.footer = str((template.part("FOOTER") or {}).get("text", ""))
    _buttons(template, components, bound)
    return bound


def _sent(components: list[Json], kind: str) -> list[Json]:
    for component in components:
        if str(component.get("type", "")).lower() == kind:
            return _parameters(component)
    return []


def _parameters(component: Json) -> list[Json]:
    parameters = component.get("parameters", [])
    if not isinstance(parameters, list) or not all(isinstance(each, dict) for each in parameters):
        raise GraphError(131009, "Template component parameters must be an array of JSON objects")
    return parameters


def _header(template: Template, parameters: list[Json], bound: Bound) -> None:
    header = template.part("HEADER")
    kind = str((header or {}).get("format", "TEXT")).upper()
    if header is None or kind == "TEXT":
        bound.header = _filled(template, "header", str((header or {}).get("text", "")), parameters)
        return
    if kind not in _MEDIA:
        return
    got = str(parameters[0].get("type", "UNKNOWN")).upper() if parameters else "UNKNOWN"
    if got != kind:
        raise GraphError(132012, f"header: Format mismatch, expected {kind}, received {got}")
    bound.media = {"kind": kind.lower(), **(parameters[0].get(kind.lower()) or {})}


def _filled(template: Template, where: str, text: str, parameters: list[Json]) -> str:
    holes = list(dict.fromkeys(_HOLE.findall(text)))
    if len(holes) != len(parameters):
        raise GraphError(
            132000,
            f"{where}: number of localizable_params ({len(parameters)}) does not match the expected number of "
            f"params ({len(holes)})",
        )
    values = [_value(where, parameter) for parameter in parameters]
    if template.parameter_format == "NAMED":
        named = dict(zip((str(each.get("parameter_name")) for each in parameters), values, strict=True))
        if missing := [hole for hole in holes if hole not in named]:
            raise GraphError(132012, f"{where}: Parameter name is missing or wrong; expected {', '.join(missing)}")
    else:
        named = {hole: values[int(hole) - 1] for hole in holes if hole.isdigit() and int(hole) <= len(values)}
    filled = _HOLE.sub(lambda hole: named.get(hole[1], hole[0]), text)
    if len(filled) > _MOST[where]:
        raise GraphError(132005, f"{where}: translated text is too long, at most {_MOST[where]} characters")
    return filled


def _value(where: str, parameter: Json) -> str:
    kind = parameter.get("type")
    if kind in ("currency", "date_time"):
        return str((parameter.get(kind) or {}).get("fallback_value", ""))
    if kind != "text":
        raise GraphError(132012, f"{where}: Format mismatch, expected TEXT, received {str(kind).upper()}")
    text = parameter.get("text")
    if not isinstance(text, str) or not text:
        raise GraphError(131008, "Parameter of type text is missing text value")
    if _UGLY.search(text):
        raise GraphError(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    return text


def _buttons(template: Template, components: list[Json], bound: Bound) -> None:
    defined = (template.part("BUTTONS") or {}).get("buttons", [])
    sent = _by_index(components, len(defined))
    for index, button in enumerate(defined):
        bound.buttons.append(_button(index, button, sent.get(index)))


def _by_index(components: list[Json], count: int) -> dict[int, Json]:
    sent: dict[int, Json] = {}
    for component in components:
        if str(component.get("type", "")).lower() != "button":
            continue
        index = str(component.get("index", ""))
        if not index.isdigit() or int(index) >= count:
            raise GraphError(131009, f"button: there is no button with the index {index or 'missing'}")
        sent[int(index)] = component
    return sent


def _button(index: int, button: Json, sent: Json | None) -> Json:
    kind, title = str(button.get("type", "")).upper(), str(button.get("text", ""))
    given = _parameters(sent)[0] if sent and _parameters(sent) else None
    made: Json = {"id": title, "title": title, "kind": _KINDS.get(kind, "url")}
    if (
        given is not None
        and (expected := _SUB_TYPES.get(kind))
        and str(sent and sent.get("sub_type")).lower() not in expected
    ):
        raise GraphError(132012, f"Button at index {index}: sub_type must be {' or '.join(sorted(expected))}")
    match kind:
        case "QUICK_REPLY" if given is not None:
            made["id"] = _of(given, "payload", index, 256)
        case "URL":
            made["url"] = _url(index, str(button.get("url", "")), given)
        case "PHONE_NUMBER":
            made["url"] = f"tel:{button.get('phone_number', '')}"
        case "COPY_CODE":
            made["id"] = _needed(given, "coupon_code", index, 20)
        case "OTP":
            made["id"] = _needed(given, "text", index, 15)
    return made


_SUB_TYPES: dict[str, frozenset[str]] = {
    "QUICK_REPLY": frozenset({"quick_reply"}),
    "URL": frozenset({"url"}),
    "COPY_CODE": frozenset({"copy_code"}),
    "OTP": frozenset({"url", "copy_code"}),
    "FLOW": frozenset({"flow"}),
}


def _url(index: int, url: str, given: Json | None) -> str:
    if not _HOLE.search(url):
        if given is not None:
            raise GraphError(132000, f"Button at index {index} of type Url has no parameter")
        return url
    suffix = _needed(given, "text", index, 2000)
    return _HOLE.sub(lambda _hole: suffix, url)


def _needed(given: Json | None, name: str, index: int, most: int) -> str:
    if given is None:
        raise GraphError(131008, f"Button at index {index} requires a parameter")
    return _of(given, name, index, most)


def _of(given: Json, name: str, index: int, most: int) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        raise GraphError(131009, f"Button at index {index}: {name} must have 1 to {most} characters")
    return value
