"""What a batch of people changed, written in a few statements."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from bot.people import suppression
from bot.people.book import Book, Held, Person
from bot.people.joining import join
from bot.people.reach import contact_keys, identifiers, people
from bot.store.db import insert
from bot.store.models import Contact, ContactKey, Identifier
from bot.store.vault import Vault


class Taken(Exception):  # noqa: N818  an event, not a mistake
    """Another process was first with one of the people: read again."""


def write(session: Session, vault: Vault, business_id: str, book: Book, *, now: datetime) -> None:
    """Write what the book says; `Taken`, and nothing written, when somebody else wrote one of its new identifiers."""
    people_now = [person for person in book.persons.values() if person.into is None]
    changed = [(person, each, held) for person in people_now for each, held in person.has.items() if held.changed]
    _add(session, vault, business_id, [each for each in changed if each[2].was is None])
    _move(session, [each for each in changed if each[2].was is not None])
    _create(session, vault, business_id, [person for person in people_now if person.new], now=now)
    _rename(session, [person for person in people_now if person.renamed and not person.new])
    for person, other in book.joined:
        if not other.new:
            join(session, vault, person.final.id, other.id)
    if book.dropped:
        session.execute(delete(identifiers).where(identifiers.c.hash.in_(book.dropped)))
    suppression.add(session, vault, business_id, book.carried)


def _add(session: Session, vault: Vault, business_id: str, added: list[tuple[Person, str, Held]]) -> None:
    if not added:
        return
    rows = [
        {
            "hash": each,
            "business": business_id,
            "kind": held.kind,
            "contact_id": person.id,
            "value": held.value,
            "pepper_id": vault.pepper_id,
            "seen_at": held.seen_at,
        }
        for person, each, held in sorted(added, key=lambda one: one[1])  # one order, or two processes wait crosswise
    ]
    attempt = session.begin_nested()
    offer = insert(session, Identifier).on_conflict_do_nothing().returning(identifiers.c.hash)
    if len(session.connection().execute(offer, rows).all()) == len(rows):
        attempt.commit()
        return
    attempt.rollback()
    _drop_orphans(session, [each for _, each, _ in added])
    raise Taken


def _drop_orphans(session: Session, hashes: list[str]) -> None:
    """Free identifiers whose contact or key is gone: nobody can read them, and they would be in the way for ever."""
    there = select(contact_keys.c.contact_id).join(people, people.c.id == contact_keys.c.contact_id)
    session.execute(delete(identifiers).where(identifiers.c.hash.in_(hashes), identifiers.c.contact_id.not_in(there)))


def _move(session: Session, moved: list[tuple[Person, str, Held]]) -> None:
    if not moved:
        return
    statement = (
        update(identifiers)
        .where(identifiers.c.hash == bindparam("which"))
        .values(contact_id=bindparam("whose"), value=bindparam("sealed"), seen_at=bindparam("seen"))
    )
    rows: list[dict[str, Any]] = [
        {"which": each, "whose": person.id, "sealed": held.value, "seen": held.seen_at} for person, each, held in moved
    ]
    session.connection().execute(statement, rows)


def _create(session: Session, vault: Vault, business_id: str, new: list[Person], *, now: datetime) -> None:
    if not new:
        return
    rows = [
        {
            "id": person.id,
            "business": business_id,
            "lane": person.lane,
            "epoch": person.epoch,
            "name": person.name,
            "created_at": now,
        }
        for person in new
    ]
    keys = [{"contact_id": person.id, "wrapped": person.wrapped, "master_id": vault.master_id} for person in new]
    session.connection().execute(insert(session, Contact), rows)
    session.connection().execute(insert(session, ContactKey), keys)


def _rename(session: Session, renamed: list[Person]) -> None:
    if not renamed:
        return
    statement = update(people).where(people.c.id == bindparam("who")).values(name=bindparam("sealed"))
    rows: list[dict[str, Any]] = [{"who": person.id, "sealed": person.name} for person in renamed]
    session.connection().execute(statement, rows)
