"""Filling a template: what the business gives, checked against the definition that Meta approved."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

Json = dict[str, Any]

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
_LIMITS = {"HEADER": 60, "BODY": 1024}
_MEDIA = {"IMAGE": "image", "VIDEO": "video", "DOCUMENT": "document", "GIF": "gif"}
_PAYLOAD = 256
# They open something by themselves and take nothing.
_PLAIN_BUTTONS = frozenset({"PHONE_NUMBER", "VOICE_CALL", "CATALOG", "REQUEST_CONTACT_INFO", "CALL_PERMISSION_REQUEST"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a template cannot be filled: `reason` is a constant, `detail` the parameter or component."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDefinition:
    """A template as Meta lists it."""

    name: str
    language: str
    status: str = "APPROVED"
    category: str = "UTILITY"
    parameter_format: str = "POSITIONAL"
    components: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def from_meta(cls, listed: Mapping[str, Any]) -> Self:
        """Return the definition from one item of Meta's list of templates."""
        components = listed.get("components")
        return cls(
            name=str(listed.get("name", "")),
            language=str(listed.get("language", "")),
            status=str(listed.get("status", "")).upper(),
            category=str(listed.get("category", "")).upper(),
            parameter_format=str(listed.get("parameter_format") or "POSITIONAL").upper(),
            components=tuple(part for part in components or () if isinstance(part, Mapping)),
        )


class _CannotBindError(Exception):
    """Carries the fault out of the depth of a template; never leaves this file."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.fault = Fault(reason, detail)


def bind(definition: TemplateDefinition, values: Mapping[str, str], language: str) -> Json | Fault:
    """Return `type` and `template` for these values, or why they do not fit.

    Values are named by parameter: "1", "2" or a name for the body, and so for a header where parameters have names;
    else "header.1" for a header's text. "header" is a header's file (an https link, or the id of an upload),
    "button.0" what the first button takes: the end of its link, its payload, its code.
    """
    if _primary(language) != _primary(definition.language):
        return Fault("language", language)
    filling = _Filling(definition, values)
    try:
        components = [part for each in definition.components for part in filling.component(each)]
        filling.nothing_left()
    except _CannotBindError as refusal:
        return refusal.fault
    template: Json = {"name": definition.name, "language": {"code": definition.language}}
    if components:
        template["components"] = components
    return {"type": "template", "template": template}


def _primary(language: str) -> str:
    return re.split("[-_]", language.lower())[0]


class _Filling:
    def __init__(self, definition: TemplateDefinition, values: Mapping[str, str]) -> None:
        self._named = definition.parameter_format == "NAMED"
        self._authentication = definition.category == "AUTHENTICATION"
        self._values = values
        self._used: set[str] = set()

    def nothing_left(self) -> None:
        for key in self._values:
            if key not in self._used:
                raise _CannotBindError("unknown_parameter", key)

    def component(self, component: Mapping[str, Any]) -> list[Json]:
        match str(component.get("type", "")).upper():
            case "HEADER":
                return self._header(component)
            case "BODY":
                return self._text("BODY", str(component.get("text") or ""), prefix="")
            case "BUTTONS":
                buttons: Sequence[Mapping[str, Any]] = component.get("buttons") or ()
                return [part for index, button in enumerate(buttons) for part in self._button(index, button)]
            case "FOOTER":
                return []
            case other:
                raise _CannotBindError("unsupported_component", other)

    def _header(self, component: Mapping[str, Any]) -> list[Json]:
        form = str(component.get("format") or "TEXT").upper()
        if form == "TEXT":
            return self._text("HEADER", str(component.get("text") or ""), prefix="" if self._named else "header.")
        if form not in _MEDIA:
            raise _CannotBindError("unsupported_component", form)
        file = self._take("header")
        kind = _MEDIA[form]
        parameter = {"type": kind, kind: {"link" if file.startswith("https://") else "id": file}}
        return [{"type": "header", "parameters": [parameter]}]

    def _text(self, kind: str, text: str, *, prefix: str) -> list[Json]:
        names = list(dict.fromkeys(_PLACEHOLDER.findall(text)))
        found = {name: self._take(prefix + name) for name in names}
        filled = _PLACEHOLDER.sub(lambda match: found[match[1]], text)
        if len(filled) > _LIMITS[kind]:
            raise _CannotBindError("too_long", kind.lower())
        if not names:
            return []
        ordered = names if self._named else sorted(names, key=_position)
        return [{"type": kind.lower(), "parameters": [self._parameter(name, found[name]) for name in ordered]}]

    def _parameter(self, name: str, value: str) -> Json:
        return {"type": "text", **({"parameter_name": name} if self._named else {}), "text": value}

    def _button(self, index: int, button: Mapping[str, Any]) -> list[Json]:
        kind, key = str(button.get("type", "")).upper(), f"button.{index}"
        match kind:
            case "QUICK_REPLY":
                # Without a payload of its own the label comes back, in the language of the template.
                payload = self._take(key, str(button.get("text", "")))[:_PAYLOAD]
                return [_button("quick_reply", index, {"type": "payload", "payload": payload})]
            case "URL" if _PLACEHOLDER.search(str(button.get("url", ""))):
                end = quote(self._take(key, self._code()), safe="/?&=#%:;,+@!$'()*[]~")
                return [_button("url", index, {"type": "text", "text": end})]
            case "OTP":
                return [_button("url", index, {"type": "text", "text": self._take(key, self._code())})]
            case "COPY_CODE":
                return [_button("copy_code", index, {"type": "coupon_code", "coupon_code": self._take(key)})]
            case "FLOW":
                action = {"flow_token": self._take(key, "unused")}
                return [_button("flow", index, {"type": "action", "action": action})]
            case "URL":
                return []
            case _ if kind in _PLAIN_BUTTONS:
                return []
            case _:
                raise _CannotBindError("unsupported_component", kind)

    def _code(self) -> str | None:
        """Return the one-time code, which an authentication template says in its body and copies by its button."""
        return self._values.get("1") if self._authentication else None

    def _take(self, key: str, otherwise: str | None = None) -> str:
        value = self._values.get(key, otherwise)
        self._used.add(key)
        if value is None:
            raise _CannotBindError("missing_parameter", key)
        # Meta refuses line breaks, tabs and more than four spaces in a parameter.
        line = " ".join(value.replace("\0", "").split())
        if not line:
            raise _CannotBindError("empty_parameter", key)
        return line


def _button(kind: str, index: int, parameter: Json) -> Json:
    return {"type": "button", "sub_type": kind, "index": str(index), "parameters": [parameter]}


def _position(name: str) -> int:
    return int(name) if name.isascii() and name.isdigit() else 0
