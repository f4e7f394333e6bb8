"""What an answered text costs, all in: from the webhook to the recorded send."""

import time
from collections.abc import Mapping

from bench.frame import Plan, Reading, Row
from bench.ground import Ground
from bench.meter import Used
from bench.post import median, quantile

PAUSE, SPREAD = 0.15, 0.013
"""Seconds between single texts: nothing is under way any more, and they fall on no beat of ours."""
BEATS = 17
LISTENS = 21.0
"""Seconds until the last job has stopped listening: the next text needs a new one."""


def paced(ground: Ground, plan: Plan) -> Reading:
    """Texts at a steady rate, one a POST."""
    count = int(plan.paced_rate * plan.paced_seconds)
    with ground.measured() as used:
        told = ground.texts(count, plan, rate=plan.paced_rate)
    return each(used, count, hook_facts(told))


def saturated(ground: Ground, plan: Plan) -> Reading:
    """Texts as quickly as intake takes them, until the last answer is recorded."""
    with ground.measured() as used:
        told = ground.texts(plan.texts, plan)
    lasted = told["answered_at"] - told["began"]
    return each(used, plan.texts, {"rate": plan.texts / lasted, **hook_facts(told)})


def single(ground: Ground, plan: Plan) -> Reading:
    """One text at a time: from the webhook's first byte to the call at the Graph API."""
    taken = []
    for number in range(plan.single_texts):
        time.sleep(PAUSE + SPREAD * (number % BEATS))
        told = ground.texts(1, plan)
        taken.append((told["answered_at"] - told["began"]) * 1000)
    return Reading(median(taken), facts={"p90_ms": quantile(taken, 0.9)})


def hook_facts(told: Mapping[str, float]) -> dict[str, float]:
    """Return what those who posted saw: latencies in milliseconds, and how often they were told to come again."""
    return {"p50_ms": told["p50"] * 1000, "p99_ms": told["p99"] * 1000, "refused": told["refused"]}


def cold(ground: Ground, plan: Plan) -> Reading:
    """Write once after a silence."""
    time.sleep(LISTENS)
    told = ground.texts(1, plan)
    return Reading((told["answered_at"] - told["began"]) * 1000)


def each(used: Used, count: int, facts: dict[str, float] | None = None) -> Reading:
    """Return CPU microseconds for each of so many, by process."""
    parts = {name: seconds / count * 1e6 for name, seconds in used.parts.items()}
    return Reading(sum(parts.values()), parts, {**(facts or {}), "others_cores": used.others, "steal": used.steal})


ROWS = (
    Row(key="answer_single", work="idle: webhook in to Graph call out", unit="ms", measure=single, must=60, aim=25),
    Row(
        key="answer_cold", work="idle: the same after 21 s of silence", unit="ms", measure=cold,
        wanted=lambda plan: plan.cold,
    ),
    Row(key="answer_paced", work="text answered, at 60/s", unit="us", measure=paced, must=3000),
    Row(key="answer_saturated", work="text answered, saturated", unit="us", measure=saturated, must=2000),
)  # fmt: skip
