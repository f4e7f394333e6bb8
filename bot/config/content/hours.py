"""The opening hours of a business: open or not, the week in words, the next opening."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from bot.config.catalogue import Catalogue
from bot.config.content.spans import WHOLE_DAY, Span, clock
from bot.config.content.special_days import NO_DAYS, SpecialDays
from bot.conversation.replies import Phrase

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD = 60
"""So many days the next opening is looked for: longer than any holidays."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Seven days, Monday first, each with its spans; no day at all means: no hours are set, so always open.

    `special` are the days that are not like their weekday.
    """

    days: tuple[tuple[Span, ...], ...] = ()
    special: SpecialDays = NO_DAYS

    def on(self, day: date) -> tuple[Span, ...]:
        """Return when the business is open on this very day."""
        special = self.special.on(day)
        return self.days[day.weekday()] if special is None else special

    def is_open(self, local: datetime) -> bool:
        """Tell whether the business is open at this local time."""
        if not self.days:
            return True
        minute = local.hour * 60 + local.minute
        today, yesterday = self.on(local.date()), self.on(local.date() - timedelta(days=1))
        return any(span.start <= minute < span.end for span in today) or any(
            minute < span.end - WHOLE_DAY for span in yesterday
        )

    def opens_after(self, local: datetime) -> datetime | None:
        """Return the next opening after this local time; None if there is none for two months."""
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        for ahead in range(AHEAD) if self.days else ():
            day = midnight + timedelta(days=ahead)
            for span in self.on(day.date()):
                opening = day.replace(hour=span.start // 60, minute=span.start % 60)
                if opening > local:
                    return opening
        return None

    def week(self, language: str, catalogue: Catalogue, today: date | None = None) -> str:
        """Say the whole week, days alike together: `Mon–Fri 07:30–20:00; Sat 09:00–14:00; Sun closed`.

        With a day given, what differs in the next seven days is said too: `Thu 25 closed`.
        """

        def say(key: str) -> str:
            return catalogue.text(Phrase(f"hours.{key}"), language)

        if not self.days:
            return say("always")
        names = [say(day) for day in DAYS]
        runs = _runs(self.days, names, say("daily"), say("closed"))
        return "; ".join((*runs, *self._unlike(today, names, say("closed")))) if today else "; ".join(runs)

    def _unlike(self, today: date, names: Sequence[str], closed: str) -> Iterator[str]:
        for day in (today + timedelta(days=ahead) for ahead in range(len(DAYS))):
            spans = self.special.on(day)
            if spans is not None and spans != self.days[day.weekday()]:
                yield f"{names[day.weekday()]} {day.day} {_spans(spans, closed)}"

    def next(self, local: datetime, language: str, catalogue: Catalogue) -> str:
        """Say when the business opens next: today, tomorrow, or on which day."""
        opening = self.opens_after(local)
        if opening is None:
            return catalogue.text(Phrase("hours.later"), language)
        values = {"time": clock(opening.hour * 60 + opening.minute)}
        ahead = (opening.date() - local.date()).days
        if ahead > 1:
            day = catalogue.text(Phrase(f"hours.{DAYS[opening.weekday()]}"), language)
            # In more than a week the weekday alone would be taken for the next one.
            values["day"] = day if ahead <= len(DAYS) else f"{day} {opening.day}"
        key = ("hours.today", "hours.tomorrow")[ahead] if ahead <= 1 else "hours.on"
        return catalogue.text(Phrase(key, values), language)


def _runs(days: tuple[tuple[Span, ...], ...], names: Sequence[str], daily: str, closed: str) -> Iterator[str]:
    for spans, run in groupby(range(len(days)), key=lambda day: days[day]):
        alike = list(run)
        if len(alike) == len(DAYS):
            label = daily
        elif len(alike) == 1:
            label = names[alike[0]]
        else:
            label = f"{names[alike[0]]}–{names[alike[-1]]}"
        yield f"{label} {_spans(spans, closed)}"


def _spans(spans: Sequence[Span], closed: str) -> str:
    return ", ".join(map(str, spans)) or closed
