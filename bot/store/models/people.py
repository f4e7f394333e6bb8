"""Contacts and what stands about them."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import SQLModel

from bot.store.columns import Eraser, Holds, Keeping, blob, flag, moment, number, row_number, text


class Contact(SQLModel, table=True):
    """A person, per business; the id is random and means nothing outside."""

    __tablename__ = "contacts"
    keeping: ClassVar[Keeping] = Keeping("metadata", Eraser.DELETE, "contact")

    id: str = text(Holds.ID, primary_key=True)
    business: str = text(Holds.BUSINESS)
    lane: int = number(Holds.ID)
    epoch: int = number(Holds.COUNT, default=1)
    name: bytes | None = blob(Holds.SEALED, nullable=True)
    language: str | None = text(Holds.STATE, nullable=True)
    chosen: bool = flag(Holds.STATE, default=False)
    asked: str = text(Holds.STATE, default="")
    notice: str = text(Holds.BUSINESS, default="")
    created_at: datetime = moment(Holds.TIME)
    last_inbound_at: datetime | None = moment(Holds.TIME, nullable=True)


class ContactKey(SQLModel, table=True):
    """The contact's data key, wrapped by the master key; a table of its own, so that backups can leave it out."""

    __tablename__ = "contact_keys"
    keeping: ClassVar[Keeping] = Keeping("keys", Eraser.DELETE)

    contact_id: str = text(Holds.ID, primary_key=True)
    wrapped: bytes = blob(Holds.KEY)
    master_id: str = text(Holds.ID)


class Identifier(SQLModel, table=True):
    """A way to reach or recognise a contact: looked up by keyed hash only, its value sealed.

    `kind` is phone, bsuid, parent_bsuid or username (a username is never looked up by).
    """

    __tablename__ = "identifiers"
    __table_args__ = (Index("identifiers_of_contact", "contact_id"),)
    keeping: ClassVar[Keeping] = Keeping("metadata", Eraser.DELETE, "identifiers")

    hash: str = text(Holds.HASH, primary_key=True)
    business: str = text(Holds.BUSINESS)
    kind: str = text(Holds.STATE)
    contact_id: str = text(Holds.ID)
    value: bytes = blob(Holds.SEALED)
    pepper_id: str = text(Holds.ID)
    seen_at: datetime = moment(Holds.TIME)


class Window(SQLModel, table=True):
    """When the contact last wrote to a number, by Meta's timestamp: the service window hangs on it."""

    __tablename__ = "windows"
    keeping: ClassVar[Keeping] = Keeping("metadata", Eraser.DELETE, "windows")

    contact_id: str = text(Holds.ID, primary_key=True)
    number_id: str = text(Holds.BUSINESS, primary_key=True)
    last_inbound_at: datetime = moment(Holds.TIME)


class Standing(SQLModel, table=True):
    """What keeps a contact from being written to, other than an opt-out: restriction, hold, hand-over."""

    __tablename__ = "standing"
    keeping: ClassVar[Keeping] = Keeping("metadata", Eraser.DELETE, "standing")

    contact_id: str = text(Holds.ID, primary_key=True)
    restricted_at: datetime | None = moment(Holds.TIME, nullable=True)
    held_until: datetime | None = moment(Holds.TIME, nullable=True)
    handed_over_until: datetime | None = moment(Holds.TIME, nullable=True)


class HandOver(SQLModel, table=True):
    """A conversation that a person of the business has, for the operators' list; no content.

    `about` names a form that was filled in: something to look at, while the bot goes on.
    """

    __tablename__ = "hand_overs"
    __table_args__ = (Index("hand_overs_of_contact", "contact_id"),)
    keeping: ClassVar[Keeping] = Keeping("metadata", Eraser.DELETE, "hand_overs")

    id: str = text(Holds.ID, primary_key=True)
    business: str = text(Holds.BUSINESS)
    contact_id: str = text(Holds.ID)
    about: str = text(Holds.BUSINESS, default="")
    since: datetime = moment(Holds.TIME)
    until: datetime = moment(Holds.TIME)
    ended_at: datetime | None = moment(Holds.TIME, nullable=True)


class ConsentEntry(SQLModel, table=True):
    """One line of the consent ledger; lines are added, never changed.

    `wording` is the key of the phrase or the business's own name for the text that was shown, `proof` the business's
    reference (sealed), `at` when it happened (Meta's timestamp or the business's).
    """

    __tablename__ = "consent_entries"
    __table_args__ = (Index("consent_of_contact", "contact_id", "purpose"),)
    keeping: ClassVar[Keeping] = Keeping("consent", Eraser.DELETE, "consents")

    id: int | None = row_number()
    ref: str = text(Holds.ID, unique=True)
    business: str = text(Holds.BUSINESS)
    contact_id: str = text(Holds.ID)
    purpose: str = text(Holds.STATE)
    granted: bool = flag(Holds.STATE)
    source: str = text(Holds.STATE)
    wording: str = text(Holds.BUSINESS, default="")
    proof: bytes | None = blob(Holds.SEALED, nullable=True)
    policy_version: str = text(Holds.BUSINESS, default="")
    at: datetime = moment(Holds.TIME)
    recorded_at: datetime = moment(Holds.TIME)


class Suppression(SQLModel, table=True):
    """An opt-out by keyed hash; outlives the erasure, so that it is kept even of somebody we no longer know.

    Rows of one person share a random `set_id`; `since` is the moment of the person's word (Meta's timestamp).
    """

    __tablename__ = "suppressions"
    __table_args__ = (Index("suppressions_of_set", "set_id"),)
    keeping: ClassVar[Keeping] = Keeping("suppression", Eraser.OUTLIVES)

    hash: str = text(Holds.HASH, primary_key=True)
    scope: str = text(Holds.STATE, primary_key=True)
    business: str = text(Holds.BUSINESS)
    set_id: str = text(Holds.ID)
    since: datetime = moment(Holds.TIME)
    pepper_id: str = text(Holds.ID)
    told_at: datetime | None = moment(Holds.TIME, nullable=True)


class Lifting(SQLModel, table=True):
    """When an opt-out was last lifted, by keyed hash: a STOP said before it but late on the wire changes nothing."""

    __tablename__ = "liftings"
    __table_args__ = (Index("liftings_by_time", "at"),)
    keeping: ClassVar[Keeping] = Keeping("seen", Eraser.OUTLIVES)

    hash: str = text(Holds.HASH, primary_key=True)
    scope: str = text(Holds.STATE, primary_key=True)
    at: datetime = moment(Holds.TIME)
