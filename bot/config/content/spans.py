"""Parts of a day, minute by minute."""

from dataclasses import dataclass

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
