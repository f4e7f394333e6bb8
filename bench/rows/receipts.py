"""What a receipt costs, from the webhook until it is merged into its message."""

from functools import partial

from bench.frame import Plan, Reading, Row
from bench.ground import CONNECTIONS, Ground
from bench.rows.answers import each, hook_facts


def receipts(ground: Ground, plan: Plan, per_post: int) -> Reading:
    """Receipts (sent, delivered, read) of messages that went out before, as quickly as intake takes them."""
    count = plan.receipts[per_post]
    missing = -(-count // 3) - ground.graph.ask("untold")
    if missing > 0:
        ground.texts(missing, plan, per_post=10)
    ground.graph.ask("receipts", count=count, per_post=per_post)
    with ground.measured() as used:
        told = ground.graph.ask("send", port=ground.service.port, connections=CONNECTIONS)
        ground.settle(plan.patience)
    return each(used, count, {"rate": count / used.wall, **hook_facts(told)})


def _row(per_post: int, must: float, aim: float) -> Row[Ground]:
    return Row(
        key=f"receipt_{per_post}",
        work=f"receipt merged, {per_post} a POST",
        unit="us",
        measure=partial(receipts, per_post=per_post),
        must=must,
        aim=aim,
    )


ROWS = (_row(1, 700, 350), _row(10, 120, 60), _row(50, 50, 25))
