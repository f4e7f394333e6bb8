"""Which events are due: taken in order, with the attempt counted before the work, so that a poison event is found."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update
from sqlalchemy.orm import Session

from bot.conversation.words import Store
from bot.store.db import execute_count, table, word
from bot.store.models import InboundEvent

events = table(InboundEvent)

TRIES = 3
"""After so many attempts an event is set aside: it is shown to operators and others go on."""


def take(session: Session, lanes: Collection[int], *, limit: int = 100) -> list[Row[Any]]:
    """Return the oldest events of the lanes, in order of arrival, their attempts already counted.

    An event that was tried before is taken alone: if it brings the process down, no other is counted with it.
    """
    waiting = (events.c.state == word("new"), events.c.lane.in_(lanes))
    session.execute(update(events).where(*waiting, events.c.attempts >= TRIES).values(state="set_aside"))
    found = session.execute(
        select(events.c.id, events.c.attempts).where(*waiting).order_by(events.c.id).limit(limit)
    ).all()
    fresh = list(takewhile(lambda row: row.attempts == 0, found))
    ids = [row.id for row in fresh or found[:1]]
    if not ids:
        return []
    taken = session.execute(
        update(events)
        .where(events.c.id.in_(ids), events.c.state == word("new"))
        .values(attempts=events.c.attempts + 1)
        .returning(events)
    )
    return sorted(taken.all(), key=lambda row: int(row.id))


def give_back(session: Session, ids: Iterable[int]) -> None:
    """Uncount the attempt of events that had no turn: they waited for another, or the database could not take it."""
    session.execute(
        update(events).where(events.c.id.in_(list(ids)), events.c.attempts > 0).values(attempts=events.c.attempts - 1)
    )


def finish(session: Session, done: Collection[Mapping[str, Any]]) -> int:
    """Mark events as handled (`event_id`, `said`, `kept`, `when`; `shred`: the text goes at once); return how many."""
    base = (
        update(events)
        .where(
            events.c.id == bindparam("event_id"),
            events.c.state == word("new"),
            events.c.contact_id.is_not_distinct_from(bindparam("whose")),  # else she was joined to another meanwhile
        )
        .values(state="done", rule=bindparam("said"), store=bindparam("kept"), handled_at=bindparam("when"))
    )
    names = ("event_id", "said", "kept", "when", "whose")
    changed = 0
    for gone, statement in ((False, base), (True, base.values(body=None))):
        rows = [{name: row[name] for name in names} for row in done if row["shred"] is gone]
        if rows:
            changed += session.connection().execute(statement, rows).rowcount
    return changed


def drop(session: Session, event_id: int) -> None:
    """Delete an event and its key: it came from somebody of whom nothing is kept."""
    session.execute(delete(events).where(events.c.id == event_id))


def shred(session: Session, event_ids: Collection[int]) -> int:
    """Drop the texts of handled events that are kept only until their reply is terminal; return how many."""
    mine = (events.c.id.in_(event_ids), events.c.store == Store.NONE, events.c.state != word("new"))
    return execute_count(session, update(events).where(*mine, events.c.body.is_not(None)).values(body=None))


def revoke(session: Session, contact_id: str, key_hash: str, *, now: datetime) -> int:
    """Drop the text of a message that the person took back (Meta, revoke); an unanswered one is not answered."""
    mine = (events.c.contact_id == contact_id, events.c.key_hash == key_hash)
    return execute_count(
        session, update(events).where(*mine).values(state="done", rule="revoked", handled_at=now, body=None)
    )
