"""What a template costs that waits in the outbox: claim with its verdict, POST, record."""

import time

from sqlalchemy import select

from bench.bodies import NUMBER
from bench.frame import Plan, Reading, Row, UnfinishedError
from bench.ground import Ground
from bench.rows.answers import each
from bot.conversation.words import Purpose
from bot.delivery.outbox import Draft, To, stage
from bot.people.reach import keys, people

TEMPLATE = {"name": "come_back", "values": {}, "languages": ["en"]}


def templates(ground: Ground, plan: Plan) -> Reading:
    """One template to each of so many people, staged at once by another process."""
    wanted = ground.sent() + plan.sends
    with ground.measured() as used:
        _stage(ground, plan.sends)
        began = time.monotonic()
        ground.runtime.ring()
        arrived = ground.graph.ask("wait", count=wanted, seconds=plan.patience)
        if arrived["count"] < wanted:
            raise UnfinishedError(f"{wanted - arrived['count']} of {plan.sends} templates stayed: {ground.states()}")
        ground.settle(plan.patience)
    return each(used, plan.sends, {"rate": plan.sends / (arrived["at"] - began)})


def _stage(ground: Ground, count: int) -> None:
    runtime = ground.runtime
    now = runtime.clock()
    with runtime.db.write() as session:
        rows = session.execute(select(people).limit(count)).all()
        held = keys(session, runtime.vault, [row.id for row in rows])
        for row in rows:
            to = To(contact_id=row.id, epoch=row.epoch, lane=row.lane, key=held[row.id])
            draft = Draft(
                business=row.business, number_id=NUMBER, purpose=Purpose.TRANSACTIONAL, source="api", outside=TEMPLATE
            )
            stage(session, to, draft, now=now)
        session.commit()


ROWS = (Row(key="template", work="template sent from the outbox", unit="us", measure=templates, must=800, aim=400),)
