"""The opening hours of a business: open or not, the week in words, the next opening."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from bot.config.catalogue import Catalogue
from bot.conversation.replies import Phrase

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WHOLE_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Span:
    """From minute to minute of a day; one that passes midnight ends beyond 24 hours."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{clock(self.start)}–{clock(self.end)}"


def clock(minutes: int) -> str:
    """Write a minute of the day as people read it: 07:30, and 24:00 for the end of it."""
    shown = minutes - WHOLE_DAY if minutes > WHOLE_DAY else minutes
    return f"{shown // 60:02}:{shown % 60:02}"


@dataclass(frozen=True, slots=True)
class Hours:
    """Seven days, Monday first, each with its spans; no day at all means: no hours are set, so always open."""

    days: tuple[tuple[Span, ...], ...] = ()

    def is_open(self, local: datetime) -> bool:
        """Tell whether the business is open at this local time."""
        if not self.days:
            return True
        minute = local.hour * 60 + local.minute
        today, yesterday = self.days[local.weekday()], self.days[local.weekday() - 1]
        return any(span.start <= minute < span.end for span in today) or any(
            minute < span.end - WHOLE_DAY for span in yesterday
        )

    def opens_after(self, local: datetime) -> datetime | None:
        """Return the next opening after this local time, within a week; None if there is none."""
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        for ahead in range(len(DAYS) + 1) if self.days else ():
            day = midnight + timedelta(days=ahead)
            for span in self.days[day.weekday()]:
                opening = day.replace(hour=span.start // 60, minute=span.start % 60)
                if opening > local:
                    return opening
        return None

    def week(self, language: str, catalogue: Catalogue) -> str:
        """Say the whole week, days alike together: `Mon–Fri 07:30–20:00; Sat 09:00–14:00; Sun closed`."""

        def say(key: str) -> str:
            return catalogue.text(Phrase(f"hours.{key}"), language)

        if not self.days:
            return say("always")
        return "; ".join(_runs(self.days, [say(day) for day in DAYS], say("daily"), say("closed")))

    def next(self, local: datetime, language: str, catalogue: Catalogue) -> str:
        """Say when the business opens next: today, tomorrow, or on which day."""
        opening = self.opens_after(local)
        if opening is None:
            return catalogue.text(Phrase("hours.later"), language)
        values = {"time": clock(opening.hour * 60 + opening.minute)}
        ahead = (opening.date() - local.date()).days
        if ahead > 1:
            values["day"] = catalogue.text(Phrase(f"hours.{DAYS[opening.weekday()]}"), language)
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
        yield f"{label} {', '.join(map(str, spans)) or closed}"
