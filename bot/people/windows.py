"""When a contact last wrote to a number: what the service window hangs on."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from bot.store.db import insert, table
from bot.store.models import Window

windows = table(Window)


def open_windows(session: Session, latest: Mapping[tuple[str, str], datetime]) -> None:
    """Note when each (contact, number) last wrote, by Meta's timestamp; an older moment changes nothing."""
    if not latest:
        return
    rows = [
        {"contact_id": contact_id, "number_id": number_id, "last_inbound_at": at}
        for (contact_id, number_id), at in sorted(latest.items())
    ]
    offer = insert(session, Window)
    new, old = offer.excluded.last_inbound_at, windows.c.last_inbound_at
    latest_wins = {"last_inbound_at": case((new > old, new), else_=old)}
    session.connection().execute(
        offer.on_conflict_do_update(index_elements=["contact_id", "number_id"], set_=latest_wins), rows
    )


def last_inbound(session: Session, contact_ids: Collection[str]) -> dict[tuple[str, str], datetime]:
    """Return when each contact last wrote, by (contact, number)."""
    if not contact_ids:
        return {}
    rows = session.execute(select(windows).where(windows.c.contact_id.in_(contact_ids)))
    return {(row.contact_id, row.number_id): row.last_inbound_at for row in rows}
