"""What waits: read without a lock, so that looking costs nobody anything."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from bot.answering.turns import events
from bot.delivery.outbox import outbox
from bot.delivery.receipts import ready, receipts
from bot.store.db import word


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The lanes in which events or due messages wait, and whether receipts do."""

    lanes: frozenset[int] = field(default_factory=frozenset)
    receipts: bool = False

    @property
    def any(self) -> bool:
        """Whether anything waits."""
        return bool(self.lanes) or self.receipts


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One queue in figures; `oldest` is when its oldest row came or was due."""

    name: str
    count: int
    oldest: datetime | None


def look(session: Session, *, now: datetime) -> Backlog:
    """Return what could be worked on now."""
    waiting = select(events.c.lane).where(events.c.state == word("new")).distinct()
    due = select(outbox.c.lane).where(outbox.c.state == word("queued"), outbox.c.due_at <= now).distinct()
    lanes = frozenset(session.execute(waiting.union(due)).scalars())
    receipt = session.execute(select(receipts.c.id).where(ready(now)).limit(1)).first()
    return Backlog(lanes=lanes, receipts=receipt is not None)


def figures(session: Session, *, now: datetime) -> list[Queue]:
    """Return the queues in figures, for operators and metrics."""

    def measure(name: str, moment: Any, *where: Any) -> Queue:
        count, oldest = session.execute(select(func.count(), func.min(moment)).where(*where)).one()
        return Queue(name=name, count=count, oldest=oldest)

    queued = outbox.c.state == word("queued")
    return [
        measure("events", events.c.received_at, events.c.state == word("new")),
        measure("events_set_aside", events.c.received_at, events.c.state == word("set_aside")),
        measure("receipts", receipts.c.received_at, true()),
        measure("sends_due", outbox.c.due_at, queued, outbox.c.due_at <= now),
        measure("sends_later", outbox.c.due_at, queued, outbox.c.due_at > now),
        measure("sends_in_flight", outbox.c.due_at, outbox.c.state == word("sending")),
        measure("sends_in_doubt", outbox.c.due_at, outbox.c.state == word("unknown")),
    ]
