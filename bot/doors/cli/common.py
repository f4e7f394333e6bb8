"""What the commands share: how faults are told, how JSON is written, how the program's parts are got at."""

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from bot.config.content import Business
    from bot.config.faults import Fault
    from bot.runtime import Runtime

P = ParamSpec("P")
T = TypeVar("T")

as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")


def write_json(value: Any) -> None:
    """Write one JSON document."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def write_table(names: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """Write rows under their names, each column as wide as it must be; `empty` where there are none."""
    lines = [[name.replace("_", " ") for name in names], *rows]
    if len(lines) == 1:
        click.echo(empty, err=True)
        return
    widths = [max(len(line[place]) for line in lines) for place in range(len(names))]
    for number, line in enumerate(lines):
        text = "  ".join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip()
        click.secho(text, dim=number == 0)


def fail(message: str) -> NoReturn:
    """End with a fault."""
    click.secho(message, fg="red", err=True)
    sys.exit(1)


def write_faults(faults: Sequence["Fault"]) -> None:
    """Write every fault: where, what, and what would be right."""
    file = ""
    for fault in sorted(faults):
        if fault.file != file:
            file = fault.file
            click.secho(file, bold=True, err=True)
        click.echo(f"  {click.style(fault.key, fg='yellow')}  {fault.wrong}\n      {fault.right}", err=True)
    plural = "" if len(faults) == 1 else "s"
    click.secho(f"{len(faults)} fault{plural}.", fg="red", err=True)


def telling(command: Callable[P, T]) -> Callable[P, T]:
    """Let a command tell bad configuration whole, and end with 1, in place of a traceback."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        from bot.config.faults import ConfigError

        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            write_faults(error.faults)
        sys.exit(1)

    return wrapped


@contextmanager
def runtime() -> Iterator["Runtime"]:
    """Give the program's parts over the deployment's own database; only errors are logged unless it is asked for."""
    from bot import log
    from bot.config.settings import Need
    from bot.doors import start

    made = start.runtime(start.settings(Need.WORKER))
    log.configure(made.settings.variable("LETHE_LOG_LEVEL") or "ERROR")
    try:
        yield made
    finally:
        made.close()


@contextmanager
def quiet() -> Iterator[None]:
    """Write no log meanwhile: in a conversation on the terminal it would stand between the lines."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def config_dir() -> Path:
    """Return the folder of businesses; needs no secret."""
    from bot.config.settings import Need, load

    return load(Need.CHECK).config_dir


def one_business(businesses: "dict[str, Business]", wanted: str | None) -> "Business":
    """Return the business that was named, or the only one there is."""
    if wanted is None and len(businesses) == 1:
        return next(iter(businesses.values()))
    if wanted in businesses:
        return businesses[wanted]
    names = ", ".join(sorted(businesses))
    raise click.UsageError(f"--business is needed: one of {names}" if wanted is None else f"known are: {names}")
