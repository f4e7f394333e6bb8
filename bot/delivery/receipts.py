"""Receipts: a monotone merge, so that any order and any number of copies end in the same state."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from bot.conversation.words import Store
from bot.delivery.outbox import TERMINAL, outbox
from bot.delivery.sending.outcome import Refusal, consequence
from bot.store.db import table
from bot.store.models import ReceiptRow
from bot.wire.errors import Action, policy

receipts = table(ReceiptRow)

RANK = {
    "queued": 0,
    "sending": 0,
    "unknown": 0,
    "accepted": 1,
    "sent": 2,
    "failed": 3,
    "delivered": 4,
    "read": 5,
    "played": 6,
}
"""`failed` gives way to a later receipt that the message did arrive; the failure is kept as a fact of its own."""

MOMENTS = {
    "sent": "sent_at",
    "delivered": "delivered_at",
    "read": "read_at",
    "played": "read_at",
    "failed": "failed_at",
}

PATIENCE = timedelta(seconds=60)
"""How long a receipt without our id waits for the record of the send whose wamid it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A message that a receipt brought to its end."""

    ref: str
    state: str
    business: str
    contact_id: str | None
    envelope_id: str | None
    event_id: int | None
    store: str
    code: int | None


@dataclass(frozen=True, slots=True)
class Merged:
    """What a batch came to: how many receipts were taken, what is settled, counts by (business, name).

    `opted_out` are (business, contact) who stopped marketing at WhatsApp, as a failure says.
    """

    taken: int = 0
    settled: list[Settled] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    opted_out: list[tuple[str, str]] = field(default_factory=list)


def ready(now: datetime) -> ColumnElement[bool]:
    """Return which receipts can be taken: one without our id waits for the record of its send, out of the way."""
    known = exists().where(outbox.c.wamid_hash == receipts.c.wamid_hash)
    return or_(receipts.c.ref != "", receipts.c.received_at <= now - PATIENCE, known)


def merge(session: Session, *, now: datetime, limit: int = 500) -> Merged:
    """Take the oldest receipts and merge them into their messages; what matches nothing is dropped unread."""
    batch = session.execute(
        select(receipts).where(ready(now)).order_by(receipts.c.id).limit(limit).with_for_update(skip_locked=True)
    ).all()
    if not batch:
        return Merged()
    messages = _messages(session, batch)
    merged = Merged(taken=len(batch))
    waiting: list[int] = []
    news: dict[int, tuple[Row[Any], list[Row[Any]]]] = {}
    for receipt in batch:
        message = messages.get(receipt.ref) or messages.get(receipt.wamid_hash)
        if message is not None:
            news.setdefault(message.id, (message, []))[1].append(receipt)
        elif not receipt.ref and now - receipt.received_at < PATIENCE:
            waiting.append(receipt.id)
        else:
            merged.counts["", "receipt_dropped"] += 1
    told = sorted(news.values(), key=lambda pair: pair[0].id)
    _write(session, [(message.id, _follow(message, its, merged, now=now)) for message, its in told])
    session.execute(delete(receipts).where(receipts.c.id.in_([row.id for row in batch if row.id not in waiting])))
    return merged


def _messages(session: Session, batch: Sequence[Row[Any]]) -> dict[str, Row[Any]]:
    refs = {row.ref for row in batch if row.ref}
    hashes = {row.wamid_hash for row in batch if not row.ref}
    by_either = or_(outbox.c.ref.in_(refs), outbox.c.wamid_hash.in_(hashes))
    found: dict[str, Row[Any]] = {}
    for row in session.execute(select(outbox).where(by_either).order_by(outbox.c.id).with_for_update()):
        found[row.ref] = row
        found[row.wamid_hash] = row
    return found


def _write(session: Session, changes: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Write the changes, those of the same columns at once."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for message_id, values in changes:
        alike.setdefault(tuple(sorted(values)), []).append({"message": message_id, **values})
    for rows in alike.values():
        session.connection().execute(update(outbox).where(outbox.c.id == bindparam("message")), rows)


def _follow(message: Row[Any], its: Iterable[Row[Any]], merged: Merged, *, now: datetime) -> dict[str, Any]:
    """Return what the receipts change of the message."""
    values: dict[str, Any] = {"state": message.state, "code": message.code}
    for receipt in its:
        if _repeated(message, receipt):
            continue
        merged.counts[message.business, receipt.status] += _first(message, values, MOMENTS[receipt.status])
        if receipt.price:
            priced = f"price_{receipt.price}_{receipt.category}"
            merged.counts[message.business, priced] += _first(message, values, "price")
        values = _advance(message, values, receipt)
    if values["state"] == "failed":
        values |= _failed(message, values, merged, now=now)
    elif RANK.get(values["state"], 0) > RANK["accepted"]:
        values["lease_until"] = None
    ends = values["state"] in TERMINAL
    if ends and message.store == Store.NONE:
        values |= {"body": None, "outside": None}
    if ends:
        merged.settled.append(_settled(message, values))
    return values


def _advance(message: Row[Any], values: dict[str, Any], receipt: Row[Any]) -> dict[str, Any]:
    """Keep the highest state and the earliest moment of each; refused or expired here stays so."""
    moment = MOMENTS[receipt.status]
    known = values.get(moment) or getattr(message, moment)
    values[moment] = min(known, receipt.at) if known else receipt.at
    if receipt.status == "failed":
        values["code"] = receipt.code
    if receipt.price:
        values |= {"price": receipt.price, "category": receipt.category}
    if RANK[receipt.status] > RANK.get(values["state"], 99):
        values["state"] = receipt.status
    return values


def _repeated(message: Row[Any], receipt: Row[Any]) -> bool:
    """Return whether this failure was acted upon before: the message may have gone out again since, as a template."""
    failed_before = receipt.status == "failed" and message.failed_at is not None
    return failed_before and bool(receipt.at <= message.failed_at)


def _first(message: Row[Any], values: dict[str, Any], column: str) -> int:
    """Return 1 when nothing has set the column yet: a status counts once, however many copies of it come."""
    return int(not getattr(message, column) and column not in values)


def _failed(message: Row[Any], values: dict[str, Any], merged: Merged, *, now: datetime) -> dict[str, Any]:
    """Act on a failure told by receipt: the window closed on the way, or the person stopped marketing there."""
    rule = policy(values["code"], None, transient=False)
    if rule.action is Action.OPTED_OUT and message.contact_id:
        merged.opted_out.append((message.business, message.contact_id))
    if rule.action is Action.NEEDS_TEMPLATE and message.kind == "free":
        refusal = Refusal(
            policy=rule, code=values["code"], attempt=message.attempt, has_outside=message.outside is not None
        )
        return consequence(refusal, now=now)
    return {"reason": rule.action}


def _settled(message: Row[Any], values: dict[str, Any]) -> Settled:
    return Settled(
        ref=message.ref,
        state=values["state"],
        business=message.business,
        contact_id=message.contact_id,
        envelope_id=message.envelope_id,
        event_id=message.event_id,
        store=message.store,
        code=values["code"],
    )
