"""Envelopes: what is needed to answer somebody of whom nothing else is kept, under a key of its own, for minutes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from bot.delivery.outbox import TERMINAL, To, outbox
from bot.people.contacts import Recipient
from bot.rights.requests import requests
from bot.store.db import insert, table
from bot.store.lanes import lane_of
from bot.store.models import Envelope
from bot.store.vault import Key, Vault, random_id

envelopes = table(Envelope)

ANSWERED_WITHIN = timedelta(minutes=10)
"""The longest that a last answer may wait for its receipt; then whom it went to is forgotten all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is sealed: whom to answer, in which language, with which code.

    `media` (ids of files) and `book` (a BSUID in the contact book) are what Meta still has to delete.
    """

    phone: str | None = None
    bsuid: str | None = None
    parent_bsuid: str | None = None
    language: str = ""
    code: str = ""
    media: Sequence[str] = field(default_factory=tuple)
    book: str | None = None

    @property
    def at_meta(self) -> bool:
        """Return whether Meta has something left to delete."""
        return bool(self.media or self.book)

    @property
    def reachable(self) -> bool:
        """Return whether there is anybody to answer."""
        return bool(self.phone or self.bsuid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An envelope that was found and opened."""

    id: str
    business: str
    number_id: str
    key: Key
    content: Content
    last_inbound_at: datetime | None
    dies_at: datetime

    @property
    def to(self) -> To:
        """Return it as somebody to send to."""
        return To(lane=lane_of(self.id), key=self.key, envelope_id=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where an answer comes from, and the last message of the person there: her service window hangs on it."""

    business: str
    number_id: str
    last_inbound_at: datetime | None


def seal(
    session: Session, vault: Vault, address: Address, content: Content, *, now: datetime, lasts: timedelta
) -> Opened:
    """Write an envelope that dies after so long."""
    key, wrapped = vault.new_key()
    envelope_id = random_id()
    values = {
        "id": envelope_id,
        "business": address.business,
        "number_id": address.number_id,
        "own_key": wrapped,
        "body": key.seal_json(asdict(content), _bound(envelope_id)),
        "last_inbound_at": address.last_inbound_at,
        "created_at": now,
        "dies_at": now + lasts,
    }
    session.execute(insert(session, Envelope).values(values))
    return Opened(
        id=envelope_id,
        business=address.business,
        number_id=address.number_id,
        key=key,
        content=content,
        last_inbound_at=address.last_inbound_at,
        dies_at=now + lasts,
    )


def from_envelope(
    session: Session, vault: Vault, address: Address, recipient: Recipient, *, now: datetime, language: str = ""
) -> To:
    """Return somebody to answer once of whom nothing is kept: an envelope that lasts until the answer arrived."""
    content = Content(
        phone=recipient.phone, bsuid=recipient.bsuid, parent_bsuid=recipient.parent_bsuid, language=language
    )
    return seal(session, vault, address, content, now=now, lasts=ANSWERED_WITHIN).to


def find(session: Session, vault: Vault, envelope_id: str | None, *, now: datetime) -> Opened | None:
    """Return the envelope if it is there and alive."""
    row = session.execute(select(envelopes).where(envelopes.c.id == envelope_id, envelopes.c.dies_at > now)).first()
    if row is None:
        return None
    key = vault.key(row.own_key)
    content = Content(**key.open_json(row.body, _bound(row.id)))
    return Opened(
        id=row.id,
        business=row.business,
        number_id=row.number_id,
        key=key,
        content=content,
        last_inbound_at=row.last_inbound_at,
        dies_at=row.dies_at,
    )


def change(session: Session, opened: Opened, content: Content, *, dies_at: datetime | None = None) -> None:
    """Write the envelope's content anew."""
    values: dict[str, Any] = {"body": opened.key.seal_json(asdict(content), _bound(opened.id))}
    if dies_at is not None:
        values["dies_at"] = dies_at
    session.execute(update(envelopes).where(envelopes.c.id == opened.id).values(values))


def burn(session: Session, envelope_ids: Sequence[str]) -> None:
    """Delete envelopes with what was sent from them."""
    if envelope_ids:
        session.execute(delete(outbox).where(outbox.c.envelope_id.in_(envelope_ids)))
        session.execute(delete(envelopes).where(envelopes.c.id.in_(envelope_ids)))


def answered(session: Session, *, now: datetime, limit: int = 500) -> Sequence[str]:
    """Return the envelopes whose time is over or whose answer arrived, but for those an erasure works with."""
    mine = outbox.c.envelope_id == envelopes.c.id
    waits = exists().where(mine, outbox.c.state.not_in(TERMINAL))
    over = or_(envelopes.c.dies_at <= now, and_(exists().where(mine), ~waits))
    in_use = exists().where(requests.c.envelope_id == envelopes.c.id, requests.c.step != "")
    return session.execute(select(envelopes.c.id).where(~in_use, over).limit(limit)).scalars().all()


def _bound(envelope_id: str) -> str:
    return f"envelopes.body.{envelope_id}"
