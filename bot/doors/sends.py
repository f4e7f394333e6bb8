"""Messages that a business's own systems want sent: staged here, judged at the gate like all others (law 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from bot.config.content import Business
from bot.conversation.words import Purpose
from bot.delivery.outbox import Draft, To, outbox, stage
from bot.doors.idempotency import Once
from bot.people import contacts
from bot.store.db import table
from bot.store.models import Contact
from bot.store.vault import Vault, random_id
from bot.wire.payload import Identity

people = table(Contact)

PURPOSES = (Purpose.TRANSACTIONAL, Purpose.MARKETING, Purpose.AUTHENTICATION)
"""What a business may begin; answers and rights are ours to give."""

NOT_KEPT = "n"
"""The first sign of ids under which nothing is stored: the person was erased."""
MARK = 12

TIMES = ("created_at", "due_at", "accepted_at", "sent_at", "delivered_at", "read_at", "failed_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A template to send: to whom, through which of the business's numbers, why."""

    to: Identity
    number_id: str
    template: str
    parameters: Mapping[str, str]
    purpose: Purpose
    language: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what makes two requests the same."""
        return {
            "to": [self.to.phone, self.to.bsuid],
            "number": self.number_id,
            "template": self.template,
            "parameters": dict(self.parameters),
            "purpose": self.purpose,
            "language": self.language,
        }


def accept(session: Session, vault: Vault, business: Business, wish: Wish, *, key: str, now: datetime) -> str:
    """Stage the message and return its id; with a key that was used already, the id it had then.

    `ConflictError` when the key came with another request. Of somebody who was erased nothing is stored but the answer.
    """
    once = Once(vault, business.id, key, wish.as_json())
    if known := once.answer(session):
        return known
    found = contacts.resolve(session, vault, business.id, [wish.to], now=now)[0]
    if found.contact_id is None:
        ref = _not_kept(vault, business)
    else:
        to = To(contact_id=found.contact_id, epoch=found.epoch, lane=found.lane, key=found.key)
        ref = stage(session, to, _draft(session, business, wish, found.contact_id), now=now)
    once.remember(session, ref, now=now)
    return ref


def _draft(session: Session, business: Business, wish: Wish, contact_id: str) -> Draft:
    language = wish.language or _language_of(session, contact_id) or business.language
    languages = list(dict.fromkeys((language, business.language))) if not wish.language else [wish.language]
    return Draft(
        business=business.id,
        number_id=wish.number_id,
        purpose=wish.purpose,
        source="api",
        outside={"name": wish.template, "values": dict(wish.parameters), "languages": languages},
        language=language,
    )


def _language_of(session: Session, contact_id: str) -> str | None:
    language: str | None = session.execute(select(people.c.language).where(people.c.id == contact_id)).scalar()
    return language


def state(session: Session, vault: Vault, business: Business, ref: str) -> dict[str, Any] | None:
    """Return how the message fares; None when this business has none under the id."""
    if _is_not_kept(vault, business, ref):
        return {"id": ref, "state": "blocked", "reason": "erased", "code": None, **dict.fromkeys(TIMES)}
    mine = (outbox.c.ref == ref, outbox.c.business == business.id, outbox.c.source == "api")
    row: Row[Any] | None = session.execute(select(outbox).where(*mine)).first()
    if row is None:
        return None
    times = {name: _iso(getattr(row, name)) for name in TIMES}
    return {"id": row.ref, "state": row.state, "reason": row.reason, "code": row.code, **times}


def _not_kept(vault: Vault, business: Business) -> str:
    """Return an id that says, to us alone, that nothing is stored under it."""
    chance = random_id()
    return NOT_KEPT + chance + vault.digest("api nothing", business.id, chance)[:MARK]


def _is_not_kept(vault: Vault, business: Business, ref: str) -> bool:
    chance, mark = ref[1:-MARK], ref[-MARK:]
    marks = (each[:MARK] for each in vault.digests("api nothing", business.id, chance))
    return ref.startswith(NOT_KEPT) and len(mark) == MARK and mark in marks


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None
