"""CPU time of processes and their children, and what else the machine was busy with."""

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.post import median


@dataclass(slots=True)
class Used:
    """What a stretch of time cost: seconds by the clock, CPU seconds by part, cores busy with something else, steal."""

    wall: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)
    others: float = 0.0
    steal: float = 0.0

    @property
    def cpu(self) -> float:
        """Return the CPU seconds of all parts."""
        return sum(self.parts.values())


@contextmanager
def measured(trees: Mapping[str, int]) -> Iterator[Used]:
    """Fill in, at the end, what the trees of processes with these roots have used."""
    used, began = Used(), time.monotonic()
    before, machine = _trees(trees), _machine()
    yield used
    used.wall = time.monotonic() - began
    after, now = _trees(trees), _machine()
    used.parts = {name: after[name] - before[name] for name in trees}
    used.others = max(0.0, (now[0] - machine[0] - after[""] + before[""]) / used.wall)
    used.steal = (now[1] - machine[1]) / used.wall


def tree(pid: int) -> float:
    """Return user and system time of a process and all its children, those that have ended included."""
    total = 0.0
    for process in _processes(pid):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue  # its time is its parent's now
        total += times.user + times.system + times.children_user + times.children_system
    return total


def memory(pid: int) -> int:
    """Return the bytes of a process and its children, shared pages by shares where the system tells (PSS)."""
    total = 0
    for process in _processes(pid):
        try:
            told = process.memory_full_info()
        except psutil.Error:
            continue
        total += getattr(told, "pss", 0) or told.uss
    return total


def _processes(pid: int) -> list[psutil.Process]:
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _trees(trees: Mapping[str, int]) -> dict[str, float]:
    # All of ours, the measuring itself included, stands under "".
    return {name: tree(pid) for name, pid in trees.items()} | {"": tree(os.getpid())}


def _machine() -> tuple[float, float]:
    """Return the seconds in which the cores were busy, and those that the host took away."""
    times = psutil.cpu_times()
    away = {"idle", "iowait", "steal", "guest", "guest_nice"}  # a guest's time is in `user` already
    busy = sum(value for name, value in times._asdict().items() if name not in away)
    return busy, getattr(times, "steal", 0.0)


def pace() -> float:
    """Return the CPU milliseconds of a fixed piece of work: how fast the machine is just now."""
    began = time.process_time()
    data = b"x"
    for _ in range(40_000):
        data = hashlib.sha256(data).digest()
    return (time.process_time() - began) * 1000


def disk(folder: Path, times: int = 30) -> float:
    """Return the median milliseconds of writing 4 KB durably, which every commit waits for."""
    path = folder / "durable"
    taken = []
    with path.open("wb", buffering=0) as file:
        for _ in range(times):
            began = time.monotonic()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            taken.append((time.monotonic() - began) * 1000)
    path.unlink()
    return median(taken)
