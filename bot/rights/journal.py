"""The privacy journal: erasures, opt-outs and their lifting, chained by hash, so that a restored backup repeats them.

A line is written in the transaction of what it tells. It names nobody: a random contact id, or a keyed hash.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from bot.people.suppression import Word
from bot.store.columns import EPOCH, MICROSECOND
from bot.store.db import insert, table
from bot.store.models import JournalEntry

journal = table(JournalEntry)

LOCK = 0x4C657468
"""PostgreSQL's advisory lock that lets one transaction at a time add lines; SQLite writes one at a time anyway."""

TOLD = ("at", "business", "kind", "subject", "scope", "set_id", "pepper_id", "previous")
"""What the hash of a line covers."""


class Act(StrEnum):
    """What a line tells."""

    ERASED = "erased"
    SUPPRESSED = "suppressed"
    LIFTED = "lifted"
    RESTRICTED = "restricted"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something to write down. `at` is when it took effect: for an opt-out the moment of the person's word."""

    act: Act
    business: str
    subject: str
    at: datetime
    scope: str = ""
    set_id: str = ""
    pepper_id: str = ""


def opt_outs(
    act: Act, business_id: str, words: Iterable[Word], pepper_id: str = "", *, at: datetime | None = None
) -> list[Line]:
    """Return the lines that tell of opt-outs (each since its own moment) or of their lifting (`at`)."""
    return [
        Line(
            act=act,
            business=business_id,
            subject=word.hash,
            at=at or word.since,
            scope=word.scope,
            set_id=word.set_id,
            pepper_id=pepper_id,
        )
        for word in words
    ]


def append(session: Session, *lines: Line) -> None:
    """Add lines to the chain; other transactions that add some wait until this one ends."""
    if not lines:
        return
    take_turn(session)
    last = session.execute(select(journal.c.hash).order_by(journal.c.id.desc()).limit(1)).scalar()
    previous = last or ""
    for line in lines:
        told: dict[str, Any] = {
            "at": line.at,
            "business": line.business,
            "kind": line.act,
            "subject": line.subject,
            "scope": line.scope,
            "set_id": line.set_id,
            "pepper_id": line.pepper_id,
            "previous": previous,
        }
        previous = digest(told)
        session.execute(insert(session, JournalEntry).values(**told, hash=previous))


def take_turn(session: Session) -> None:
    """Wait until no other transaction adds lines; on SQLite a writing transaction is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def digest(told: Mapping[str, Any]) -> str:
    """Return the hash of a line: it covers the line before, so none can be changed, taken out or slipped in."""
    written = [str(micros(told["at"])), *(str(told[name]) for name in TOLD[1:])]
    hashed = hashlib.sha256(json.dumps(written).encode()).digest()
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()


def micros(at: datetime) -> int:
    """Return a moment as the file has it: whole microseconds since 1970."""
    return (at - EPOCH) // MICROSECOND


def verify(session: Session) -> int | None:
    """Return the id of the first line that does not fit the chain, or None when all is well."""
    previous: str | None = None
    statement = select(journal).order_by(journal.c.id).execution_options(yield_per=1000)
    with session.execute(statement) as rows:
        for row in rows.mappings():
            broken = previous is not None and row["previous"] != previous
            if broken or digest({name: row[name] for name in TOLD}) != row["hash"]:
                return int(row["id"])
            previous = row["hash"]
    return None


def lines_after(session: Session, after_id: int) -> Iterator[str]:
    """Yield the lines after this id as JSON, for the file outside the database."""
    rows = session.execute(select(journal).where(journal.c.id > after_id).order_by(journal.c.id))
    return (_written(row) for row in rows)


def _written(row: Row[Any]) -> str:
    told = {name: getattr(row, name) for name in TOLD[1:]}
    return json.dumps({"id": row.id, "at": micros(row.at), **told, "hash": row.hash})
