"""Lengths of time as people write them: `25 h`, `30 days`, `10 min`."""

import re
from datetime import timedelta
from typing import Any

_UNITS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_WRITTEN = re.compile(r"(\d{1,5})\s*(min|minutes?|h|hours?|days?|d|weeks?|w)", re.ASCII)
_SHORT = {"minute": "min", "hour": "h", "d": "day", "w": "week"}

EXAMPLES = 'a number and min, h, days or weeks, as in "25 h" or "30 days"'


def duration(written: Any) -> timedelta:
    """Read a length of time; ValueError says how it is written."""
    found = _WRITTEN.fullmatch(written.strip().lower()) if isinstance(written, str) else None
    if found is None:
        raise ValueError(f"{written!r} is no length of time: write {EXAMPLES}")
    unit = found[2].removesuffix("s")
    return int(found[1]) * _UNITS[_SHORT.get(unit, unit)]
