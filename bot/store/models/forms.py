"""Forms that people are in the middle of, and what they answered."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import SQLModel

from bot.store.columns import Eraser, Holds, Keeping, blob, moment, number, row_number, text


class OpenForm(SQLModel, table=True):
    """The form that a contact is in the middle of, at most one; it lapses at `until`. `run` names this filling."""

    __tablename__ = "open_forms"
    __table_args__ = (Index("open_forms_lapsing", "until"),)
    keeping: ClassVar[Keeping] = Keeping("forms", Eraser.DELETE, "open_form")

    contact_id: str = text(Holds.ID, primary_key=True)
    business: str = text(Holds.BUSINESS)
    run: str = text(Holds.ID)
    form: str = text(Holds.BUSINESS)
    question: str = text(Holds.BUSINESS)
    tries: int = number(Holds.COUNT, default=0)
    until: datetime = moment(Holds.TIME)


class FormAnswer(SQLModel, table=True):
    """An answer by question id, sealed; `data_class` is what the form's `keep` said: it tells the period.

    Answers of one filling share a `run`.
    """

    __tablename__ = "form_answers"
    __table_args__ = (Index("form_answers_of_contact", "contact_id", "run"), Index("form_answers_by_age", "at"))
    keeping: ClassVar[Keeping] = Keeping("forms", Eraser.DELETE, "form_answers")

    id: int | None = row_number()
    ref: str = text(Holds.ID, unique=True)
    business: str = text(Holds.BUSINESS)
    contact_id: str = text(Holds.ID)
    run: str = text(Holds.ID)
    form: str = text(Holds.BUSINESS)
    question: str = text(Holds.BUSINESS)
    data_class: str = text(Holds.BUSINESS)
    at: datetime = moment(Holds.TIME)
    body: bytes = blob(Holds.SEALED)
