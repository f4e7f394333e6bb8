"""Waiting for the operator's own first message: whether it came, and whether its answer left."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.delivery.outbox import outbox
from bot.doors.going_live.outcome import Failed, Ok, Outcome
from bot.store.db import table
from bot.store.models import Window

LOOK_EVERY = 0.3
_LEFT = frozenset({"accepted", "sent", "delivered", "read"})
windows = table(Window)


@dataclass(frozen=True, slots=True)
class Seen:
    """How many messages of people and answers to them the number has had, by state of the answer."""

    heard: str
    answers: tuple[tuple[str, int], ...]

    def more(self, before: "Seen", states: frozenset[str]) -> bool:
        """Tell whether more answers stand in these states than before."""
        return _count(self, states) > _count(before, states)


def _count(seen: Seen, states: frozenset[str]) -> int:
    return sum(count for state, count in seen.answers if state in states)


def look(session: Session, number_id: str) -> Seen:
    """Count; no number, no text and no name is read."""
    last = select(func.max(windows.c.last_inbound_at)).where(windows.c.number_id == number_id)
    states = select(outbox.c.state, func.count()).where(outbox.c.number_id == number_id).group_by(outbox.c.state)
    return Seen(str(session.execute(last).scalar()), tuple((row[0], row[1]) for row in session.execute(states)))


def wait(look: Callable[[], Seen], within: float, stopped: threading.Event | None = None) -> Outcome:
    """Look until the answer to a new message has left, or the time is over; say how far it came."""
    before, end, halt = look(), time.monotonic() + within, stopped or threading.Event()
    now = before
    while time.monotonic() < end and not now.more(before, _LEFT):
        halt.wait(LOOK_EVERY)
        now = look()
    if now.more(before, _LEFT):
        return Ok("your message came, and the answer has left")
    if now.more(before, frozenset({"failed", "blocked", "unknown", "expired"})):
        return Failed("your message came, and the answer did not go out", "run `lethe doctor`, then `lethe jobs`")
    if now.heard != before.heard:
        remedy = "look whether the worker runs (`lethe run` starts it), at `lethe jobs` and at the worker's log"
        return Failed("your message came, and nothing answered it", remedy)
    remedy = "write from another phone, to this very number; then run `lethe doctor`. An app in development tells of "
    return Failed("no message came", remedy + "test messages alone: set it Live in the app dashboard")
