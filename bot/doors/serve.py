"""The web process: granian on `wsgi:app`, with the few settings that matter here."""

import os
import sys
from pathlib import Path

from bot.config.settings import Settings

THREADS = 4
"""Requests answered at the same time: a webhook that waits for the database holds up nobody else."""
DRAIN = 15
"""Seconds for what is under way when the process is told to stop."""


def command(settings: Settings) -> list[str]:
    """Return the command line of the web server."""
    host, _, port = settings.web_bind.rpartition(":")
    options = {
        "--interface": "wsgi",
        "--host": host.strip("[]"),
        "--port": port,
        "--workers": "1",
        "--blocking-threads": str(THREADS),
        "--http": "1",
        "--log-level": "warning",
        "--workers-kill-timeout": str(DRAIN),
    }
    flat = [part for pair in options.items() for part in pair]
    # The program is a module on the path; the folder we stand in is the deployment's.
    granian = Path(sys.executable).with_name("granian")
    return [str(granian), *flat, "--respawn-failed-workers", "wsgi:app"]


def web(settings: Settings) -> None:
    """Become the web server, which drains on SIGTERM; does not return."""
    line = command(settings)
    os.execv(line[0], line)  # noqa: S606  a fixed program
