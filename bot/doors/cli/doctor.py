"""`lethe doctor`: everything that `connect` set up, looked at again."""

import sys
from typing import TYPE_CHECKING

import click

from bot.doors.cli.common import as_json, telling, write_json

if TYPE_CHECKING:
    from bot.doors.going_live.outcome import Outcome


@click.command(short_help="Check everything at Meta again.")
@as_json
@telling
def doctor(*, as_json: bool) -> None:
    """Check app, tokens, webhook, numbers, templates and clock, and say what to do about what is not good.

    Changes nothing; Meta does not count it as a message. Exit status: 0 good (warnings included), 1 a fault.
    """
    from bot.doors.cli.common import runtime
    from bot.doors.cli.connect_told import as_data, tell
    from bot.doors.going_live.examine import Examination
    from bot.doors.going_live.outcome import Failed
    from bot.wire.onboarding import Onboarding

    found: list[tuple[str, Outcome]] = []
    with runtime() as here:
        ca_file = str(here.settings.ca_file) if here.settings.ca_file else None
        with Onboarding(here.settings.graph_url, ca_file=ca_file) as graph:
            for name, outcome in Examination(here, graph).all():
                found.append((name, outcome))
                if not as_json:
                    tell(name, outcome)
    faults = sum(isinstance(outcome, Failed) for _, outcome in found)
    if as_json:
        write_json({"good": not faults, "checks": [as_data(name, outcome) for name, outcome in found]})
    else:
        click.echo("No fault found." if not faults else f"{faults} fault{'' if faults == 1 else 's'}.")
    sys.exit(1 if faults else 0)
