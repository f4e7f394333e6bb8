"""Leases: who works on what until when, by the database's clock, whatever the machines think the time is.

A lease that is not renewed is anybody's once its time is over; `fence` grows whenever it gets another holder. A
released lease keeps its row, so that the fence never falls back.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, case, literal, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from bot.store.columns import EPOCH, MICROSECOND
from bot.store.db import db_now, insert
from bot.store.models import Lease

NAME = col(Lease.name)
UNTIL = col(Lease.until)


def take(session: Session, names: Iterable[str], holder: str, lasts: timedelta) -> list[str]:
    """Take what is free or over and renew what the holder has already; return the names it has now."""
    # In one order everywhere, so that two transactions cannot wait for each other.
    rows = [{"name": name, "holder": holder, "until": _end(lasts), "fence": 1} for name in sorted(set(names))]
    if not rows:
        return []
    offer = insert(session, Lease).values(rows)
    taken = offer.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "holder": holder,
            "until": offer.excluded.until,
            "fence": col(Lease.fence) + case((_has(holder), 0), else_=1),
        },
        where=_has(holder) | (db_now() >= UNTIL),
    )
    return sorted(session.execute(taken.returning(NAME)).scalars())


def renew(session: Session, names: Iterable[str], holder: str, lasts: timedelta) -> list[str]:
    """Prolong what the holder still has; return those names. What somebody else took meanwhile is not among them."""
    mine = update(Lease).where(NAME.in_(sorted(names)), _has(holder))
    return sorted(session.execute(mine.values(until=_end(lasts)).returning(NAME)).scalars())


def release(session: Session, names: Iterable[str], holder: str) -> None:
    """Give back what the holder has of these; the next one need not wait for the end."""
    mine = update(Lease).where(NAME.in_(sorted(names)), _has(holder))
    session.execute(mine.values(holder="", until=EPOCH))


def held(session: Session, name: str, holder: str) -> bool:
    """Return whether the lease is the holder's at this moment."""
    mine = select(NAME).where(col(Lease.name) == name, _has(holder), db_now() < UNTIL)
    return session.execute(mine).first() is not None


def _has(holder: str) -> ColumnElement[bool]:
    return col(Lease.holder) == holder


def _end(lasts: timedelta) -> ColumnElement[datetime]:
    return db_now() + literal(lasts // MICROSECOND, BigInteger)
