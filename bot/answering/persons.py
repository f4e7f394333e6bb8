"""What a turn must know of the person, loaded for a whole batch in a few statements."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.answering import forms
from bot.conversation.contact import ContactView
from bot.conversation.forms import FormView
from bot.conversation.words import Scope
from bot.delivery import outbox
from bot.people import consent, contacts, standing, suppression
from bot.people.standing import StandingView
from bot.store.db import table
from bot.store.models import Contact
from bot.store.vault import Key, Vault

people = table(Contact)


@dataclass(slots=True, kw_only=True)
class Person:
    """A contact during its turn; language, question and notice may change and are written back at the end."""

    contact_id: str
    business: str
    lane: int
    epoch: int
    key: Key
    language: str | None
    chosen: bool
    asked: str
    notice: str
    last_inbound_at: datetime | None
    opted_out: frozenset[Scope] = frozenset()
    consents: frozenset[str] = frozenset()
    standing: StandingView = field(default_factory=StandingView)
    follow_ups: bool = False
    """Whether messages wait that are gone once the person writes."""
    form: FormView | None = None

    def view(self, language: str, *, now: datetime, zone: ZoneInfo) -> ContactView:
        """Return the person as handlers see her."""
        handed_over = self.standing.handed_over_until
        return ContactView(
            language=language,
            chosen_language=self.language if self.chosen else None,
            first_contact=self.last_inbound_at is None,
            opted_out=self.opted_out,
            restricted=self.standing.restricted,
            handed_over=handed_over is not None and now < handed_over,
            asked=self.asked,
            form=self.form,
            consents=self.consents,
            local_now=now.astimezone(zone),
        )


def load(session: Session, vault: Vault, contact_ids: Collection[str]) -> dict[str, Person]:
    """Return the persons by contact id; who is gone meanwhile is missing."""
    if not contact_ids:
        return {}
    contacts.pin(session, contact_ids, to_write=True)
    rows = session.execute(select(people).where(people.c.id.in_(contact_ids))).all()
    keys = contacts.keys(session, vault, contact_ids)
    opted_out = suppression.of_contacts(session, contact_ids)
    consents = consent.granted(session, contact_ids)
    views = standing.of_contacts(session, contact_ids)
    followed = outbox.with_follow_ups(session, contact_ids)
    opened = forms.of_contacts(session, keys)
    return {
        row.id: Person(
            contact_id=row.id,
            business=row.business,
            lane=row.lane,
            epoch=row.epoch,
            key=keys[row.id],
            language=row.language,
            chosen=row.chosen,
            asked=row.asked,
            notice=row.notice,
            last_inbound_at=row.last_inbound_at,
            opted_out=opted_out.get(row.id, frozenset()),
            consents=consents.get(row.id, frozenset()),
            standing=views.get(row.id, StandingView()),
            follow_ups=row.id in followed,
            form=opened.get(row.id),
        )
        for row in rows
        if row.id in keys
    }


def refresh(session: Session, person: Person) -> None:
    """Read again what effects may have changed: opt-outs, consents, standing, the open form."""
    mine = [person.contact_id]
    person.opted_out = suppression.of_contacts(session, mine).get(person.contact_id, frozenset())
    person.consents = consent.granted(session, mine).get(person.contact_id, frozenset())
    person.standing = standing.of_contacts(session, mine).get(person.contact_id, StandingView())
    person.form = forms.of_contacts(session, {person.contact_id: person.key}).get(person.contact_id)


def write_back(session: Session, persons: Collection[Person]) -> None:
    """Store what the turns changed of the persons themselves."""
    if not persons:
        return
    names = ("language", "chosen", "asked", "notice", "last_inbound_at")
    statement = (
        update(people).where(people.c.id == bindparam("contact")).values(**{name: bindparam(name) for name in names})
    )
    rows: list[dict[str, Any]] = [
        {"contact": person.contact_id, **{name: getattr(person, name) for name in names}} for person in persons
    ]
    session.connection().execute(statement, rows)
