"""Each measurement runs, for about a second, and comes to a figure; how large it is, is for the benchmark to tell."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from bench import ground, peers, report, rows
from bench.frame import Plan, Row, UnfinishedError
from bench.run import Results, Turn, run

pytestmark = pytest.mark.slow

SHORT = Plan(
    rounds=1, budget=60, patience=30, people=12, paced_rate=20, paced_seconds=1, texts=20, sends=12,
    receipts={1: 9, 10: 30, 50: 60}, single_texts=2, quiet_seconds=1, cold=False, hooks=50,
)  # fmt: skip
ALL: tuple[Row[Any], ...] = (*rows.SERVICE, *rows.PEERS)
MAY_BE_NOTHING = {"idle_cpu"}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Results]:
    folder = tmp_path_factory.mktemp("bench")
    with (
        ground.running("sqlite", folder / "sqlite", SHORT, tls=True, latency=0.01) as here,
        peers.running(folder / "peer") as peer,
    ):
        yield run([Turn(here, rows.SERVICE), Turn(peer, rows.PEERS)], SHORT, folder, lambda _: None)


def test_every_row_comes_to_a_figure(results: Results) -> None:
    found = {cell.row.key: readings[0].value for cell, readings in results.readings.items()}
    wanted = {row.key for row in ALL if row.wanted(SHORT)}

    assert results.faults == {}
    assert found.keys() == wanted
    assert [key for key, value in found.items() if value <= 0 and key not in MAY_BE_NOTHING] == []


def test_the_parts_are_the_whole(results: Results) -> None:
    parted = [readings[0] for readings in results.readings.values() if readings[0].parts]

    assert [sum(each.parts.values()) for each in parted] == pytest.approx([each.value for each in parted])


def test_the_json_names_unit_and_rounds_of_every_row(results: Results) -> None:
    told = report.as_json(results, {})

    assert all(row["unit"] and len(row["rounds"]) == 1 for row in told["rows"])
    assert told["noise"]["fsync_ms"] > 0


def test_the_table_names_every_row(results: Results) -> None:
    console = report.console()
    with console.capture() as captured:
        report.show(results, console)

    assert [cell.row.work for cell in results.readings if cell.row.work not in captured.get()] == []


def test_nothing_is_left_running_when_it_fails_half_way(tmp_path: Path) -> None:
    before = _children()
    hasty = replace(SHORT, patience=0)

    with pytest.raises(UnfinishedError), ground.running("sqlite", tmp_path / "hasty", hasty, tls=False, latency=1):
        pass

    assert _children() <= before


def _children() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}
