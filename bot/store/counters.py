"""Counters by day and business: the funnel, without people."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.db import insert, table
from bot.store.models import Counter

counters = table(Counter)


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened on a day (days since 1970)."""

    day: int
    business: str
    name: str
    value: int


def bump(session: Session, day: int, counts: Mapping[tuple[str, str], int]) -> None:
    """Add to a day's counters, by (business, name); a transaction does it last, for others wait until it is over."""
    # In one order everywhere, so that two transactions cannot wait for each other.
    rows = [
        {"day": day, "business": business, "name": name, "value": value}
        for (business, name), value in sorted(counts.items())
        if value
    ]
    if rows:
        offer = insert(session, counters)
        more = {"value": counters.c.value + offer.excluded.value}
        session.execute(offer.on_conflict_do_update(index_elements=["day", "business", "name"], set_=more), rows)


def read(session: Session, *, since: int, business: str | None = None) -> list[Count]:
    """Return what was counted from that day on, in order; of all businesses, or of one."""
    found = select(counters.c.day, counters.c.business, counters.c.name, counters.c.value)
    found = found.where(counters.c.day >= since).order_by(counters.c.day, counters.c.business, counters.c.name)
    if business is not None:
        found = found.where(counters.c.business == business)
    return [Count(*row) for row in session.execute(found)]
