"""Small checks of JSON fields, with Meta's words for what is wrong."""

from typing import Any
from urllib.parse import urlsplit

from simulator.errors import GraphError, invalid

Json = dict[str, Any]


def need_object(parent: Json, name: str, path: str) -> Json:
    """Return an object that must be there."""
    value = parent.get(name)
    if value is None:
        raise invalid(f"The parameter {path} is required.")
    if not isinstance(value, dict):
        raise invalid(f"Param {path} must be a JSON object.")
    return value


def need_list(parent: Json, name: str, path: str, *, most: int, least: int = 1) -> list[Json]:
    """Return a list of objects that must be there, with so many elements."""
    value = parent.get(name)
    if value is None:
        raise invalid(f"The parameter {path} is required.")
    if not isinstance(value, list) or not all(isinstance(element, dict) for element in value):
        raise invalid(f"Param {path} must be an array of JSON objects.")
    if not least <= len(value) <= most:
        raise GraphError(131009, f"Invalid {path} count. Min allowed: {least}, Max allowed: {most}")
    return value


def need_text(parent: Json, name: str, path: str, *, most: int) -> str:
    """Return a text that must be there and not be empty."""
    value = text(parent, name, path, most=most)
    if value is None:
        raise invalid(f"The parameter {path} is required.")
    if not value.strip():
        raise GraphError(131009, f"{path} cannot be empty. Min length: 1, Max length: {most}")
    return value


def text(parent: Json, name: str, path: str, *, most: int) -> str | None:
    """Return a text that may be missing but must not be too long."""
    value = parent.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise invalid(f"Param {path} must be a string.")
    if len(value) > most:
        raise invalid(f"Param {path} must be at most {most} characters long.")
    return value


def only(value: Json, path: str, *names: str) -> None:
    """Refuse keys that the documentation does not know."""
    for name in value:
        if name not in names:
            raise invalid(f'Unexpected key "{name}" on param "{path}".')


def need_url(parent: Json, name: str, path: str) -> str:
    """Return an http(s) address that must be there."""
    value = need_text(parent, name, path, most=2000)
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise invalid(f"Param {path} is not a valid URL.")
    return value


def without_nulls(value: Any) -> Any:
    """Return the JSON without keys whose value is null: Graph reads them as missing."""
    if isinstance(value, dict):
        return {name: without_nulls(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [without_nulls(part) for part in value]
    return value
