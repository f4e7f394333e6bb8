"""How the work goes, as plain values: for the terminal and the console. The database is the book."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.answering import backlog
from bot.answering.turns import events
from bot.delivery.outbox import outbox
from bot.runtime import Runtime
from bot.store.db import db_now, table, word
from bot.store.models import Lease

leases = table(Lease)


def look(here: Runtime) -> dict[str, Any]:
    """Return queues, lanes, failures, and what RQ has; nothing of a person."""
    now = here.clock()
    with here.db.read() as session:
        queues = backlog.figures(session, now=now)
        held = select(leases.c.name).where(leases.c.until > db_now(), leases.c.holder != "")
        lanes = [name for name in session.execute(held).scalars() if name.isdigit()]
        failures = select(outbox.c.business, outbox.c.code, func.count()).where(outbox.c.state == "failed")
        failed = session.execute(failures.group_by(outbox.c.business, outbox.c.code)).all()
        waits = select(events.c.lane, func.count()).where(events.c.state == word("new"))
        waiting = session.execute(waits.group_by(events.c.lane)).all()
    return {
        "queues": [
            {"name": each.name, "count": each.count, "oldest_seconds": _age(each.oldest, now)} for each in queues
        ],
        "lanes_at_work": sorted(map(int, lanes)),
        "lanes_waiting": {str(lane): count for lane, count in waiting},
        "failed": [{"business": business, "code": code, "count": count} for business, code, count in failed],
        "rq": _rq(here),
    }


def _rq(here: Runtime) -> dict[str, int] | None:
    depth = here.doorbell.depth()
    if depth is None:
        return None
    return {name: getattr(depth, name) for name in ("waiting", "taken", "working", "failed")}


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else round((now - moment).total_seconds(), 1)
