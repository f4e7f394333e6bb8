"""The results as a table for people and as JSON for programs."""

import platform
from collections.abc import Mapping, Sequence
from typing import Any

import psutil
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bench.frame import Reading
from bench.post import median
from bench.run import Cell, Results, middle, spread

FLOORS = {"answer_paced": "bare_paced", "answer_saturated": "bare_saturated", "receipt_1": "bare_saturated"}
"""Which peer a row is set against."""

FACTS = {"rate": "a second", "p50_ms": "p50 ms", "p90_ms": "p90 ms", "p99_ms": "p99 ms", "refused": "503s"}
"""What else the table shows of a row, where it knows it: at what rate, how long those who posted waited."""

LIMITS = {"must": "must", "aim": "aim", "ratio": "x hook"}
WIDTH = 130


def as_json(results: Results, options: dict[str, Any]) -> dict[str, Any]:
    """Return everything, every round included."""
    return {
        "machine": {"python": platform.python_version(), "system": platform.platform(), "cores": psutil.cpu_count()},
        "options": options,
        "noise": noise(results),
        "rows": [_row(cell, readings, results) for cell, readings in results.readings.items()],
        "unfinished": {f"{cell.subject} {cell.row.key}": why for cell, why in results.faults.items()},
    }


def noise(results: Results) -> dict[str, float]:
    """Return what the machine was like: take no difference for real that is smaller than `spread`."""
    readings = list(results.readings.values())
    cpu = [[each.value for each in some] for cell, some in results.readings.items() if cell.row.unit == "us"]
    others = [each.facts["others_cores"] for some in readings for each in some if "others_cores" in each.facts]
    return {
        "rounds": results.rounds,
        "seconds": round(results.seconds, 1),
        "steal_cores": round(results.steal, 3),
        "others_cores": round(median(others), 2),
        "spread": round(median([spread(values) for values in cpu if len(values) > 1]), 3),
        "pace_ms": round(median(results.paces), 1),
        "pace_spread": round(spread(results.paces), 3) if results.paces else 0.0,
        "fsync_ms": round(results.disk_ms, 2),
    }


def show(results: Results, console: Console) -> None:
    """Print what everything costs, of which processes, the machine's noise, and what was not done in time."""
    rows = [_row(cell, readings, results) for cell, readings in results.readings.items()]
    console.print(_costs(rows), _beside(rows), sep="\n")
    console.print(_noise_line(noise(results)), highlight=False)
    for cell, why in results.faults.items():
        console.print(f"[red]not done in time[/]: {cell.row.work}, {cell.subject}: {why}", highlight=False)


def _costs(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = _table("Costs (us: CPU microseconds of all processes, for each)", "median", "", "rounds", *LIMITS.values())
    for row in rows:
        limits = [_number(row.get(name)) for name in LIMITS]
        table.add_row(row["work"], row["on"], _number(row["median"]), row["unit"], _rounds(row["rounds"]), *limits)
    return table


def _beside(rows: Sequence[Mapping[str, Any]]) -> Table:
    parts = list(dict.fromkeys(name for row in rows for name in row["parts"]))
    table = _table("Of which, and what those who post see", *parts, *FACTS.values())
    for row in rows:
        figures = [*map(row["parts"].get, parts), *(row["facts"].get(name) or None for name in FACTS)]
        if any(figures):
            table.add_row(row["work"], row["on"], *map(_number, figures))
    return table


def _table(title: str, *names: str) -> Table:
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left")
    for name in ("work", "on"):
        table.add_column(name, no_wrap=True)
    for name in names:
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    return table


def console() -> Console:
    """Return a console wide enough for the table, also where the output is no terminal."""
    there = Console()
    return there if there.is_terminal else Console(width=WIDTH)


def _row(cell: Cell, readings: list[Reading], results: Results) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": cell.row.key,
        "on": cell.subject,
        "work": cell.row.work,
        "unit": cell.row.unit,
        "median": middle(readings),
        "rounds": [each.value for each in readings],
        "parts": {name: middle(readings, name) for name in readings[0].parts},
        "facts": {name: median([each.facts[name] for each in readings]) for name in readings[0].facts},
        "must": cell.row.must,
        "aim": cell.row.aim,
    }
    floor = _floor(cell, results)
    return row | ({"ratio": row["median"] / floor} if floor else {})


def _floor(cell: Cell, results: Results) -> float:
    wanted = FLOORS.get(cell.row.key)
    found = [middle(readings) for other, readings in results.readings.items() if other.row.key == wanted]
    return found[0] if found else 0.0


def _rounds(values: list[float]) -> str:
    return f"{_number(min(values))} to {_number(max(values))}" if len(values) > 1 else ""


def _noise_line(told: dict[str, float]) -> str:
    return (
        f"Machine: steal {told['steal_cores']} and other programs {told['others_cores']} of its cores; rounds differ by"
        f" {told['spread']:.0%} (a fixed piece of work: {told['pace_ms']} ms, {told['pace_spread']:.0%});"
        f" a durable write {told['fsync_ms']} ms. {told['rounds']:.0f} rounds, {told['seconds']:.0f} s."
    )


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
