"""What is held of a contact, in every table: by the registry of law 6, never by a list kept by hand."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, func, select, update
from sqlalchemy.orm import Session

from bot.delivery.outbox import outbox
from bot.rights.requests import requests
from bot.store.columns import Eraser
from bot.store.db import execute_count, table
from bot.store.models import TABLES, Contact, ContactKey, FormAnswer, InboundEvent, Window
from bot.store.vault import Vault

people = table(Contact)
keys = table(ContactKey)
events = table(InboundEvent)
windows = table(Window)
answers = table(FormAnswer)


def of_contact(each: Table) -> Column[Any]:
    """Return the column that says whose a row is; a table that erases by contact and has none is a KeyError."""
    return each.c.id if each is people else each.c["contact_id"]


def _theirs(spared: Collection[str] = ()) -> Iterator[tuple[Table, Eraser, Column[Any]]]:
    for model in TABLES:
        keeping = model.keeping
        if keeping.eraser in (Eraser.DELETE, Eraser.DETACH) and keeping.retention not in spared:
            each = table(model)
            yield each, keeping.eraser, of_contact(each)


def purge(session: Session, contact_id: str, *, request_id: str = "", spared: Collection[str] = ()) -> Counter[str]:
    """Delete or detach all that is held of the contact, and return how many rows, by table.

    Tables of `spared` retention classes stay: they have periods of their own.

    The contact goes first and is locked: whoever was about to add to it has either committed, and its rows go too,
    or finds nobody. The request that asks for it keeps its reference until the check has passed.
    """
    counts: Counter[str] = Counter()
    session.execute(select(people.c.id).where(people.c.id == contact_id).with_for_update())
    for each, eraser, column in _theirs(spared):
        mine = _mine(each, column, contact_id, request_id)
        if eraser is Eraser.DELETE:
            counts[each.name] = execute_count(session, delete(each).where(*mine))
        else:
            counts[each.name] = execute_count(session, update(each).where(*mine).values({column: None}))
    return +counts


def left(session: Session, contact_id: str, *, request_id: str = "") -> frozenset[str]:
    """Return the tables that still hold anything of the contact."""
    return frozenset(
        each.name
        for each, _, column in _theirs()
        if session.execute(
            select(func.count()).select_from(each).where(*_mine(each, column, contact_id, request_id))
        ).scalar()
    )


def _mine(each: Table, column: Column[Any], contact_id: str, request_id: str) -> list[ColumnElement[bool]]:
    mine: list[ColumnElement[bool]] = [column == contact_id]
    return [*mine, each.c.id != request_id] if each is requests else mine


MEDIA = frozenset({"media", "image", "video", "audio", "document", "sticker"})
"""Under these names stand files, in what came in and in what went out."""


def media_at_meta(session: Session, vault: Vault, contact_id: str) -> list[str]:
    """Return Meta's ids of the files that the contact sent and that were sent to her, as far as texts are kept."""
    found: set[str] = set()
    for each in (events, outbox, answers):
        rows = session.execute(
            select(each.c.ref, each.c.body, keys.c.wrapped)
            .join(keys, keys.c.contact_id == each.c.contact_id)
            .where(each.c.contact_id == contact_id, each.c.body.is_not(None))
        )
        for row in rows:
            found.update(_media(vault.key(row.wrapped).open_json(row.body, f"{each.name}.body.{row.ref}")))
    return sorted(found)


def _media(body: Any) -> Iterator[str]:
    for name, value in body.items() if isinstance(body, dict) else ():
        if name in MEDIA and isinstance(value, dict) and isinstance(value.get("id"), str):
            yield value["id"]
        else:
            yield from _media(value)


def number_of(session: Session, contact_id: str) -> str | None:
    """Return the business number that the contact wrote to last: in its contact book she stands."""
    found: str | None = session.execute(
        select(windows.c.number_id)
        .where(windows.c.contact_id == contact_id)
        .order_by(windows.c.last_inbound_at.desc())
        .limit(1)
    ).scalar()
    return found
