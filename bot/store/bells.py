"""One ring waits, and no second is needed: a column, so that a lost Redis cannot swallow it for ever (law 1)."""

from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.store.db import db_after, db_now, execute_count, insert, table
from bot.store.models import Bell

bells = table(Bell)

NAME = "work"
LOST_AFTER = timedelta(seconds=5)
"""A ring that nobody has answered for so long was lost, and may be given again."""


def heard_for(session: Session) -> timedelta:
    """Return how much longer a job listens to the bell; zero when none does."""
    row = session.execute(select(bells.c.heard_until, db_now()).where(bells.c.name == NAME)).first()
    if row is None or row[0] is None:
        return timedelta()
    left: timedelta = row[0] - row[1]
    return max(left, timedelta())


def begin_ring(session: Session) -> bool:
    """Note that a ring waits; False when one waits already and nothing need be done."""
    session.execute(insert(session, Bell).values(name=NAME).on_conflict_do_nothing())
    free = or_(bells.c.waiting_since.is_(None), bells.c.waiting_since < db_after(-LOST_AFTER))
    return execute_count(session, update(bells).where(bells.c.name == NAME, free).values(waiting_since=db_now())) > 0


def answer_ring(session: Session, lasts: timedelta) -> None:
    """Note that a job has heard the ring and listens from now on, for so long."""
    _set(session, waiting_since=None, heard_until=db_after(lasts))


def fall_silent(session: Session) -> None:
    """Note that the job no longer listens, before its time."""
    _set(session, waiting_since=None, heard_until=None)


def _set(session: Session, **values: object) -> None:
    offer = insert(session, Bell).values(name=NAME, **values)
    session.execute(offer.on_conflict_do_update(index_elements=["name"], set_=values))
