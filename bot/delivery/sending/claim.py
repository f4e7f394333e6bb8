"""The gate: take what is due, judge it in the same transaction, and mark what may go as being sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from bot.config.content.quiet import Quiet
from bot.delivery.eligibility import Refuse, Send, Wait, judge
from bot.delivery.outbox import outbox
from bot.delivery.sending.facts import NEVER_QUIET, Case, Outside, gather
from bot.store.db import db_after, word
from bot.store.vault import Vault
from bot.wire import render

LEASE = timedelta(seconds=25)
"""How long a claim lasts: the longest POST (connect and read time-outs) and some seconds in the queue before it."""

START_WITHIN = 5.0
"""Seconds after the claim in which the POST must begin; later the lease could end before Meta's answer comes."""

FIRST_IN_LINE = 1
"""Up to this rank (authentication, rights, replies) messages of one contact keep their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that may go, once, as this attempt; `request` is the whole JSON for Meta."""

    id: int
    ref: str
    attempt: int
    business: str
    number_id: str
    contact_id: str | None
    lane: int
    kind: str
    purpose: str
    template: str
    has_outside: bool
    request: dict[str, Any]


def claim(  # noqa: PLR0913  what the gate must be told: neither content nor settings are its to read
    session: Session,
    vault: Vault,
    lanes: Collection[int],
    wabas: Mapping[str, str],
    *,
    now: datetime,
    quiet: Mapping[str, Quiet] = NEVER_QUIET,
    limit: int = 100,
) -> tuple[list[Claimed], list[tuple[str, str]]]:
    """Return what may be sent now, and (business, reason) of what was refused for good.

    At most one message of a contact; the lowest rank first, then the oldest. `wabas` names the account of each
    number, where its templates are; `quiet` the hours of each business in which it begins nothing.
    """
    rows = _one_each(session.execute(_due(lanes, now, limit)).all())
    cases = gather(session, vault, rows, Outside(wabas=wabas, quiet=quiet), now=now)
    claimed: list[Claimed] = []
    refused: list[tuple[str, str]] = []
    changes: list[dict[str, Any]] = []
    for case in cases:
        match judge(case.facts, now=now):
            case Send(kind):
                claimed.append(_claimed(case, kind))
                changes.append(_change(case, state="sending", attempt=case.row.attempt + 1, kind=kind))
            case Wait(until, reason):
                changes.append(_change(case, due_at=until, reason=reason))
            case Refuse(reason):
                refused.append((case.row.business, reason))
                state = "expired" if reason == "expired" else "blocked"
                changes.append(_change(case, state=state, reason=reason, keep=False))
    _write(session, changes)
    return claimed, refused


def _due(lanes: Collection[int], now: datetime, limit: int) -> Select[Any]:
    """Select what is due, but for what must wait for an earlier message of the same contact."""
    ahead = outbox.alias("ahead")
    in_flight = ahead.c.state == word("sending")
    in_doubt = or_(ahead.c.state == word("unknown"), and_(ahead.c.state == word("queued"), ahead.c.attempt > 0))
    in_line = and_(ahead.c.id < outbox.c.id, ahead.c.rank <= FIRST_IN_LINE, in_doubt)
    waits = exists().where(
        or_(ahead.c.contact_id == outbox.c.contact_id, ahead.c.envelope_id == outbox.c.envelope_id),
        ahead.c.state.in_([word("queued"), word("sending"), word("unknown")]),
        ahead.c.id != outbox.c.id,
        or_(in_flight, in_line),
    )
    return (
        select(outbox)
        .where(outbox.c.state == word("queued"), outbox.c.lane.in_(lanes), outbox.c.due_at <= now, ~waits)
        .order_by(outbox.c.rank, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def _one_each(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Keep the first message of each contact or envelope: two of one person are never on their way at once."""
    firsts: dict[str, Row[Any]] = {}
    for row in rows:
        firsts.setdefault(row.contact_id or row.envelope_id, row)
    return list(firsts.values())


def _claimed(case: Case, kind: str) -> Claimed:
    row = case.row
    body = case.body if kind == "free" else case.bound
    request = render.message(body, phone=case.recipient.phone, bsuid=case.recipient.bsuid, ref=row.ref)
    return Claimed(
        id=row.id,
        ref=row.ref,
        attempt=row.attempt + 1,
        business=row.business,
        number_id=row.number_id,
        contact_id=row.contact_id,
        lane=row.lane,
        kind=kind,
        purpose=row.purpose,
        has_outside=row.outside is not None,
        template=row.template if kind == "template" else "",
        request=request,
    )


def _change(case: Case, *, keep: bool = True, **values: Any) -> dict[str, Any]:
    row = case.row
    same = {"state": row.state, "attempt": row.attempt, "kind": row.kind, "reason": "", "due_at": row.due_at}
    texts = {"body": row.body if keep else None, "outside": row.outside if keep else None}
    return {"row_id": row.id, "was": row.attempt, **same, **texts, **values}


def _write(session: Session, changes: list[dict[str, Any]]) -> None:
    if not changes:
        return
    names = ("state", "attempt", "kind", "reason", "due_at", "body", "outside")
    statement = (
        update(outbox)
        .where(outbox.c.id == bindparam("row_id"), outbox.c.attempt == bindparam("was"))
        .values(**{name: bindparam(name) for name in names}, lease_until=db_after(LEASE))
    )
    session.connection().execute(statement, changes)
