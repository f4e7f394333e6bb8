"""How single values of a file are read; a ValueError says what would be right."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import phonenumbers

from bot.config.content.hours import DAYS, Hours
from bot.config.content.rules import EVERY_LANGUAGE
from bot.config.content.spans import WHOLE_DAY, Span
from bot.config.content.special_days import LEAP, Marked, countries
from bot.config.faults import nearest

_WHOLE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
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
        days.update(dict.fromkeys(_days(key), spans(written[key], key)))
    return Hours(tuple(days.get(day, ()) for day in range(len(DAYS)))) if days else Hours()


def spans(written: Any, key: str = "") -> tuple[Span, ...]:
    """Read the parts of a day: `"09:00-18:00"`, a list of them, or `"closed"`."""
    found = tuple(sorted(_spans(key, written), key=lambda span: span.start))
    if any(left.end > right.start for left, right in pairwise(found)):
        raise ValueError(f"{key}: two spans overlap" if key else "two spans overlap")
    return found


def nights(written: Any) -> tuple[Span, ...]:
    """Read quiet hours: like the parts of a day, but they end."""
    found = spans(written)
    if any(span.end - span.start >= WHOLE_DAY for span in found):
        raise ValueError('it never ends: write when it is quiet, as in "21:00-08:00"')
    return found


def marked(written: Any) -> tuple[Marked, ...]:
    """Read days by hand: `"2026-12-24" = "09:00-13:00"`, `"12-25" = "closed"` (every year), `"11-08..11-12" = ...`."""
    if not isinstance(written, Mapping):
        raise ValueError('days are a table, as in "12-25" = "closed"')  # noqa: TRY004 pydantic reads ValueError
    return tuple(_marked(key, spans(value, key)) for key, value in written.items())


def _marked(key: str, open_: tuple[Span, ...]) -> Marked:
    first, _, last = (part.strip() for part in key.partition(".."))
    days = [_date(part, key) for part in (first, last or first)]
    if (days[0].year == LEAP) != (days[1].year == LEAP):
        raise ValueError(f"{key!r} has one year: write both, or none for every year")
    if days[0].year != LEAP and days[1] < days[0]:
        raise ValueError(f"{key!r} runs backwards")
    return Marked(days[0], days[1], open_)


def _date(part: str, key: str) -> date:
    try:
        return date.fromisoformat(part if _WHOLE_DATE.fullmatch(part) else f"{LEAP}-{part}")
    except ValueError as error:
        raise ValueError(f'{key!r} is no day: write "2026-12-24", or "12-24" for every year') from error


def country(written: Any) -> Any:
    """Read a country by its ISO 3166 code."""
    if written not in (known := countries()):
        close = nearest(str(written), known)
        example = close if close.startswith("did you mean") else 'write its code of two letters, as "IN"'
        raise ValueError(f"the holidays of {written!r} are not known; {example}")
    return written


def region(of: str, written: str) -> str:
    """Read a region of a country, by the code that ISO 3166-2 has behind the hyphen."""
    known = countries().get(of, [])
    if written and written not in known:
        raise ValueError(f"{written!r} is no region of {of or 'no country'}; {nearest(written, known)}")
    return written


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
    before = f"{key}: " if key else ""
    for one in one_or_more(written):
        if one == "closed":
            continue
        found = _SPAN.fullmatch(one) if isinstance(one, str) else None
        if found is None:
            raise ValueError(f'{before}{one!r} is no span: write "09:00-18:00" or "closed"')
        start, end = (int(found[at]) * 60 + int(found[at + 1]) for at in (1, 3))
        if start >= WHOLE_DAY or end > WHOLE_DAY:
            raise ValueError(f"{before}{one!r} names an hour that no clock shows")
        yield Span(start, end if end > start else end + WHOLE_DAY)
