"""The command `lethe`: everything an operator does from a terminal."""

import click

from bot.doors.cli.check import check, test
from bot.doors.cli.connect import connect
from bot.doors.cli.demo import demo
from bot.doors.cli.doctor import doctor
from bot.doors.cli.jobs import hand_over, jobs
from bot.doors.cli.keys import console_password, keygen
from bot.doors.cli.new import new
from bot.doors.cli.people import erase, opt_out, purge, requests
from bot.doors.cli.processes import run, web, worker
from bot.doors.cli.say import say
from bot.doors.cli.schema import schema
from bot.doors.cli.send import send
from bot.doors.cli.templates import templates

COMMANDS = (
    demo, run, web, worker, new, check, test, schema, say, send, templates, connect, doctor, jobs,
    hand_over, requests, erase, opt_out, purge, keygen, console_password,
)  # fmt: skip


class InOrder(click.Group):
    """Lists commands in the order in which one meets them."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names as they were added."""
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="lethe", prog_name="lethe", message="%(prog)s %(version)s")
def main() -> None:
    """Lethe, a WhatsApp bot that keeps its word.

    Settings come from the environment and from .env (see .env.example). `lethe demo` needs none of them.
    Exit status: 0 good, 1 a fault, 2 wrong usage.
    """


for _each in COMMANDS:
    main.add_command(_each)
