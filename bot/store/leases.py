"""Leases: who works on what until when, by the database's clock, whatever the machines think the time is.

A lease that is not renewed is anybody's once its time is over; `fence` grows whenever it gets another holder. A
released lease keeps its row, so that the fence never falls back.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import Session

from bot.store.columns import EPOCH
from bot.store.db import db_after, db_now, insert, table
from bot.store.models import Lease

leases = table(Lease)


def take(session: Session, names: Iterable[str], holder: str, lasts: timedelta) -> list[str]:
    """Take what is free or over and renew what the holder has already; return the names it has now."""
    # In one order everywhere, so that two transactions cannot wait for each other. A list of parameters, for a
    # statement with many rows in it would be compiled anew each time.
    rows = [{"name": name, "holder": holder} for name in sorted(set(names))]
    if not rows:
        return []
    offer = insert(session, leases).values(until=db_after(lasts), fence=1)
    same = leases.c.holder == offer.excluded.holder
    taken = offer.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "holder": offer.excluded.holder,
            "until": offer.excluded.until,
            "fence": leases.c.fence + case((same, 0), else_=1),
        },
        where=same | (db_now() >= leases.c.until),
    )
    return sorted(session.execute(taken.returning(leases.c.name), rows).scalars())


def of_others(session: Session, holder: str) -> set[str]:
    """Return what somebody else has now."""
    theirs = select(leases.c.name).where(leases.c.holder.not_in(["", holder]), leases.c.until > db_now())
    return set(session.execute(theirs).scalars())


def renew(session: Session, names: Iterable[str], holder: str, lasts: timedelta) -> list[str]:
    """Prolong what the holder still has; return those names. What somebody else took meanwhile is not among them."""
    mine = update(leases).where(leases.c.name.in_(sorted(names)), _has(holder))
    return sorted(session.execute(mine.values(until=db_after(lasts)).returning(leases.c.name)).scalars())


def release(session: Session, names: Iterable[str], holder: str) -> None:
    """Give back what the holder has of these; the next one need not wait for the end."""
    mine = update(leases).where(leases.c.name.in_(sorted(names)), _has(holder))
    session.execute(mine.values(holder="", until=EPOCH))


def held(session: Session, name: str, holder: str) -> bool:
    """Return whether the lease is the holder's at this moment."""
    mine = select(leases.c.name).where(leases.c.name == name, _has(holder), leases.c.until > db_now())
    return session.execute(mine).first() is not None


def _has(holder: str) -> ColumnElement[bool]:
    return leases.c.holder == holder
