"""What a service takes that nobody writes to."""

import time

from bench.frame import Plan, Reading, Row
from bench.ground import Ground
from bench.meter import memory


def idle(ground: Ground, plan: Plan) -> Reading:
    """Let nothing happen: CPU of all processes, as a share of one core."""
    with ground.measured() as used:
        time.sleep(plan.quiet_seconds)
    return Reading(used.cpu / used.wall * 100, {name: cpu / used.wall * 100 for name, cpu in used.parts.items()})


def resident(ground: Ground, _plan: Plan) -> Reading:
    """Look at the memory of all processes, shared pages by shares."""
    parts = {name: memory(pid) / 1e6 for name, pid in ground.roots.items()}
    return Reading(sum(parts.values()), parts)


ROWS = (
    Row(key="idle_cpu", work="idle: CPU of all processes", unit="% core", measure=idle, must=2, aim=0.5),
    Row(key="memory", work="memory of all processes (PSS)", unit="MB", measure=resident, must=350, aim=200),
)
