"""What a row of the table is: a measurement of one subject, made once a round."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Subject = TypeVar("Subject")


class UnfinishedError(Exception):
    """The work was not done in the time that a measurement may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much of everything; a measurement takes what concerns it."""

    rounds: int
    budget: float
    """Seconds for all rounds; none begins that would go beyond."""
    patience: float
    """Seconds that a measurement waits for its work to be done."""
    people: int
    paced_rate: float
    paced_seconds: float
    texts: int
    sends: int
    receipts: dict[int, int]
    """How many receipts, by how many come in a POST."""
    single_texts: int
    quiet_seconds: float
    cold: bool
    hooks: int


QUICK = Plan(
    rounds=3, budget=95, patience=20, people=100, paced_rate=60, paced_seconds=3, texts=200, sends=100,
    receipts={1: 150, 10: 300, 50: 600}, single_texts=8, quiet_seconds=2, cold=False, hooks=500,
)  # fmt: skip
FULL = Plan(
    rounds=3, budget=900, patience=60, people=300, paced_rate=60, paced_seconds=10, texts=1000, sends=300,
    receipts={1: 600, 10: 1500, 50: 3000}, single_texts=50, quiet_seconds=5, cold=True, hooks=3000,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What one round came to: the value in the row's unit, its parts by process, and what else is worth knowing."""

    value: float
    parts: dict[str, float] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[Subject]):
    """A row: what is measured, in what unit, what it must come to, and what we aim at."""

    key: str
    work: str
    unit: str
    measure: Callable[[Subject, Plan], Reading]
    must: float | None = None
    aim: float | None = None
    wanted: Callable[[Plan], bool] = lambda _plan: True
