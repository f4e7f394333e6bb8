"""What came in and what goes out."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from bot.store.columns import Eraser, Holds, Keeping, blob, moment, number, row_number, text


class Seen(SQLModel, table=True):
    """That an event was taken, by keyed hash of Meta's id; the day (days since 1970) says when it may go."""

    __tablename__ = "seen"
    __table_args__ = (Index("seen_by_day", "day"),)
    keeping: ClassVar[Keeping] = Keeping("seen", Eraser.NOBODY)

    hash: str = text(Holds.HASH, primary_key=True)
    day: int = number(Holds.TIME)


class InboundEvent(SQLModel, table=True):
    """What a person did, sealed; `id` is the order of arrival.

    `state` is new, done or set_aside. An event of somebody who was erased has no contact: it lies under a key of
    its own (`own_key`) and its turn deletes both.
    """

    __tablename__ = "inbound_events"
    __table_args__ = (
        Index(
            "inbound_waiting",
            "lane",
            "id",
            sqlite_where=sql("state = 'new'"),
            postgresql_where=sql("state = 'new'"),
        ),
        Index("inbound_of_contact", "contact_id", "id"),
    )
    keeping: ClassVar[Keeping] = Keeping("content", Eraser.DELETE, "messages")

    id: int | None = row_number()
    ref: str = text(Holds.ID, unique=True)
    business: str = text(Holds.BUSINESS)
    number_id: str = text(Holds.BUSINESS)
    contact_id: str | None = text(Holds.ID, nullable=True)
    own_key: bytes | None = blob(Holds.KEY, nullable=True)
    lane: int = number(Holds.ID)
    kind: str = text(Holds.STATE)
    key_hash: str = text(Holds.HASH)
    at: datetime = moment(Holds.TIME)
    received_at: datetime = moment(Holds.TIME)
    state: str = text(Holds.STATE, default="new")
    attempts: int = number(Holds.COUNT, default=0)
    rule: str = text(Holds.BUSINESS, default="")
    store: str = text(Holds.STATE, default="keep")
    handled_at: datetime | None = moment(Holds.TIME, nullable=True)
    body: bytes | None = blob(Holds.SEALED, nullable=True)


class ReceiptRow(SQLModel, table=True):
    """A delivery status that waits to be merged into its message; gone once merged."""

    __tablename__ = "receipts"
    keeping: ClassVar[Keeping] = Keeping("queue", Eraser.NOBODY)

    id: int | None = row_number()
    number_id: str = text(Holds.BUSINESS)
    ref: str = text(Holds.ID)
    wamid_hash: str = text(Holds.HASH)
    status: str = text(Holds.STATE)
    at: datetime = moment(Holds.TIME)
    received_at: datetime = moment(Holds.TIME)
    code: int | None = number(Holds.STATE, nullable=True)
    price: str = text(Holds.STATE, default="")
    category: str = text(Holds.STATE, default="")
    tries: int = number(Holds.COUNT, default=0)


class OutboxMessage(SQLModel, table=True):
    """A message to send, from its staging to its last receipt; `ref` is the random id that Meta echoes.

    States: queued, sending, unknown, accepted, sent, delivered, read, played; blocked, failed, expired, held.
    `body` is the rendered free-form message, `outside` the template for when the window is closed; either may be
    missing. To a contact, or (after an erasure) to an envelope.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index(
            "outbox_due",
            "lane",
            "due_at",
            sqlite_where=sql("state = 'queued'"),
            postgresql_where=sql("state = 'queued'"),
        ),
        Index(
            "outbox_open_of_contact",
            "contact_id",
            "id",
            sqlite_where=sql("state in ('queued', 'sending', 'unknown')"),
            postgresql_where=sql("state in ('queued', 'sending', 'unknown')"),
        ),
        Index("outbox_of_contact", "contact_id", "id"),
        Index("outbox_of_envelope", "envelope_id"),
        Index("outbox_by_wamid", "wamid_hash"),
        Index(
            "outbox_in_doubt",
            "lease_until",
            sqlite_where=sql("state in ('sending', 'unknown')"),
            postgresql_where=sql("state in ('sending', 'unknown')"),
        ),
    )
    keeping: ClassVar[Keeping] = Keeping("content", Eraser.DELETE, "replies")

    id: int | None = row_number()
    ref: str = text(Holds.ID, unique=True)
    business: str = text(Holds.BUSINESS)
    number_id: str = text(Holds.BUSINESS)
    contact_id: str | None = text(Holds.ID, nullable=True)
    envelope_id: str | None = text(Holds.ID, nullable=True)
    epoch: int = number(Holds.COUNT, default=0)
    lane: int = number(Holds.ID)
    purpose: str = text(Holds.STATE)
    rank: int = number(Holds.STATE)
    source: str = text(Holds.STATE)
    rule: str = text(Holds.BUSINESS, default="")
    language: str = text(Holds.STATE, default="")
    event_id: int | None = number(Holds.ID, nullable=True)
    follow_up: str = text(Holds.BUSINESS, default="")
    store: str = text(Holds.STATE, default="keep")
    body: bytes | None = blob(Holds.SEALED, nullable=True)
    outside: bytes | None = blob(Holds.SEALED, nullable=True)
    template: str = text(Holds.BUSINESS, default="")
    state: str = text(Holds.STATE, default="queued")
    reason: str = text(Holds.STATE, default="")
    code: int | None = number(Holds.STATE, nullable=True)
    kind: str = text(Holds.STATE, default="")
    attempt: int = number(Holds.COUNT, default=0)
    created_at: datetime = moment(Holds.TIME)
    due_at: datetime = moment(Holds.TIME)
    expires_at: datetime = moment(Holds.TIME)
    lease_until: datetime | None = moment(Holds.TIME, nullable=True)
    wamid_hash: str | None = text(Holds.HASH, nullable=True)
    accepted_at: datetime | None = moment(Holds.TIME, nullable=True)
    sent_at: datetime | None = moment(Holds.TIME, nullable=True)
    delivered_at: datetime | None = moment(Holds.TIME, nullable=True)
    read_at: datetime | None = moment(Holds.TIME, nullable=True)
    failed_at: datetime | None = moment(Holds.TIME, nullable=True)
    price: str = text(Holds.STATE, default="")
    category: str = text(Holds.STATE, default="")


class ApiKey(SQLModel, table=True):
    """An answer already given to an idempotency key of a business's own system."""

    __tablename__ = "api_keys"
    keeping: ClassVar[Keeping] = Keeping("seen", Eraser.NOBODY)

    hash: str = text(Holds.HASH, primary_key=True)
    request_hash: str = text(Holds.HASH)
    ref: str = text(Holds.ID)
    at: datetime = moment(Holds.TIME)
