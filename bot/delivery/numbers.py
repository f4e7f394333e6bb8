"""The health of the business numbers: a breaker for each, that keeps the rows and tries again after a while."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.delivery.eligibility import Reason
from bot.delivery.outbox import outbox
from bot.store.db import execute_count, insert, table, word
from bot.store.models import NumberState
from bot.wire.errors import Policy

numbers = table(NumberState)


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a number waits, and until when (UTC)."""

    reason: str
    until: datetime


def pauses(session: Session, number_ids: Iterable[str]) -> Mapping[str, Pause]:
    """Return the numbers among these that wait."""
    found = session.execute(
        select(numbers.c.number_id, numbers.c.paused_reason, numbers.c.resume_at).where(
            numbers.c.number_id.in_(set(number_ids)), numbers.c.resume_at.is_not(None)
        )
    )
    return {row.number_id: Pause(row.paused_reason, row.resume_at) for row in found}


def pause(session: Session, number_id: str, business: str, reason: str, policy: Policy, *, now: datetime) -> bool:
    """Let the number wait as the error's policy says, longer each time; return whether it was running before."""
    row = session.execute(select(numbers).where(numbers.c.number_id == number_id)).first()
    if row and row.resume_at and row.resume_at > now:
        return False  # the rest of what was on its way when the pause began: one strike
    strikes = (row.strikes if row else 0) + 1
    values = {
        "paused_at": (row.paused_at if row else None) or now,
        "paused_reason": reason,
        "resume_at": now + timedelta(seconds=policy.wait(strikes)),
        "strikes": strikes,
    }
    statement = insert(session, NumberState).values(number_id=number_id, business=business, per_second=80, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["number_id"], set_=values))
    return row is None or row.resume_at is None


def clear(session: Session, number_ids: Iterable[str], *, now: datetime) -> int:
    """End the pause of numbers that work again and release what waited for it; return how many were paused."""
    cleared = execute_count(
        session,
        update(numbers)
        .where(numbers.c.number_id.in_(set(number_ids)), numbers.c.resume_at.is_not(None))
        .values(paused_at=None, paused_reason="", resume_at=None, strikes=0),
    )
    if cleared:
        waiting = (outbox.c.number_id.in_(set(number_ids)), outbox.c.state == word("queued"))
        session.execute(update(outbox).where(*waiting, outbox.c.reason == Reason.PAUSED).values(due_at=now, reason=""))
    return cleared
