"""Quiet hours: when a business begins nothing by itself, by purpose. Answers are never kept waiting by them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config.content.spans import WHOLE_DAY, Span


@dataclass(frozen=True, slots=True)
class Quiet:
    """The quiet hours of one business, in its own zone."""

    zone: ZoneInfo
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    def until(self, purpose: str, now: datetime) -> datetime | None:
        """Return when the quiet that reigns at this moment ends (UTC); None if there is none."""
        local = now.astimezone(self.zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        minute = local.hour * 60 + local.minute
        ends = [
            end
            for span in self.spans.get(purpose, ())
            for start, end in ((span.start, span.end), (span.start - WHOLE_DAY, span.end - WHOLE_DAY))
            if start <= minute < end
        ]
        return _later(midnight, max(ends)).astimezone(UTC) if ends else None


def _later(midnight: datetime, minutes: int) -> datetime:
    """Return the moment by the clock on the wall: summer time may begin in between."""
    day = midnight + timedelta(days=minutes // WHOLE_DAY)
    return day.replace(hour=minutes % WHOLE_DAY // 60, minute=minutes % 60)
