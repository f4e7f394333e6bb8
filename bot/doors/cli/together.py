"""`lethe run`: web and worker of a deployment in one terminal, with an embedded Valkey if there is no Redis."""

import contextlib
import os

import click

from bot.config.settings import Need
from bot.doors import start
from bot.doors.cli.children import Children
from bot.store.valkey import EmbeddedValkey

LETHE = ("-m", "bot.doors.cli")


def run_together() -> int:
    """Run until told to stop, or until one of them ends; return the exit status."""
    settings = start.settings(Need.WEB)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    children, env = Children(), dict(os.environ)
    with contextlib.ExitStack() as stack:
        stack.enter_context(children.signals())
        if settings.redis_url is None:
            valkey = EmbeddedValkey(settings.data_dir)
            stack.callback(valkey.stop)
            env["LETHE_REDIS_URL"] = valkey.start()
        stack.callback(children.end)
        for name in ("worker", "web"):
            children.start(name, [*LETHE, name], env)
        click.echo(f"Web and worker run; webhook: http://{settings.web_bind}/webhook. Ctrl-C stops both.", err=True)
        dead = children.watch()
    if dead is None:
        return 0
    click.secho(f"{dead.name} ended by itself (status {dead.process.returncode}).", fg="red", err=True)
    return 1
