"""What the service knows of itself: numbers, templates, leases, bells, counters. Nothing of people."""

from datetime import datetime
from typing import ClassVar

from sqlmodel import SQLModel

from bot.store.columns import Eraser, Holds, Keeping, moment, number, text


class TemplateRow(SQLModel, table=True):
    """A message template as Meta last told it; only APPROVED is ever sent. `definition` is Meta's JSON."""

    __tablename__ = "templates"
    keeping: ClassVar[Keeping] = Keeping("service", Eraser.NOBODY)

    waba_id: str = text(Holds.BUSINESS, primary_key=True)
    name: str = text(Holds.BUSINESS, primary_key=True)
    language: str = text(Holds.BUSINESS, primary_key=True)
    status: str = text(Holds.STATE)
    category: str = text(Holds.STATE)
    quality: str = text(Holds.STATE, default="")
    reason: str = text(Holds.BUSINESS, default="")
    definition: str = text(Holds.BUSINESS)
    synced_at: datetime = moment(Holds.TIME)


class NumberState(SQLModel, table=True):
    """A business number's health: paused since when and why, when it is probed again, how often that failed."""

    __tablename__ = "numbers"
    keeping: ClassVar[Keeping] = Keeping("service", Eraser.NOBODY)

    number_id: str = text(Holds.BUSINESS, primary_key=True)
    business: str = text(Holds.BUSINESS)
    paused_at: datetime | None = moment(Holds.TIME, nullable=True)
    paused_reason: str = text(Holds.STATE, default="")
    resume_at: datetime | None = moment(Holds.TIME, nullable=True)
    strikes: int = number(Holds.COUNT, default=0)
    per_second: int = number(Holds.COUNT, default=80)


class Lease(SQLModel, table=True):
    """Who works on a lane (or leads the sweep) until when, by the database's clock; `fence` grows with each holder."""

    __tablename__ = "leases"
    keeping: ClassVar[Keeping] = Keeping("service", Eraser.NOBODY)

    name: str = text(Holds.STATE, primary_key=True)
    holder: str = text(Holds.ID)
    until: datetime = moment(Holds.TIME)
    fence: int = number(Holds.COUNT, default=1)


class Bell(SQLModel, table=True):
    """That one ring waits (and no second is needed), and until when a job listens; by the database's clock."""

    __tablename__ = "bells"
    keeping: ClassVar[Keeping] = Keeping("service", Eraser.NOBODY)

    name: str = text(Holds.STATE, primary_key=True)
    waiting_since: datetime | None = moment(Holds.TIME, nullable=True)
    heard_until: datetime | None = moment(Holds.TIME, nullable=True)


class Counter(SQLModel, table=True):
    """How often something happened on a day (days since 1970), per business; no people."""

    __tablename__ = "counters"
    keeping: ClassVar[Keeping] = Keeping("counters", Eraser.NOBODY)

    day: int = number(Holds.TIME, primary_key=True)
    business: str = text(Holds.BUSINESS, primary_key=True)
    name: str = text(Holds.STATE, primary_key=True)
    value: int = number(Holds.COUNT)
