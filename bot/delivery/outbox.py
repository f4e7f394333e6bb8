"""Staging: a message enters the outbox in the transaction that decided on it, and waits there for the gate."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from bot.conversation.words import Purpose, Store
from bot.delivery.eligibility import Reason
from bot.store.db import add, execute_count, table, word
from bot.store.models import OutboxMessage
from bot.store.vault import Key, random_id

RANK = {
    Purpose.AUTHENTICATION: 0,
    Purpose.RIGHTS: 1,
    Purpose.REPLY: 1,
    Purpose.AI: 1,
    Purpose.TRANSACTIONAL: 2,
    Purpose.MARKETING: 3,
}
"""The order of claims; the lowest goes first."""

USEFUL = {
    Purpose.AUTHENTICATION: timedelta(minutes=10),
    Purpose.RIGHTS: timedelta(hours=24),
    Purpose.REPLY: timedelta(hours=24),
    Purpose.AI: timedelta(hours=24),
    Purpose.TRANSACTIONAL: timedelta(days=3),
    Purpose.MARKETING: timedelta(days=1),
}
"""How long after its due time a message is still worth sending; then it expires and never goes out stale."""

TERMINAL = ("delivered", "read", "played", "blocked", "failed", "expired")

outbox = table(OutboxMessage)


@dataclass(frozen=True, slots=True, kw_only=True)
class To:
    """To whom: a contact, or an envelope; with the lane it goes through and the key its text is sealed under."""

    lane: int
    key: Key
    contact_id: str | None = None
    envelope_id: str | None = None
    epoch: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message to stage.

    `body` is the rendered free-form message, `outside` the template (name, values, languages) for when the window is
    closed. `source` says where it came from: answer, follow_up, api, rights. `due_at` None = at once.
    """

    business: str
    number_id: str
    purpose: Purpose
    source: str
    body: dict[str, Any] | None = None
    outside: dict[str, Any] | None = None
    rule: str = ""
    language: str = ""
    store: Store = Store.KEEP
    due_at: datetime | None = None
    lasts: timedelta | None = None
    event_id: int | None = None
    follow_up: str = ""


def stage(session: Session, to: To, draft: Draft, *, now: datetime) -> str:
    """Put the message into the outbox and return its random id, which Meta will echo in every receipt."""
    ref = random_id()
    due = draft.due_at or now
    values = {
        "ref": ref,
        "business": draft.business,
        "number_id": draft.number_id,
        "contact_id": to.contact_id,
        "envelope_id": to.envelope_id,
        "epoch": to.epoch,
        "lane": to.lane,
        "purpose": draft.purpose,
        "rank": RANK[draft.purpose],
        "source": draft.source,
        "rule": draft.rule,
        "language": draft.language,
        "event_id": draft.event_id,
        "follow_up": draft.follow_up,
        "store": draft.store,
        "body": draft.body and to.key.seal_json(draft.body, bound("body", ref)),
        "outside": draft.outside and to.key.seal_json(draft.outside, bound("outside", ref)),
        "template": draft.outside["name"] if draft.outside else "",
        "created_at": now,
        "due_at": due,
        "expires_at": due + (draft.lasts or USEFUL[draft.purpose]),
    }
    add(session, OutboxMessage, [values])
    return ref


def bound(column: str, ref: str) -> str:
    """Return what a sealed column of the outbox is bound to."""
    return f"outbox_messages.{column}.{ref}"


def block(session: Session, contact_id: str, reason: Reason, *, follow_ups_only: bool = False) -> int:
    """Refuse what is still queued for the contact, and return how many; what is on its way stays on its way."""
    mine = and_(outbox.c.contact_id == contact_id, outbox.c.state == word("queued"))
    if follow_ups_only:
        mine = and_(mine, outbox.c.follow_up != "")
    gone = {"state": "blocked", "reason": reason, "body": None, "outside": None}
    return execute_count(session, update(outbox).where(mine).values(gone))


def with_follow_ups(session: Session, contact_ids: Collection[str]) -> frozenset[str]:
    """Return who of these has a follow-up waiting."""
    waits = (outbox.c.state == word("queued"), outbox.c.follow_up != "")
    return frozenset(
        session.execute(
            select(outbox.c.contact_id).where(outbox.c.contact_id.in_(contact_ids), *waits).distinct()
        ).scalars()
    )
