"""Attempts of unknown outcome: wait for the receipt that carries our id, then let the purpose decide (law 7)."""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from bot.delivery.outbox import outbox
from bot.delivery.sending.outcome import GRACE
from bot.store.db import db_after, db_now, execute_count, table, word
from bot.store.models import ReceiptRow

receipts = table(ReceiptRow)


def settle_doubts(session: Session, *, now: datetime) -> tuple[int, int]:
    """Return how many claims were found abandoned and how many messages are to be tried again.

    A claim whose lease has ended is in doubt: its sender may have died before or after Meta took it.
    """
    doubted = released = 0
    told = exists().where(receipts.c.ref == outbox.c.ref)  # its receipt is in, and only waits to be merged
    for purpose, lasts in GRACE.items():
        abandoned = (outbox.c.state == word("sending"), outbox.c.lease_until < db_now())
        doubted += execute_count(
            session,
            update(outbox)
            .where(*abandoned, outbox.c.purpose == purpose)
            .values(state="unknown", lease_until=db_after(lasts)),
        )
        over = (outbox.c.state == word("unknown"), outbox.c.lease_until < db_now(), outbox.c.purpose == purpose, ~told)
        session.execute(
            update(outbox)
            .where(*over, outbox.c.expires_at <= now)
            .values(state="expired", body=None, outside=None, lease_until=None)
        )
        released += execute_count(
            session, update(outbox).where(*over).values(state="queued", due_at=now, lease_until=None)
        )
    # What has no grace (marketing) is never sent again by itself: it stays unknown, for a person to see.
    ended = (outbox.c.state == word("sending"), outbox.c.lease_until < db_now())
    doubted += execute_count(session, update(outbox).where(*ended).values(state="unknown", lease_until=None))
    return doubted, released


def in_doubt(session: Session) -> bool:
    """Return whether there is a claim or a doubt whose time is over; a read, and a small index."""
    over = select(outbox.c.id).where(
        outbox.c.state.in_([word("sending"), word("unknown")]), outbox.c.lease_until < db_now()
    )
    return session.execute(over.limit(1)).first() is not None
