"""Single values off the wire, made safe: nothing here raises, whatever the JSON holds."""

import re
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

# NUL cannot be stored by PostgreSQL, a lone surrogate cannot be encoded at all.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_ID = re.compile(r"[!-~]{1,512}")
_PHONE = re.compile(r"\+?([0-9]{5,20})")

LONGEST_TEXT = 65_536
"""As long as a person can type into WhatsApp."""
_SHORT = 1024
_LARGEST_ID = 2**64
_LARGEST_NUMBER = 2**31
_LONGEST_NUMBER = 16
_EARLIEST = 1_230_768_000
"""2009, the year WhatsApp began: what claims to be older does not know its time."""


def part(value: object) -> Json:
    """Return the object, or an empty one."""
    return value if isinstance(value, dict) else {}


def parts(value: object) -> list[Json]:
    """Return the objects of a list, or none."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: object, longest: int = _SHORT) -> str:
    """Return the text as it can be stored, or an empty one."""
    if not isinstance(value, str):
        return ""
    if "\0" not in value and value.isascii():
        return value[:longest]
    return _UNSTORABLE.sub("", value)[:longest]


def ident(value: object) -> str:
    """Return an id of Meta's (printable ASCII, never cut), or an empty one."""
    if type(value) is int and 0 <= value < _LARGEST_ID:
        value = str(value)
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def phone(value: object) -> str | None:
    """Return a telephone number as digits, or None."""
    found = _PHONE.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None


def word(value: object) -> str:
    """Return a word from one of Meta's lists (a type, a state, a code), or an empty one."""
    return ident(value)[:64]


def whole(value: object) -> int | None:
    """Return a whole number that a database can hold, or None."""
    number = _number(value)
    return number if number is not None and abs(number) < _LARGEST_NUMBER else None


def degrees(value: object, most: float) -> float | None:
    """Return an angle in degrees within bounds, or None."""
    # Not-a-number is in no bounds either.
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most:
        return float(value)
    return None


def when(value: object, now: datetime) -> datetime:
    """Return the moment of a timestamp in seconds (a string or a number): `now` if it makes no sense or lies ahead."""
    seconds = _number(value)
    if seconds is None or not _EARLIEST < seconds < now.timestamp():
        return now
    return datetime.fromtimestamp(seconds, UTC)


def _number(value: object) -> int | None:
    if isinstance(value, str) and len(value) < _LONGEST_NUMBER and value.isascii() and value.isdigit():
        return int(value)
    return value if type(value) is int else None
