"""The processes of a deployment, and all of them at once."""

import sys

import click

from bot.doors.cli.common import telling


@click.command(short_help="Run the web process.")
@telling
def web() -> None:
    """Run the web process: webhook, API, pages, console. Listens on LETHE_WEB_BIND."""
    from bot.config.settings import Need
    from bot.doors import serve, start

    serve.web(start.settings(Need.WEB))


@click.command(short_help="Run the worker process.")
@telling
def worker() -> None:
    """Run the worker process: LETHE_WORKERS RQ workers and the sweeper, restarted when they die."""
    from bot.config.settings import Need
    from bot.doors import start, supervise

    sys.exit(supervise.run(start.settings(Need.WORKER)))


@click.command(short_help="Run web and worker together.")
@telling
def run() -> None:
    """Run web and worker together, with an embedded Valkey unless LETHE_REDIS_URL is set."""
    from bot.doors.cli.together import run_together

    sys.exit(run_together())
