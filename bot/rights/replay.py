"""After a restored backup: do again what the journal's file tells and the database has forgotten.

Nothing is sent before this is through: who was erased stays erased, who said STOP stays left alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from bot.conversation.words import Scope
from bot.people import standing, suppression
from bot.people.reach import people
from bot.people.suppression import suppressions
from bot.rights import holdings
from bot.rights.journal import TOLD, Act, digest, journal
from bot.store.columns import EPOCH, MICROSECOND
from bot.store.db import insert
from bot.store.models import JournalEntry, Suppression


class PartedError(Exception):
    """The file and the database tell different stories from the line with this id on: a person has to look."""


def is_behind(session: Session, last_id_in_file: int) -> bool:
    """Return whether the file knows of more than the database: it was restored from a backup."""
    return _last(session)[0] < last_id_in_file


def replay(session: Session, lines: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Take the file's lines that the database lacks and do again what they tell; return how many, by act."""
    done: Counter[str] = Counter()
    last_id, previous = _last(session)
    for line in lines:
        if line["id"] <= last_id:
            continue
        told = {name: line[name] for name in TOLD} | {"at": EPOCH + line["at"] * MICROSECOND}
        if told["previous"] != previous or digest(told) != line["hash"]:
            raise PartedError(line["id"])
        session.execute(insert(session, JournalEntry).values(id=line["id"], hash=line["hash"], **told))
        _do_again(session, told)
        done[told["kind"]] += 1
        previous = line["hash"]
    if done and session.get_bind().dialect.name == "postgresql":
        session.execute(text("select setval(pg_get_serial_sequence('journal', 'id'), (select max(id) from journal))"))
    return done


def _last(session: Session) -> tuple[int, str]:
    row = session.execute(select(journal.c.id, journal.c.hash).order_by(journal.c.id.desc()).limit(1)).first()
    return (row.id, row.hash) if row else (0, "")


def _do_again(session: Session, told: Mapping[str, Any]) -> None:
    subject, at = told["subject"], told["at"]
    match Act(told["kind"]):
        case Act.ERASED:
            holdings.purge(session, subject)
        case Act.SUPPRESSED:
            _suppress(session, told)
        case Act.LIFTED:
            suppression.lift(session, hashes=[subject], at=at, scopes=[Scope(told["scope"])])
        case Act.RESTRICTED:
            if _is_known(session, subject):
                standing.restrict(session, subject, now=at)
        case Act.RESUMED:
            standing.resume(session, subject)


def _suppress(session: Session, told: Mapping[str, Any]) -> None:
    """Write the row as it was: nobody's identifiers are at hand, and a changed pepper must not matter."""
    mine = (suppressions.c.hash == told["subject"], suppressions.c.scope == told["scope"])
    session.execute(delete(suppressions).where(*mine))
    values = {
        "hash": told["subject"],
        "scope": told["scope"],
        "business": told["business"],
        "set_id": told["set_id"],
        "since": told["at"],
        "pepper_id": told["pepper_id"],
    }
    session.execute(insert(session, Suppression).values(values))


def _is_known(session: Session, contact_id: str) -> bool:
    return bool(session.execute(select(func.count()).where(people.c.id == contact_id)).scalar())
