"""The contacts that a batch of webhook events may be about: read in two statements, changed in memory."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.people import suppression
from bot.people.identity import OWN, By, KnownBy
from bot.people.reach import contact_keys, identifiers, people, value_bound
from bot.people.suppression import Word
from bot.store.lanes import lane_of
from bot.store.vault import Key, Vault, random_id


@dataclass(slots=True, eq=False)
class Held:
    """An identifier that a person has; `was` is the hash of the row it replaces, None when there is none yet."""

    kind: By
    value: bytes
    seen_at: datetime
    was: str | None = None
    changed: bool = False


@dataclass(slots=True, eq=False)
class Person:
    """A contact while a batch is read; `into` is whom she turned out to be."""

    id: str
    lane: int
    epoch: int
    key: Key
    wrapped: bytes
    name: bytes | None = None
    new: bool = False
    renamed: bool = False
    into: "Person | None" = None
    has: dict[str, Held] = field(default_factory=dict)

    @property
    def final(self) -> "Person":
        """Whoever she is in the end."""
        return self.into.final if self.into else self

    def kinds(self) -> set[By]:
        """Return the kinds of identifiers she has."""
        return {held.kind for held in self.has.values()}

    def put(self, known: KnownBy, now: datetime, was: str | None) -> None:
        """Give her an identifier, sealed under her key."""
        sealed = self.key.seal(known.value.encode(), value_bound(known.hash))
        self.has[known.hash] = Held(known.kind, sealed, now, was, changed=True)


class Book:
    """Persons by identifier, what stands for the identifiers, and who was joined."""

    def __init__(self, vault: Vault) -> None:
        """Begin with nobody."""
        self.vault = vault
        self.persons: dict[str, Person] = {}
        self.owner: dict[str, Person] = {}
        self.words: dict[str, list[Word]] = {}
        self.dropped: list[str] = []
        self.carried: list[Word] = []
        self.joined: list[tuple[Person, Person]] = []

    def read(self, session: Session, hashes: Collection[str]) -> None:
        """Read the contacts first and hold them, then the suppressions: an erasure that is not seen waits for us."""
        self._read_people(session, hashes)
        everything = {*hashes, *(each for person in self.persons.values() for each in person.has)}
        self.words = dict(suppression.words_of(session, everything))

    def _read_people(self, session: Session, hashes: Collection[str]) -> None:
        mine = select(identifiers.c.contact_id).where(identifiers.c.hash.in_(hashes))
        rows = session.execute(
            select(identifiers, people.c.lane, people.c.epoch, people.c.name, contact_keys.c.wrapped)
            .join(people, people.c.id == identifiers.c.contact_id)
            .join(contact_keys, contact_keys.c.contact_id == identifiers.c.contact_id)
            .where(identifiers.c.contact_id.in_(mine))
            .with_for_update(read=True, key_share=True, of=people)
        )
        for row in rows:
            person = self.persons.get(row.contact_id) or Person(
                row.contact_id, row.lane, row.epoch, self.vault.key(row.wrapped), row.wrapped, row.name
            )
            self.persons[person.id] = self.owner[row.hash] = person
            person.has[row.hash] = Held(By(row.kind), row.value, row.seen_at, row.hash)

    def find(self, known: KnownBy) -> tuple[Person | None, str]:
        """Return who has the identifier, and under which hash (a former pepper's, until she writes again)."""
        for each in known.all_hashes:
            if each in self.owner:
                return self.owner[each], each
        return None, known.hash

    def new(self) -> Person:
        """Add a person with an id and a key of her own."""
        key, wrapped = self.vault.new_key()
        contact_id = random_id()
        person = Person(contact_id, lane_of(contact_id), 1, key, wrapped, new=True)
        self.persons[contact_id] = person
        return person

    def take(self, person: Person, known: KnownBy, now: datetime) -> None:
        """Give the identifier to the person: added, moved from who had it, or re-keyed under the pepper in use."""
        had, under = self.find(known)
        held = had.has.pop(under) if had else None
        self.owner.pop(under, None)
        was = held.was if held else None
        if was and was != known.hash:
            self.dropped.append(was)
            was = None
        person.put(known, now, was)
        self.owner[known.hash] = person

    def join(self, person: Person, other: Person) -> None:
        """Let two contacts be one: she has all that the other had."""
        for hash_, held in other.has.items():
            if held.kind is By.USERNAME:  # hangs on the other's id
                self.dropped += [held.was] if held.was else []
                continue
            value = other.key.open(held.value, value_bound(hash_))
            sealed = person.key.seal(value, value_bound(hash_))
            person.has[hash_] = Held(held.kind, sealed, held.seen_at, held.was, changed=True)
            self.owner[hash_] = person
        other.has.clear()
        other.into = person
        self.joined.append((person, other))

    def said(self, hashes: Iterable[str]) -> list[Word]:
        """Return what stands for the hashes."""
        return [word for each in hashes for word in self.words.get(each, ())]

    def carry(self, word: Word) -> None:
        """Note an opt-out for one more identifier."""
        self.words.setdefault(word.hash, []).append(word)
        self.carried.append(word)


def is_sure(person: Person) -> bool:
    """Return whether the contact has an identifier that never passes to somebody else."""
    return bool(person.kinds() & OWN)


def latest(words: Iterable[Word]) -> Mapping[str, Word]:
    """Return the latest word of each scope."""
    return {word.scope: word for word in sorted(words, key=lambda word: word.since)}
