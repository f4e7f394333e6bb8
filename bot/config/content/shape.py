"""From pydantic's complaints to faults that name file, key, what is wrong and what would be right."""

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.config.faults import nearest

_Model = TypeVar("_Model", bound=BaseModel)

Complaint = tuple[str, str, str]
"""Key, what is wrong, what would be right."""

MISSING = "is missing"

_RIGHT = {
    "missing": "add it",
    "string_type": 'write a string: "..."',
    "string_too_short": "write something",
    "bool_type": "write true or false",
    "int_type": "write a whole number",
    "float_type": "write a number",
    "too_short": "write at least one",
    "tuple_type": "write a list: [ ... ]",
    "dict_type": "write a table: { ... }",
    "model_type": "write a table: { ... }",
    "model_attributes_type": "write a table: { ... }",
}
_PATTERNS = {
    r"^[A-Z][A-Z0-9_]*$": "write the NAME of an environment variable, as LETHE_ACCESS_TOKEN, never the value",
    r"^[a-z]{2,3}$": 'write a language by its ISO 639 code: "en", "gu"',
    r"^_[a-z][a-z0-9_]{0,59}$": 'name a folder beside this one that begins with _: extends = "_clinic"',
    r"^[a-z][a-z0-9_]{0,59}$": "use small letters, digits and _, and begin with a letter",
    r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$": "write an e-mail address, or leave it out",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$": "write an e-mail address",
}


def validate(model: type[_Model], table: Any, key: str, complaints: list[Complaint]) -> _Model | None:
    """Return the table as the model sees it, or None and the complaints."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        complaints.extend(_complaints(error, model, key))
        return None


def _complaints(error: ValidationError, model: type[BaseModel], path: str) -> Iterator[Complaint]:
    for one in error.errors(include_url=False):
        loc = [str(part + 1) if isinstance(part, int) else part for part in one["loc"] if part != "[key]"]
        key = ".".join([path, *loc]) if path else ".".join(loc) or "-"
        kind = one["type"]
        if kind == "extra_forbidden":
            yield key, "is not known", nearest(loc[-1], _known(model, one["loc"][:-1]))
        elif kind == "value_error":
            yield key, "cannot be read", str(one["ctx"]["error"])
        elif kind == "string_pattern_mismatch":
            yield key, f"{one['input']!r} does not fit", _PATTERNS.get(one["ctx"]["pattern"], one["msg"])
        elif kind in {"literal_error", "enum"}:
            yield key, f"{one['input']!r} is not known", _among(str(one["input"]), one["ctx"]["expected"])
        elif kind == "missing":
            yield key, MISSING, _RIGHT[kind]
        else:
            yield key, "has the wrong shape", _RIGHT.get(kind, one["msg"])


def _among(word: str, expected: str) -> str:
    return nearest(word, [name.strip(" '") for name in expected.replace(" or ", ",").split(",")])


def _known(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the table at this place may have."""
    at: type[BaseModel] = model
    for part in loc:
        if isinstance(part, str):
            field = next((f for name, f in at.model_fields.items() if part in (f.alias, name)), None)
            at = _model_in(field.annotation) if field is not None else at
    return [field.alias or name for name, field in at.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = [found for part in getattr(annotation, "__args__", ()) if (found := _model_in(part)) is not BaseModel]
    return inner[0] if inner else BaseModel
