"""Rounds: every row of every subject once, then again, so that a slow minute of the machine hits all of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bench.frame import Plan, Reading, Row, UnfinishedError
from bench.helper import HelperError
from bench.meter import disk, measured, pace
from bench.post import median

Told = Callable[[str], None]


class Cell(NamedTuple):
    """A row of a subject."""

    subject: str
    row: Row[Any]


@dataclass(slots=True)
class Results:
    """Readings by cell, in rounds; what went wrong; and how quiet the machine was."""

    readings: dict[Cell, list[Reading]] = field(default_factory=dict)
    faults: dict[Cell, str] = field(default_factory=dict)
    paces: list[float] = field(default_factory=list)
    disk_ms: float = 0.0
    steal: float = 0.0
    seconds: float = 0.0
    rounds: int = 0


class Turn(NamedTuple):
    """A subject with its rows."""

    subject: Any
    rows: Sequence[Row[Any]]


def run(turns: Sequence[Turn], plan: Plan, folder: Path, tell: Told) -> Results:
    """Measure in rounds until the plan's number or budget is reached; at least one round."""
    results, began, longest = Results(disk_ms=disk(folder)), time.monotonic(), 0.0
    with measured({}) as machine:
        for number in range(plan.rounds):
            round_began = time.monotonic()
            if number and round_began - began + longest > plan.budget:
                break
            for turn in turns:
                for row in turn.rows:
                    if row.wanted(plan):
                        tell(f"round {number + 1} of {plan.rounds}, {turn.subject.name}: {row.work}")
                        _measure(Cell(turn.subject.name, row), turn.subject, plan, results)
            results.paces.append(pace())
            results.rounds += 1
            longest = max(longest, time.monotonic() - round_began)
    results.steal, results.seconds = machine.steal, machine.wall
    return results


def _measure(cell: Cell, subject: Any, plan: Plan, results: Results) -> None:
    try:
        reading = cell.row.measure(subject, plan)
    except (UnfinishedError, HelperError) as fault:
        results.faults[cell] = str(fault)
        return
    results.readings.setdefault(cell, []).append(reading)


def middle(readings: Sequence[Reading], name: str | None = None) -> float:
    """Return the median over the rounds, of the value or of one of its parts."""
    return median([each.value if name is None else each.parts.get(name, 0.0) for each in readings])


def spread(values: Sequence[float]) -> float:
    """Return how far the rounds lie apart, as a share of their median."""
    usual = median(values)
    return (max(values) - min(values)) / usual if usual else 0.0
