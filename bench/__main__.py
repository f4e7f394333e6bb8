"""`python -m bench`: start everything on loopback, measure in rounds, end everything, print."""

import signal
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import orjson
from rich.console import Console

from bench import ground, peers, report, rows
from bench.frame import FULL, QUICK, Plan, UnfinishedError
from bench.helper import HelperError
from bench.run import Results, Turn, run


@click.command(help="Measure what the program costs. Method and results: docs/performance.md.")
@click.option("--quick", is_flag=True, help="Fewer of everything: less than two minutes.")
@click.option("--postgres", is_flag=True, help="Measure on PostgreSQL beside SQLite.")
@click.option("--only", default="", metavar="WORD", help="Only rows whose key holds this word.")
@click.option("--rounds", type=click.IntRange(1), help="How often everything is measured.")
@click.option("--latency", type=click.IntRange(0), default=100, show_default=True, help="Of the Graph API, in ms.")
@click.option("--tls/--no-tls", default=True, show_default=True, help="Speak TLS to the Graph API.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every round.")
def main(*, quick: bool, postgres: bool, only: str, rounds: int | None, as_json: bool, **graph: Any) -> None:
    """Run it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends as ^C does: with everything that was started
    plan = QUICK if quick else FULL
    plan = replace(plan, rounds=rounds or plan.rounds)
    try:
        results = _measured(plan, only, postgres=postgres, **graph)
    except (UnfinishedError, HelperError, RuntimeError) as fault:
        raise click.ClickException(str(fault)) from None
    if as_json:
        options = {"quick": quick, "postgres": postgres, **graph}
        sys.stdout.buffer.write(orjson.dumps(report.as_json(results, options), option=orjson.OPT_INDENT_2) + b"\n")
    else:
        report.show(results, report.console())


def _measured(plan: Plan, only: str, *, postgres: bool, tls: bool, latency: int) -> Results:
    """Start everything, measure, and end everything, whatever happens."""
    with ExitStack() as stack, Console(stderr=True).status("starting") as status:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lethe-bench-")))
        turns = []
        for name in ("sqlite", "postgres") if postgres else ("sqlite",):
            wanted = [row for row in rows.SERVICE if only in row.key]
            here = ground.running(name, folder / name, plan, tls=tls, latency=latency / 1000)
            turns.append(Turn(stack.enter_context(here), wanted))
        hooks = [row for row in rows.PEERS if only in row.key]
        if hooks:
            turns.append(Turn(stack.enter_context(peers.running(folder / "peer")), hooks))
        return run(turns, plan, folder, status.update)


if __name__ == "__main__":
    main()
