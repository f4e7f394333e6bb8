"""Days that are not like their weekday: public holidays of a country, and what a business wrote by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from bot.config.content.spans import Span

LEAP = 2000
"""The year of dates that hold every year: it has all days."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Days from one to another, both included; those of the year 2000 hold every year."""

    first: date
    last: date
    spans: tuple[Span, ...] = ()

    def covers(self, day: date) -> bool:
        """Tell whether the day is one of them."""
        if self.first.year != LEAP:
            return self.first <= day <= self.last
        first, last, at = ((each.month, each.day) for each in (self.first, self.last, day))
        return first <= at <= last if first <= last else at >= first or at <= last


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """What beats the week: the days by hand, the shorter before the longer, then the country's holidays."""

    country: str = ""
    region: str = ""
    spans: tuple[Span, ...] = ()
    """When the business is open on a public holiday; not at all, if nothing is said."""
    marked: tuple[Marked, ...] = ()

    def on(self, day: date) -> tuple[Span, ...] | None:
        """Return when the business is open on a day that is not like its weekday; None for a common one."""
        for each in sorted(self.marked, key=lambda each: (each.last - each.first, each.first.year == LEAP)):
            if each.covers(day):
                return each.spans
        return self.spans if self.country and day in public(self.country, self.region, day.year) else None


NO_DAYS = SpecialDays()


def countries() -> Mapping[str, list[str]]:
    """Return the countries whose holidays are known, by ISO 3166 code, each with its regions."""
    return holidays.list_supported_countries(include_aliases=False)


@lru_cache(maxsize=256)
def public(country: str, region: str, year: int) -> frozenset[date]:
    """Return the public holidays of a year."""
    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))
