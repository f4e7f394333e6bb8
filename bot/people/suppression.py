"""The suppression list: who must not be written to, by keyed hash, kept even of somebody we no longer know.

The latest word by Meta's timestamp wins, in whatever order the words arrive. Rows of one person share a set.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.conversation.words import Scope
from bot.people.identity import OWN, By
from bot.store.db import execute_count, insert, table
from bot.store.models import Identifier, Lifting, Suppression
from bot.store.vault import Vault, random_id

suppressions = table(Suppression)
liftings = table(Lifting)
identifiers = table(Identifier)

TOLD_AGAIN_AFTER = timedelta(hours=24)
"""The one line to an erased person who writes goes out once a service window."""

EVERY_SCOPE = tuple(Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashes:
    """Keyed hashes of one person; `own` are those of identifiers that never pass to somebody else."""

    all: tuple[str, ...]
    own: tuple[str, ...] = ()


def hashes_of(session: Session, contact_id: str) -> Hashes:
    """Return the keyed hashes that a contact is known by."""
    rows = session.execute(
        select(identifiers.c.hash, identifiers.c.kind).where(
            identifiers.c.contact_id == contact_id, identifiers.c.kind != By.USERNAME
        )
    ).all()
    own = tuple(row.hash for row in rows if row.kind in OWN)
    return Hashes(all=(*own, *(row.hash for row in rows if row.kind not in OWN)), own=own)


@dataclass(frozen=True, slots=True)
class Word:
    """A row of the list: what a person said about one of her identifiers."""

    hash: str
    scope: Scope
    since: datetime
    set_id: str


def suppress(  # noqa: PLR0913  each is a fact of the row
    session: Session,
    vault: Vault,
    business_id: str,
    scope: Scope,
    *,
    since: datetime,
    now: datetime,
    contact_id: str | None = None,
    hashes: Sequence[str] = (),
) -> list[Word]:
    """Opt out within the scope: the contact with every identifier, or the hashes; return the rows that are new.

    `since` is the moment of the person's word; nothing happens when a later word of hers lifted the scope.
    """
    since = min(since, now)
    person = hashes_of(session, contact_id) if contact_id else Hashes(all=tuple(hashes), own=tuple(hashes))
    if not person.all or _lifted_later(session, person.all, scope, since):
        return []
    stands = session.execute(select(suppressions).where(suppressions.c.hash.in_(person.all))).all()
    have = {row.hash for row in stands if row.scope == scope}
    _move_on(session, have, scope, since)
    sets = {row.hash: row.set_id for row in stands}
    set_id = next((sets[each] for each in person.own or person.all if each in sets), None) or random_id()
    new = [Word(each, scope, since, sets.get(each, set_id)) for each in person.all if each not in have]
    add(session, vault, business_id, new)
    return new


def add(session: Session, vault: Vault, business_id: str, words: Iterable[Word]) -> None:
    """Write rows; one that is there already stays as it is."""
    rows = [
        {
            "hash": word.hash,
            "scope": word.scope,
            "business": business_id,
            "set_id": word.set_id,
            "since": word.since,
            "pepper_id": vault.pepper_id,
        }
        for word in sorted(words, key=lambda word: (word.hash, word.scope))
    ]
    if rows:
        session.connection().execute(insert(session, Suppression).on_conflict_do_nothing(), rows)


def _lifted_later(session: Session, hashes: Sequence[str], scope: Scope, since: datetime) -> bool:
    later = exists().where(liftings.c.hash.in_(hashes), liftings.c.scope == scope, liftings.c.at > since)
    return bool(session.execute(select(later)).scalar())


def _move_on(session: Session, hashes: Collection[str], scope: Scope, since: datetime) -> None:
    """Take a repeated word as the later word: a START written between the two no longer lifts it."""
    if hashes:
        session.execute(
            update(suppressions)
            .where(suppressions.c.hash.in_(hashes), suppressions.c.scope == scope, suppressions.c.since < since)
            .values(since=since)
        )


def lift(
    session: Session,
    *,
    at: datetime,
    contact_id: str | None = None,
    hashes: Sequence[str] = (),
    own: Sequence[str] = (),
    scopes: Sequence[Scope] = EVERY_SCOPE,
) -> list[Word]:
    """START: lift what stands for the contact or the hashes, and the rest of the sets of `own`; return those rows.

    Rows of a set that hangs on a telephone number alone stay, for the number may have had another owner.
    """
    person = hashes_of(session, contact_id) if contact_id else Hashes(all=tuple(hashes), own=tuple(own))
    if not person.all:
        return []
    everything = _with_sets(session, person)
    _remember(session, everything, scopes, at)
    mine = (suppressions.c.hash.in_(everything), suppressions.c.scope.in_(scopes), suppressions.c.since <= at)
    gone = session.execute(delete(suppressions).where(*mine).returning(suppressions)).all()
    _let_go(session, [row.hash for row in gone if row.scope == Scope.ERASED])
    return [Word(row.hash, Scope(row.scope), row.since, row.set_id) for row in gone]


def _with_sets(session: Session, person: Hashes) -> list[str]:
    sets = select(suppressions.c.set_id).where(suppressions.c.hash.in_(person.own))
    rest = session.execute(select(suppressions.c.hash).where(suppressions.c.set_id.in_(sets))).scalars()
    return sorted({*person.all, *rest})


def _remember(session: Session, hashes: Sequence[str], scopes: Sequence[Scope], at: datetime) -> None:
    statement = insert(session, Lifting)
    later = statement.on_conflict_do_update(
        index_elements=["hash", "scope"],
        set_={"at": statement.excluded.at},
        where=liftings.c.at < statement.excluded.at,
    )
    rows = [{"hash": each, "scope": scope, "at": at} for each in hashes for scope in scopes]
    session.connection().execute(later, rows)


def _let_go(session: Session, hashes: Sequence[str]) -> None:
    """Who comes back before the erasure is through is somebody new: what is being erased keeps no hold on her."""
    if hashes:
        session.execute(delete(identifiers).where(identifiers.c.hash.in_(hashes)))


def of_contacts(session: Session, contact_ids: Collection[str]) -> dict[str, frozenset[Scope]]:
    """Return what each contact opted out of, by any identifier of hers; who has nothing there is left out."""
    found: dict[str, set[Scope]] = {}
    rows = session.execute(
        select(identifiers.c.contact_id, suppressions.c.scope)
        .join(suppressions, suppressions.c.hash == identifiers.c.hash)
        .where(identifiers.c.contact_id.in_(contact_ids))
    )
    for row in rows:
        found.setdefault(row.contact_id, set()).add(Scope(row.scope))
    return {contact_id: frozenset(scopes) for contact_id, scopes in found.items()}


def of_hashes(session: Session, hashes: Collection[str]) -> frozenset[Scope]:
    """Return what stands for any of the hashes."""
    rows = session.execute(select(suppressions.c.scope).where(suppressions.c.hash.in_(hashes)))
    return frozenset(Scope(scope) for scope in rows.scalars())


def words_of(session: Session, hashes: Collection[str]) -> Mapping[str, list[Word]]:
    """Return the rows of the hashes, by hash."""
    found: dict[str, list[Word]] = {}
    for row in session.execute(select(suppressions).where(suppressions.c.hash.in_(hashes))):
        found.setdefault(row.hash, []).append(Word(row.hash, Scope(row.scope), row.since, row.set_id))
    return found


def told(session: Session, hashes: Collection[str], now: datetime) -> bool:
    """Return whether the one line to an erased person is due, and note that it was said."""
    mine: Any = (suppressions.c.hash.in_(hashes), suppressions.c.scope == Scope.ERASED)
    last = session.execute(select(func.max(suppressions.c.told_at)).where(*mine)).scalar()
    if last is not None and now < last + TOLD_AGAIN_AFTER:
        return False
    due = or_(suppressions.c.told_at.is_(None), suppressions.c.told_at < now)
    return execute_count(session, update(suppressions).where(*mine, due).values(told_at=now)) > 0
