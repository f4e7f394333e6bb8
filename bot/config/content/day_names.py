"""Days as people of a language write them: names of months and weekdays, the order of day and month (CLDR)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from bot.config.content.words import tokens
from bot.conversation.text import normal

Names = Mapping[tuple[str, ...], int]
"""Names as the words they are made of, the longest first, each with its number."""

_FORMS = ("format", "stand-alone")
_WIDTHS = ("wide", "abbreviated")
_SHORTEST = 2
"""An abbreviation of one letter names too many days; one sign of a script without spaces is a whole word."""
_MORE_MONTHS: Mapping[str, Mapping[str, int]] = {
    "en": {"sept": 9},
    "hi": {"सितम्बर": 9, "नवम्बर": 11, "दिसम्बर": 12},
}
_MORE_DAYS: Mapping[str, Mapping[str, int]] = {
    "en": {"tues": 1, "thur": 3, "thurs": 3},
    "hi": {"बृहस्पतिवार": 3, "इतवार": 6, "somvar": 0, "mangalvar": 1, "budhvar": 2, "guruvar": 3, "shukravar": 4,
           "shanivar": 5, "ravivar": 6},
    "gu": {"somvar": 0, "mangalvar": 1, "budhvar": 2, "guruvar": 3, "shukravar": 4, "shanivar": 5, "ravivar": 6},
    "pt": {"segunda": 0, "terça": 1, "terca": 1, "quarta": 2, "quinta": 3, "sexta": 4, "sabado": 5},
    "es": {"miercoles": 2, "sabado": 5},
    "zh": {"星期天": 6, "周天": 6, "礼拜一": 0, "礼拜二": 1, "礼拜三": 2, "礼拜四": 3, "礼拜五": 4, "礼拜六": 5,
           "礼拜天": 6},
}  # fmt: skip
"""What people write besides the names of the CLDR."""


@dataclass(frozen=True, slots=True)
class DayNames:
    """The days of one language; `order` is that of a date in digits: dmy, mdy or ymd; `decimal` the decimal sign."""

    locale: str
    months: Names
    weekdays: Names
    ahead: Names
    order: str
    decimal: str

    def say(self, day: date) -> str:
        """Write a day in full."""
        return format_date(day, "full", self.locale)


def day_names(language: str, telephone: str, ahead: Mapping[str, int]) -> DayNames:
    """Return the days of a language, dates in digits as in the country of the telephone."""
    locale = _locale(language)
    home = _at_home(locale, telephone)
    months, weekdays = dict(_names(locale.months)), dict(_names(locale.days))
    return DayNames(
        locale=str(home),
        months=_by_words({**months, **_MORE_MONTHS.get(language, {})}),
        weekdays=_by_words({**weekdays, **_MORE_DAYS.get(language, {})}),
        ahead=_by_words(ahead),
        order=_order(home),
        decimal=str(home.number_symbols.get("latn", {}).get("decimal", ".")),
    )


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    """Return what the CLDR knows of a language; of one it does not know, English."""
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _names(table: Mapping[str, Mapping[str, Mapping[int, str]]]) -> Iterator[tuple[str, int]]:
    for form in _FORMS:
        for width in _WIDTHS:
            yield from ((name, number) for number, name in table.get(form, {}).get(width, {}).items())


def _by_words(names: Mapping[str, int]) -> Names:
    plain = {tokens(normal(name)): number for name, number in names.items() if len(normal(name)) >= _SHORTEST}
    return dict(sorted(plain.items(), key=lambda each: -len(each[0])))


def _at_home(locale: Locale, telephone: str) -> Locale:
    """Return the language as it is written in the country of the telephone; elsewhere as in most countries."""
    region = phonenumbers.region_code_for_number(phonenumbers.parse(telephone)) or ""
    try:
        return Locale.parse(f"{locale.language}_{region}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_001") if locale.language == "en" else locale


def _order(home: Locale) -> str:
    """Return d, m and y in the order of the short date."""
    pattern = str(home.date_formats["short"].pattern).lower()
    return "".join(dict.fromkeys(letter for letter in pattern if letter in "dmy"))
