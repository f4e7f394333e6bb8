"""A person who changed her number or whose BSUID changed: the same person, on Meta's word."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.people import consent
from bot.people.book import Book, Person, latest
from bot.people.identity import By, KnownBy, known_by
from bot.people.reach import identifiers
from bot.people.suppression import Word
from bot.people.writing import Taken, write
from bot.store.vault import Vault, random_id
from bot.wire.payload import Identity

SOURCE = "number_change"
ROUNDS = 5


def change(
    session: Session, vault: Vault, business_id: str, old: Identity, new: Identity, *, now: datetime
) -> tuple[Word, ...]:
    """Let the contact be known by the new identifiers and free those that were replaced.

    Opt-outs are carried over, known contact or not, and returned; opt-ins are not: the ledger says that they ended.
    """
    before, after = known_by(vault, business_id, old), known_by(vault, business_id, new)
    hashes = {each for one in (*before, *after) for each in one.all_hashes}
    if not before or not after:
        return ()
    for _ in range(ROUNDS):
        book = Book(vault)
        book.read(session, hashes)
        person = _re_key(book, before, after, now)
        _carry(book, before, after)
        try:
            write(session, vault, business_id, book, now=now)
        except Taken:
            continue
        if person:
            _free(session, person, before, after)
            _end_consents(session, vault, business_id, person.id, now)
        return tuple(book.carried)
    raise Taken


def _re_key(book: Book, before: tuple[KnownBy, ...], after: tuple[KnownBy, ...], now: datetime) -> Person | None:
    """Give the new identifiers to whom the old ones named; who wrote under the new BSUID before is the same person."""
    person = next((found for one in before if (found := book.find(one)[0])), None)
    if person is None:
        return None
    for one in after:
        had, _ = book.find(one)
        if had and had is not person and one.kind is not By.PHONE:
            book.join(person, had)
    for one in after:
        if book.find(one)[0] is not person:
            book.take(person, one, now)
    return person


def _carry(book: Book, before: tuple[KnownBy, ...], after: tuple[KnownBy, ...]) -> None:
    person = next((found for one in before if (found := book.find(one)[0])), None)
    said = book.said({*(each for one in before for each in one.all_hashes), *(person.has if person else ())})
    if not said:
        return
    set_id = next((word.set_id for word in said), random_id())
    for one in after:
        have = {word.scope for word in book.words.get(one.hash, ())}
        for scope, word in latest(said).items():
            if scope not in have:
                book.carry(Word(one.hash, word.scope, word.since, set_id))


def _free(session: Session, person: Person, before: tuple[KnownBy, ...], after: tuple[KnownBy, ...]) -> None:
    """Let go of what was replaced by one of its kind; the number may have another owner tomorrow."""
    kinds = {one.kind for one in after}
    kept = {each for one in after for each in one.all_hashes}
    gone = [each for one in before if one.kind in kinds for each in one.all_hashes if each not in kept]
    session.execute(delete(identifiers).where(identifiers.c.hash.in_(gone), identifiers.c.contact_id == person.id))


def _end_consents(session: Session, vault: Vault, business_id: str, contact_id: str, now: datetime) -> None:
    for purpose in sorted(consent.granted(session, [contact_id]).get(contact_id, ())):
        entry = consent.Entry(purpose=purpose, granted=False, source=SOURCE, at=now)
        consent.record(session, vault, contact_id, business_id, entry, now=now)
