"""What a webhook costs that does nothing: the floor under ours."""

from functools import partial

from bench.frame import Plan, Reading, Row
from bench.ground import CONNECTIONS
from bench.meter import measured
from bench.peers import Peer
from bench.rows.answers import each, hook_facts


def hook(peer: Peer, plan: Plan, *, paced: bool) -> Reading:
    """Texts, one a POST."""
    rate = plan.paced_rate if paced else None
    count = int(plan.paced_rate * plan.paced_seconds) if paced else plan.hooks
    peer.load.ask("texts", count=count, people=plan.people)
    connections = 4 * CONNECTIONS if paced else CONNECTIONS
    with measured(peer.roots) as used:
        told = peer.load.ask("send", port=peer.port, connections=connections, rate=rate)
    return each(used, count, {"rate": count / told["seconds"], **hook_facts(told)})


ROWS = (
    Row(
        key="bare_paced", work="bare Flask hook (signature, parse), at 60/s", unit="us",
        measure=partial(hook, paced=True),
    ),
    Row(
        key="bare_saturated", work="bare Flask hook, saturated", unit="us", measure=partial(hook, paced=False)
    ),
)  # fmt: skip
