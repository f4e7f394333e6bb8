"""Write down what came of a batch of POSTs, in one transaction; every line carries its attempt's number."""

import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, select, update
from sqlalchemy.orm import Session

from bot.conversation.words import Purpose
from bot.delivery import numbers, templates
from bot.delivery.outbox import outbox
from bot.delivery.sending.outcome import GRACE, Refusal, consequence
from bot.delivery.sending.post import Posted
from bot.store.db import db_after, word
from bot.store.vault import Vault
from bot.wire.errors import Action, Outcome, SendError

OURS = (word("sending"), word("unknown"))
"""The states in which an attempt still waits for its outcome; a receipt may have been quicker."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written: counts by (business, name), alerts by (business, template, code); no template = the number.

    `opted_out` are (business, contact) who stopped marketing at WhatsApp, as Meta says.
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    alerts: list[tuple[str, str, int | None]] = field(default_factory=list)
    opted_out: list[tuple[str, str]] = field(default_factory=list)


def record(
    session: Session, vault: Vault, posted: Sequence[Posted], wabas: Mapping[str, str], *, now: datetime
) -> Recorded:
    """Record the outcomes; a worker that was presumed dead changes nothing, for its attempt is no longer current."""
    recorded = Recorded()
    ids = [each.claimed.id for each in posted]
    # In one order with the merge of receipts, or the two wait crosswise.
    session.execute(select(outbox.c.id).where(outbox.c.id.in_(ids)).order_by(outbox.c.id).with_for_update())
    accepted = [each for each in posted if each.accepted]
    if accepted:
        _accept(session, vault, accepted, now=now)
        numbers.clear(session, {each.claimed.number_id for each in accepted}, now=now)
        recorded.counts.update((each.claimed.business, "accepted") for each in accepted)
    for each in posted:
        if each.error:
            recorded.counts[each.claimed.business, each.error.outcome] += 1
            _write_refusal(session, each, each.error, now=now)
            _beyond(session, each, each.error, wabas, recorded, now=now)
    return recorded


def _accept(session: Session, vault: Vault, posted: Sequence[Posted], *, now: datetime) -> None:
    statement = (
        update(outbox)
        .where(outbox.c.id == bindparam("row_id"), outbox.c.attempt == bindparam("was"))
        .values(
            state=case((outbox.c.state.in_(OURS), word("accepted")), else_=outbox.c.state),
            wamid_hash=bindparam("hash"),
            accepted_at=now,
            lease_until=None,
        )
    )
    rows = [
        {"row_id": each.claimed.id, "was": each.claimed.attempt, "hash": vault.digest("wamid", each.accepted.wamid)}
        for each in posted
        if each.accepted
    ]
    session.connection().execute(statement, rows)


def _write_refusal(session: Session, posted: Posted, error: SendError, *, now: datetime) -> None:
    claimed = posted.claimed
    mine = (outbox.c.id == claimed.id, outbox.c.attempt == claimed.attempt, outbox.c.state.in_(OURS))
    session.execute(update(outbox).where(*mine).values(**_values(posted, error, now=now)))


def _values(posted: Posted, error: SendError, *, now: datetime) -> dict[str, Any]:
    if error.outcome is Outcome.UNKNOWN:
        return {"state": "unknown", "lease_until": grace(posted), "code": error.code}
    policy = error.policy
    if error.outcome is Outcome.NOT_SENT:
        policy = replace(policy, tries=sys.maxsize)  # nothing left this machine: its lifetime ends it, no count
    refusal = Refusal(
        policy=policy,
        code=error.code,
        attempt=posted.claimed.attempt,
        has_outside=bool(posted.claimed.has_outside),
        retry_after=error.retry_after,
        spread=random.random(),  # noqa: S311  spreads retries, keeps no secret
    )
    return {"lease_until": None, **consequence(refusal, now=now)}


def grace(posted: Posted) -> Any:
    """Return until when the doubt waits, by the database's clock; None = for ever."""
    lasts = GRACE.get(Purpose(posted.claimed.purpose))
    return None if lasts is None else db_after(lasts)


def _beyond(
    session: Session,
    posted: Posted,
    error: SendError,
    wabas: Mapping[str, str],
    recorded: Recorded,
    *,
    now: datetime,
) -> None:
    """Carry out what the error says beyond this message, and note what others must hear of."""
    claimed, policy = posted.claimed, error.policy
    if error.outcome is not Outcome.REFUSED:
        return
    template, alert = "", policy.alert
    match policy.action:
        case Action.OPTED_OUT if claimed.contact_id:
            recorded.opted_out.append((claimed.business, claimed.contact_id))
        case Action.PAUSE_TEMPLATE if claimed.template:
            templates.mark(session, wabas[claimed.number_id], claimed.template, "PAUSED")
            template, alert = claimed.template, True
        case Action.PAUSE_NUMBER | Action.SLOW_NUMBER:
            reason = f"code_{error.code}"
            alert &= numbers.pause(session, claimed.number_id, claimed.business, reason, policy, now=now)
    if alert:
        recorded.alerts.append((claimed.business, template, error.code))
