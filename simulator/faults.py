"""Planned misfortune: what goes wrong, how often, and by which dice."""

import itertools
import random
import threading
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

_GRAPH = frozenset({"429", "500", "502html", "reset_before", "reset_after", "slow", "delay", "drop", "code"})
KINDS: dict[str, frozenset[str]] = {
    "messages": _GRAPH,
    "media": _GRAPH - {"drop"},
    "graph": _GRAPH - {"drop"},
    "webhook": frozenset({"duplicate", "reorder", "delay", "drop"}),
}
_SECONDS = {"slow": 5.0, "delay": 1.0, "reorder": 0.5, "duplicate": 0.0}


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong; `count` None means until it is taken away."""

    id: int
    on: str
    kind: str
    code: int | None = None
    seconds: float = 0.0
    count: int | None = None
    share: float = 1.0
    seed: int | None = None
    only: str | None = None
    dice: random.Random = field(default_factory=random.Random)

    def show(self) -> Json:
        """Return the fault as JSON."""
        names = ("id", "on", "kind", "code", "seconds", "count", "share", "seed", "only")
        return {name: getattr(self, name) for name in names}


class Faults:
    """The faults that are planned now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._ids = itertools.count(1)

    def add(self, facts: Json) -> Fault:
        """Plan a fault; raises ValueError for one that does not exist."""
        on, kind = str(facts.get("on")), str(facts.get("kind"))
        if kind not in KINDS.get(on, ()):
            known = "; ".join(f"{place}: {', '.join(sorted(kinds))}" for place, kinds in KINDS.items())
            raise ValueError(f"no fault {kind!r} on {on!r}; there are {known}")
        if unknown := set(facts) - {"on", "kind", "code", "seconds", "count", "share", "seed", "only", "id"}:
            raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
        if kind == "code" and not isinstance(facts.get("code"), int):
            raise ValueError("a fault of kind 'code' needs a code, which is a whole number")
        with self._lock:
            fault = _read(next(self._ids), on, kind, facts)
            self._faults.append(fault)
        return fault

    def pick(self, on: str, sort: str = "") -> Fault | None:
        """Return the fault that befalls this one thing, if any, and use it up by one."""
        with self._lock:
            for fault in self._faults:
                if fault.on == on and fault.only in (None, sort) and fault.dice.random() < fault.share:
                    self._use(fault)
                    return fault
        return None

    def show(self) -> list[Json]:
        """Return what is planned."""
        with self._lock:
            return [fault.show() for fault in self._faults]

    def remove(self, number: int | None = None) -> None:
        """Take one fault away, or all."""
        with self._lock:
            self._faults = [fault for fault in self._faults if number is not None and fault.id != number]

    def _use(self, fault: Fault) -> None:
        if fault.count is not None:
            fault.count -= 1
            if fault.count <= 0:
                self._faults.remove(fault)


def _read(number: int, on: str, kind: str, facts: Json) -> Fault:
    seed, count = facts.get("seed"), facts.get("count")
    return Fault(
        id=number,
        on=on,
        kind=kind,
        code=facts.get("code"),
        seconds=float(facts.get("seconds", _SECONDS.get(kind, 0.0))),
        count=None if count is None else int(count),
        share=float(facts.get("share", 1.0)),
        seed=seed,
        only=facts.get("only"),
        dice=random.Random(seed),
    )
