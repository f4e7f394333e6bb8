"""From what Meta calls people to contacts, a whole webhook at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.conversation.words import Scope
from bot.people.book import Book, Person, is_sure, latest
from bot.people.change import change
from bot.people.identity import OWN, By, KnownBy, known_by, one_form
from bot.people.reach import Recipient, find, keys, name_bound, pin, recipients, value_bound
from bot.people.suppression import Word
from bot.people.writing import Taken, write
from bot.store.lanes import NOBODY, lane_of
from bot.store.vault import Key, ShreddedError, Vault, random_id
from bot.wire.payload import Identity

__all__ = [
    "By", "Found", "KnownBy", "Recipient", "change", "find", "keys", "known_by", "name_bound", "one_form", "pin",
    "recipients", "resolve", "value_bound",
]  # fmt: skip

ROUNDS = 5
"""How often a batch is read again because another process was first with one of its people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The contact behind an identity, with the key to seal under.

    Of somebody who was erased (or whom nothing names) there is no contact: `erased` is true, the key is a fresh one
    that nothing else lies under, and `hashes` (`own`: those that never pass to another person) are all there is.
    `carried` are opt-outs that hold for one more of her identifiers from now on.
    """

    contact_id: str | None
    lane: int
    epoch: int
    key: Key
    wrapped: bytes
    new: bool
    erased: bool
    hashes: tuple[str, ...]
    own: tuple[str, ...]
    carried: tuple[Word, ...] = ()


def resolve(
    session: Session, vault: Vault, business_id: str, identities: Sequence[Identity], *, now: datetime
) -> list[Found]:
    """Return the contact of each identity, in their order; who is new becomes a contact, who was erased does not."""
    known = [known_by(vault, business_id, identity) for identity in identities]
    hashes = {each for knowns in known for one in knowns for each in one.all_hashes}
    if not hashes:
        return [_nobody(vault, ()) for _ in known]
    for _ in range(ROUNDS):
        book = Book(vault)
        book.read(session, hashes)
        who = [_settle(book, *each, now=now) for each in zip(identities, known, strict=True)]
        try:
            write(session, vault, business_id, book, now=now)
        except Taken:
            continue
        return [_found(vault, book, *each) for each in zip(who, known, strict=True)]
    raise Taken


def _settle(book: Book, identity: Identity, known: Sequence[KnownBy], *, now: datetime) -> Person | None:
    """Find out who it is and what is new about her; None = was erased, or nothing names her."""
    hashes = [each for one in known for each in one.all_hashes]
    said = book.said(hashes)
    if not known or any(word.scope is Scope.ERASED for word in said):
        _carry(book, known, said)
        return None
    person = _owner(book, known) or book.new()
    for one in known:
        _claim(book, person, one, now)
    _carry(book, known, book.said({*hashes, *person.has}))
    _rename(person, identity)
    _note_username(book, person, identity, now)
    return person


def _owner(book: Book, known: Sequence[KnownBy]) -> Person | None:
    sure = any(one.kind is By.BSUID for one in known)
    for one in known:
        person, _ = book.find(one)
        # The same number with another BSUID is another person: the number has a new owner.
        if person and not (sure and one.kind is By.PHONE and is_sure(person)):
            return person
    return None


def _claim(book: Book, person: Person, one: KnownBy, now: datetime) -> None:
    had, under = book.find(one)
    if had and had is not person and not had.kinds() & OWN - {one.kind}:
        book.join(person, had)
        had = person
    if had is not person or under != one.hash:
        book.take(person, one, now)
    elif any(held.kind is one.kind and held.seen_at > person.has[under].seen_at for held in person.has.values()):
        book.take(person, one, now)  # back to a number she had before


def _carry(book: Book, known: Sequence[KnownBy], said: Sequence[Word]) -> None:
    """Let opt-outs hold for every identifier she came with; never an opt-in.

    What is known of a number alone goes into a set of its own: lifting it must not lift its former owner's.
    """
    if not said:
        return
    own = {each for one in known if one.kind in OWN for each in one.all_hashes}
    sure = next((word.set_id for word in said if word.hash in own), None)
    fresh = sure or random_id()
    for one in known:
        have = {word.scope for word in book.words.get(one.hash, ())}
        same = next((word.set_id for word in book.said(one.all_hashes)), None)
        for scope, word in latest(said).items():
            if scope not in have:
                book.carry(Word(one.hash, word.scope, word.since, same or fresh))


def _rename(person: Person, identity: Identity) -> None:
    if identity.name and _opened(person.key, person.name, name_bound(person.id)) != identity.name:
        person.name = person.key.seal(identity.name.encode(), name_bound(person.id))
        person.renamed = True


def _note_username(book: Book, person: Person, identity: Identity, now: datetime) -> None:
    """Keep the username, sealed; the row hangs on the contact's id, for by a username nobody is looked up."""
    if not identity.username:
        return
    hashes = book.vault.digests(By.USERNAME, person.id)
    held = next((person.has[each] for each in hashes if each in person.has), None)
    under = next((each for each in hashes if each in person.has), "")
    if held is None or _opened(person.key, held.value, value_bound(under)) != identity.username:
        book.take(person, KnownBy(By.USERNAME, identity.username, hashes[0], hashes), now)


def _opened(key: Key, sealed: bytes | None, bound: str) -> str | None:
    try:
        return key.open(sealed, bound).decode() if sealed else None
    except ShreddedError:
        return None


def _nobody(vault: Vault, known: Sequence[KnownBy], carried: tuple[Word, ...] = ()) -> Found:
    key, wrapped = vault.new_key()
    return Found(
        contact_id=None,
        lane=lane_of(known[0].hash) if known else NOBODY,
        epoch=0,
        key=key,
        wrapped=wrapped,
        new=False,
        erased=True,
        hashes=tuple(each for one in known for each in one.all_hashes),
        own=tuple(each for one in known if one.kind in OWN for each in one.all_hashes),
        carried=carried,
    )


def _carried(book: Book, known: Sequence[KnownBy]) -> tuple[Word, ...]:
    mine = {one.hash for one in known}
    return tuple(word for word in book.carried if word.hash in mine)


def _found(vault: Vault, book: Book, person: Person | None, known: Sequence[KnownBy]) -> Found:
    if person is None:
        return _nobody(vault, known, _carried(book, known))
    final = person.final
    return Found(
        contact_id=final.id,
        lane=final.lane,
        epoch=final.epoch,
        key=final.key,
        wrapped=final.wrapped,
        new=final.new,
        erased=False,
        hashes=tuple(each for one in known for each in one.all_hashes),
        own=tuple(each for one in known if one.kind in OWN for each in one.all_hashes),
        carried=_carried(book, known),
    )
