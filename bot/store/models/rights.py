"""Subject requests, the privacy journal and what an erasure still needs."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from bot.store.columns import Eraser, Holds, Keeping, blob, moment, number, row_number, text


class SubjectRequest(SQLModel, table=True):
    """What a person asked for, and how far it is; the code is kept as a keyed hash.

    `step` is the next step of the procedure, due at `next_at`; `counts` says as JSON how many rows went from which
    store, `reason` names a store or a hold that keeps the request from being done.
    """

    __tablename__ = "subject_requests"
    __table_args__ = (
        Index("requests_open", "next_at", sqlite_where=sql("step <> ''"), postgresql_where=sql("step <> ''")),
        Index("requests_of_contact", "contact_id"),
        Index("requests_of_envelope", "envelope_id"),
    )
    keeping: ClassVar[Keeping] = Keeping("requests", Eraser.DETACH, "requests")

    id: str = text(Holds.ID, primary_key=True)
    business: str = text(Holds.BUSINESS)
    kind: str = text(Holds.STATE)
    channel: str = text(Holds.STATE)
    code_hash: str = text(Holds.HASH, unique=True)
    contact_id: str | None = text(Holds.ID, nullable=True)
    envelope_id: str | None = text(Holds.ID, nullable=True)
    state: str = text(Holds.STATE)
    step: str = text(Holds.STATE)
    reason: str = text(Holds.STATE, default="")
    tries: int = number(Holds.COUNT, default=0)
    counts: str = text(Holds.COUNT, default="{}")
    received_at: datetime = moment(Holds.TIME)
    due_at: datetime = moment(Holds.TIME)
    next_at: datetime = moment(Holds.TIME)
    held_until: datetime | None = moment(Holds.TIME, nullable=True)
    completed_at: datetime | None = moment(Holds.TIME, nullable=True)


class Envelope(SQLModel, table=True):
    """What is still needed to answer somebody of whom nothing else is kept: recipient, language, media ids.

    Sealed under a key of its own (`own_key`, wrapped); dies when its last message is terminal, at the latest at
    `dies_at`.
    """

    __tablename__ = "envelopes"
    __table_args__ = (Index("envelopes_dying", "dies_at"),)
    keeping: ClassVar[Keeping] = Keeping("envelope", Eraser.ITSELF)

    id: str = text(Holds.ID, primary_key=True)
    business: str = text(Holds.BUSINESS)
    number_id: str = text(Holds.BUSINESS)
    own_key: bytes = blob(Holds.KEY)
    body: bytes = blob(Holds.SEALED)
    last_inbound_at: datetime | None = moment(Holds.TIME, nullable=True)
    created_at: datetime = moment(Holds.TIME)
    dies_at: datetime = moment(Holds.TIME)


class JournalEntry(SQLModel, table=True):
    """One line of the privacy journal, chained by hash, written again to a file outside the database.

    `subject` is a random contact id (erasure) or a keyed hash (suppression and its lifting).
    """

    __tablename__ = "journal"
    keeping: ClassVar[Keeping] = Keeping("journal", Eraser.OUTLIVES)

    id: int | None = row_number()
    at: datetime = moment(Holds.TIME)
    business: str = text(Holds.BUSINESS)
    kind: str = text(Holds.STATE)
    subject: str = text(Holds.HASH)
    scope: str = text(Holds.STATE, default="")
    set_id: str = text(Holds.ID, default="")
    pepper_id: str = text(Holds.ID, default="")
    previous: str = text(Holds.HASH)
    hash: str = text(Holds.HASH, unique=True)
