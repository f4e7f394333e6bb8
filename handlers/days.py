"""Which day a text names: in words, by weekday, by month, in digits; in the languages that are spoken here."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.config.content import DayNames, tokens
from bot.conversation.text import normal

Words = tuple[str, ...]

MOST_BESIDE = 3
"""So many more words may stand beside a day; a longer text is about something else."""
_NUMBER = re.compile(r"(\d{1,4})(?:st|nd|rd|th|er|re|o|a|й|го|е|ஆம்|ம்|th)?")
_A_WEEK = 7
_CENTURY_AHEAD = 20
_YEAR_DIGITS = 4


def days_in(text: str, spoken: Sequence[DayNames], today: date) -> list[date]:
    """Return the days that the text may name, the likeliest first; none if it names no day."""
    said = tokens(normal(text))
    for names in spoken:
        found = [*_ahead(said, names, today), *_by_month(said, names, today), *_by_weekday(said, names, today)]
        if found:
            return found
    return list(_in_digits(said, spoken[0].order, today)) if spoken else []


def _ahead(said: Words, names: DayNames, today: date) -> Iterator[date]:
    for words, ahead in names.ahead.items():
        rest = _without(said, words)
        if rest is not None:
            if len(rest) <= MOST_BESIDE:
                yield today + timedelta(days=ahead)
            return


def _by_month(said: Words, names: DayNames, today: date) -> Iterator[date]:
    for words, month in names.months.items():
        rest = _without(said, words)
        numbers = _numbers(rest or ())
        if rest is not None and numbers and len(rest) - len(numbers) <= MOST_BESIDE:
            day, year = _day_and_year(numbers)
            yield from _near(year, month, day, today)
            return


def _by_weekday(said: Words, names: DayNames, today: date) -> Iterator[date]:
    for words, weekday in names.weekdays.items():
        rest = _without(said, words)
        if rest is not None and len(rest) <= MOST_BESIDE and not _numbers(rest):
            first = today + timedelta(days=(weekday - today.weekday()) % _A_WEEK)
            yield from (first, first + timedelta(days=_A_WEEK))
            return


def _in_digits(said: Words, order: str, today: date) -> Iterator[date]:
    numbers = _numbers(said)
    if not numbers or len(said) - len(numbers) > 1:
        return
    match [int(each) for each in numbers]:
        case [day]:
            yield from _next_of_month(day, today)
        case [first, second]:
            month_first = order.replace("y", "").startswith("m")
            yield from _either(None, *((second, first) if month_first else (first, second)), today)
        case [first, second, third]:
            year_first = len(numbers[0]) == _YEAR_DIGITS
            by_order = dict(zip(order, (first, second, third), strict=True))
            if year_first:
                yield from _near(first, second, third, today)
            elif by_order["y"] == third:
                yield from _either(_full(third, today), by_order["d"], by_order["m"], today)
            else:
                yield from _either(_full(third, today), first, second, today)


def _either(year: int | None, day: int, month: int, today: date) -> Iterator[date]:
    """Yield the day; where there is no such month, the two numbers stand the other way round."""
    yield from _near(year, month, day, today) if month <= 12 else _near(year, day, month, today)  # noqa: PLR2004 months


def _near(year: int | None, month: int, day: int, today: date) -> Iterator[date]:
    """Yield the day of that year; without a year the next one, then the last one."""
    years = [today.year, today.year + 1, today.year - 1] if year is None else [year]
    days = [found for each in years if (found := _day(each, month, day))]
    yield from sorted(days, key=lambda each: (each < today, abs(each - today)))


def _next_of_month(day: int, today: date) -> Iterator[date]:
    for months in range(12):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        found = _day(year, month + 1, day)
        if found is not None and found >= today:
            yield found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_and_year(numbers: Sequence[str]) -> tuple[int, int | None]:
    years = [int(each) for each in numbers if len(each) == _YEAR_DIGITS]
    days = [int(each) for each in numbers if len(each) != _YEAR_DIGITS]
    return (days[0] if days else 0), (years[0] if years else None)


def _full(year: int, today: date) -> int:
    """Return the year that two digits stand for."""
    if year >= 100:  # noqa: PLR2004 written in full
        return year
    century = today.year - today.year % 100
    return century + year if century + year <= today.year + _CENTURY_AHEAD else century + year - 100


def _numbers(words: Words) -> list[str]:
    return [found[1] for word in words if (found := _NUMBER.fullmatch(word))]


def _without(said: Words, words: Words) -> Words | None:
    """Return what is said beside these words; None if they are not said."""
    for start in range(len(said) - len(words) + 1):
        if said[start : start + len(words)] == words:
            return said[:start] + said[start + len(words) :]
    return None
