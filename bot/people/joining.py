"""Two contacts that turn out to be one person: rows re-pointed and sealed anew, the strictest standing wins."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, case, delete, select, update
from sqlalchemy.orm import Session

from bot.people.reach import contact_keys, identifiers, people
from bot.people.standing import standings
from bot.store.columns import Holds
from bot.store.db import insert, table
from bot.store.models import TABLES, Standing, Window
from bot.store.vault import Vault

windows = table(Window)
OWN_WAY = frozenset({people.name, contact_keys.name, standings.name, windows.name, identifiers.name})
"""Tables with one row a contact (or number), where two rows have to become one."""


def join(session: Session, vault: Vault, kept: str, gone: str) -> None:
    """Give all that `gone` has to `kept` and end `gone`; its identifiers were re-pointed before."""
    both = session.execute(
        select(people, contact_keys.c.wrapped)
        .join(contact_keys, contact_keys.c.contact_id == people.c.id)
        .where(people.c.id.in_([kept, gone]))
        .order_by(people.c.id)
        .with_for_update(of=people)
    )
    rows = {row.id: row for row in both}
    if len(rows) < 2:  # noqa: PLR2004  somebody else joined or erased one of the two
        return
    old, new = vault.key(rows[gone].wrapped), vault.key(rows[kept].wrapped)
    for model in TABLES:
        each = table(model)
        if "contact_id" in each.c and each.name not in OWN_WAY:
            _hand(session, each, rows[gone], rows[kept], lambda sealed, bound: new.seal(old.open(sealed, bound), bound))
    _windows(session, kept, gone)
    _standing(session, kept, gone)
    _contact(session, rows[kept], rows[gone])
    session.execute(delete(contact_keys).where(contact_keys.c.contact_id == gone))
    session.execute(delete(people).where(people.c.id == gone))


def _hand(session: Session, each: Table, gone: Row[Any], kept: Row[Any], reseal: Callable[[bytes, str], bytes]) -> None:
    """Re-point the rows of a table; what is sealed is sealed under the other key, bound to the same row."""
    sealed = [column for column in each.c if column.info.get("holds") is Holds.SEALED]
    name = each.c["ref"] if "ref" in each.c else next(iter(each.primary_key.columns))
    if sealed:
        for row in session.execute(select(each).where(each.c.contact_id == gone.id)).mappings().all():
            again = {
                column.name: reseal(row[column.name], f"{each.name}.{column.name}.{row[name.name]}")
                for column in sealed
                if row[column.name] is not None
            }
            if again:
                session.execute(update(each).where(name == row[name.name]).values(again))
    values: dict[Any, Any] = {"contact_id": kept.id} | ({"lane": kept.lane} if "lane" in each.c else {})
    if "epoch" in each.c:
        # What was staged before an epoch ended stays refused.
        values["epoch"] = case((each.c.epoch == gone.epoch, kept.epoch), else_=0)
    session.execute(update(each).where(each.c.contact_id == gone.id).values(values))


def _windows(session: Session, kept: str, gone: str) -> None:
    rows = session.execute(delete(windows).where(windows.c.contact_id == gone).returning(windows)).mappings().all()
    for row in rows:
        offer = insert(session, Window).values({**row, "contact_id": kept})
        at = offer.excluded.last_inbound_at
        session.execute(
            offer.on_conflict_do_update(
                index_elements=["contact_id", "number_id"],
                set_={"last_inbound_at": at},
                where=windows.c.last_inbound_at < at,
            )
        )


def _standing(session: Session, kept: str, gone: str) -> None:
    rows = session.execute(select(standings).where(standings.c.contact_id.in_([kept, gone]))).all()
    session.execute(delete(standings).where(standings.c.contact_id == gone))
    if not rows:
        return
    values = {
        "restricted_at": _one(min, [row.restricted_at for row in rows]),
        "held_until": _one(max, [row.held_until for row in rows]),
        "handed_over_until": _one(max, [row.handed_over_until for row in rows]),
    }
    offer = insert(session, Standing).values(contact_id=kept, **values)
    session.execute(offer.on_conflict_do_update(index_elements=["contact_id"], set_=values))


def _contact(session: Session, kept: Row[Any], gone: Row[Any]) -> None:
    """Keep what either knew; a language that was chosen goes before one that was guessed."""
    better = gone if (gone.chosen and not kept.chosen) or kept.language is None else kept
    values = {
        "language": better.language,
        "chosen": better.chosen,
        "notice": kept.notice or gone.notice,
        "created_at": min(kept.created_at, gone.created_at),
        "last_inbound_at": _one(max, [kept.last_inbound_at, gone.last_inbound_at]),
    }
    session.execute(update(people).where(people.c.id == kept.id).values(values))


def _one(choose: Callable[[Sequence[datetime]], datetime], moments: Sequence[datetime | None]) -> datetime | None:
    known = [moment for moment in moments if moment is not None]
    return choose(known) if known else None
