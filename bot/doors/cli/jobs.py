"""How the work goes: lanes, backlog, failures; and the conversations that people of the business have."""

import sys
from typing import TYPE_CHECKING, Any

import click

from bot.doors.cli.common import as_json, fail, runtime, telling, write_json, write_table

if TYPE_CHECKING:
    from rich.table import Table

    from bot.runtime import Runtime

MINUTES_END = 600
"""Seconds up to which an age is told in seconds; an older one in hours."""

MOMENT = "%Y-%m-%d %H:%M UTC"
EVERY = 1.0
"""Seconds between two looks of `--watch`."""


@click.command(short_help="Show what waits and what failed.")
@click.option("--watch", is_flag=True, help="Look again every second, until Ctrl-C.")
@as_json
@telling
def jobs(*, watch: bool, as_json: bool) -> None:
    """Show what waits, how old the oldest of it is, which lanes are being worked on, and what failed.

    The database is the book, so this is true without Redis too. `rq info -u <LETHE_REDIS_URL>` shows RQ's own view.
    """
    from bot.doors import work

    with runtime() as here:
        if watch:
            _watch(here)
        elif as_json:
            write_json(work.look(here))
        else:
            from rich.console import Console

            Console().print(_table(work.look(here)))


def _table(state: dict[str, Any]) -> "Table":
    from rich.table import Table

    drawn = Table(box=None, pad_edge=False)
    for heading, side in (("what", "left"), ("rows", "right"), ("oldest", "right")):
        drawn.add_column(heading, justify=side)  # type: ignore[arg-type]  # rich takes these two words
    for queue in state["queues"]:
        age = queue["oldest_seconds"]
        drawn.add_row(
            queue["name"].replace("_", " "), str(queue["count"]), "" if not queue["count"] or age is None else _ago(age)
        )
    lanes = ", ".join(map(str, state["lanes_at_work"])) or "none"
    drawn.add_row("lanes being worked on", lanes, "")
    for each in state["failed"]:
        drawn.add_row(f"failed at {each['business']} with code {each['code']}", str(each["count"]), "")
    rq = state["rq"]
    jobs_ = "Redis does not answer" if rq is None else ", ".join(f"{count} {name}" for name, count in rq.items())
    drawn.add_row("RQ jobs", jobs_, "")
    return drawn


def _ago(seconds: float) -> str:
    if seconds < 0:
        return f"in {-seconds:.0f} s"
    return f"{seconds:.0f} s" if seconds < MINUTES_END else f"{seconds / 3600:.1f} h"


def _watch(here: "Runtime") -> None:
    import threading

    from rich.live import Live

    from bot.doors import work

    stop = threading.Event()
    with Live(_table(work.look(here)), auto_refresh=False) as live:
        try:
            while not stop.wait(EVERY):
                live.update(_table(work.look(here)), refresh=True)
        except KeyboardInterrupt:
            return


@click.group("hand-over", short_help="Conversations that people have.")
def hand_over() -> None:
    """Conversations that a person of the business has, for which the bot is silent."""


@hand_over.command("list")
@click.option("--business", help="Only this business's.")
@as_json
@telling
def list_(business: str | None, *, as_json: bool) -> None:
    """List them, the oldest first: ids and times, nobody's name."""
    from bot.people import standing

    with runtime() as here, here.db.read() as session:
        running = standing.handed_over(session, business, now=here.clock())
    if as_json:
        write_json(
            [{"id": each.id, "business": each.business, "since": each.since, "until": each.until} for each in running]
        )
        return
    rows = [[each.id, each.business, f"{each.since:{MOMENT}}", f"{each.until:{MOMENT}}"] for each in running]
    write_table(("id", "business", "since", "until"), rows, empty="The bot has every conversation.")


@hand_over.command()
@click.argument("id_", metavar="ID")
@telling
def back(id_: str) -> None:
    """Give the conversation with this hand-over id back to the bot."""
    from bot.people import standing

    with runtime() as here, here.db.write() as session:
        done = standing.hand_back(session, id_, here.clock())
        session.commit()
    if not done:
        fail("Nobody has a conversation under this id; `lethe hand-over list` shows those that are.")
    click.echo("The bot answers again.")
    sys.exit(0)
