"""`lethe demo`: everything on this machine, without Meta, thrown away at the end."""

import sys
from pathlib import Path

import click

from bot.doors.cli.common import config_dir, telling


@click.command(short_help="Run everything here, without Meta.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the chat page (default: a free one).")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of businesses (default: LETHE_CONFIG_DIR, else the example that ships).",
)
@click.option("--logs", is_flag=True, help="Show what the processes log.")
@telling
def demo(port: int, folder: Path | None, *, logs: bool) -> None:
    """Run the whole bot here, with a simulator for Meta and for people's phones, and a chat page to play them.

    Needs no account, no settings and no network. Data lies in a temporary folder; Ctrl-C ends everything, and
    nothing stays: no process, no socket, no data.
    """
    from bot.doors.cli.stage import Stage, businesses_in

    sys.exit(Stage(businesses_in(folder or config_dir()), port=port, logs=logs).play())
