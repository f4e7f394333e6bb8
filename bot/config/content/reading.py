"""How single values of a file are read; a ValueError says what would be right."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import phonenumbers

from bot.config.content.hours import DAYS, WHOLE_DAY, Hours, Span
from bot.config.content.rules import EVERY_LANGUAGE
from bot.config.faults import nearest

_SPAN = re.compile(r"(\d{1,2}):([0-5]\d)\s*[-–]\s*(\d{1,2}):([0-5]\d)", re.ASCII)


def per_language(written: Any) -> Any:
    """Read a text: a plain string serves all languages, a table has one by language."""
    return {EVERY_LANGUAGE: written} if isinstance(written, str) else written


def words_per_language(written: Any) -> Any:
    """Read words: a word, a list, or either by language."""
    table = written if isinstance(written, Mapping) else {EVERY_LANGUAGE: written}
    return {language: one_or_more(words) for language, words in table.items()}


def one_or_more(written: Any) -> Any:
    """Read a list, or the one thing that stands for a list of one."""
    return tuple(written) if isinstance(written, list) else (written,) if not isinstance(written, tuple) else written


def telephone(written: Any) -> Any:
    """Read a telephone number in international form; return it as +<digits>."""
    if not isinstance(written, str):
        raise ValueError('a telephone number is a string, as in "+91 79 4890 0000"')  # noqa: TRY004 pydantic reads ValueError
    try:
        number = phonenumbers.parse(written)
    except phonenumbers.NumberParseException as error:
        raise ValueError('write it in international form, as in "+91 79 4890 0000"') from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError("it has too many or too few digits for its country")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def zone(written: Any) -> Any:
    """Read a time zone by its name in the IANA database."""
    try:
        return ZoneInfo(written)
    except (ZoneInfoNotFoundError, TypeError, ValueError, OSError) as error:
        close = nearest(str(written), available_timezones())
        example = close if close.startswith("did you mean") else 'write it as "Asia/Kolkata"'
        raise ValueError(f"{written!r} is no time zone; {example}") from error


def hours(written: Any) -> Any:
    """Read the week: `mon = "07:30-20:00"`, `mon-fri = [...]`, `daily`, `"closed"`; a single day beats a range."""
    if not isinstance(written, Mapping):
        raise ValueError('hours are a table, as in mon-fri = "09:00-18:00"')  # noqa: TRY004 pydantic reads ValueError
    days: dict[int, tuple[Span, ...]] = {}
    for key in sorted(written, key=lambda key: (key != "daily", "-" not in key)):
        spans = tuple(sorted(_spans(key, written[key]), key=lambda span: span.start))
        if any(left.end > right.start for left, right in pairwise(spans)):
            raise ValueError(f"{key}: two spans overlap")
        days.update(dict.fromkeys(_days(key), spans))
    return Hours(tuple(days.get(day, ()) for day in range(len(DAYS)))) if days else Hours()


def _days(key: str) -> range:
    if key == "daily":
        return range(len(DAYS))
    first, _, last = key.partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        raise ValueError(f"{key!r} names no day: write mon to sun, a range as mon-fri, or daily")
    if DAYS.index(last or first) < DAYS.index(first):
        raise ValueError(f"{key!r} runs backwards: the week begins on mon")
    return range(DAYS.index(first), DAYS.index(last or first) + 1)


def _spans(key: str, written: Any) -> Iterator[Span]:
    for one in one_or_more(written):
        if one == "closed":
            continue
        found = _SPAN.fullmatch(one) if isinstance(one, str) else None
        if found is None:
            raise ValueError(f'{key}: {one!r} is no span: write "09:00-18:00" or "closed"')
        start, end = (int(found[at]) * 60 + int(found[at + 1]) for at in (1, 3))
        if start >= WHOLE_DAY or end > WHOLE_DAY:
            raise ValueError(f"{key}: {one!r} names an hour that no clock shows")
        yield Span(start, end if end > start else end + WHOLE_DAY)
