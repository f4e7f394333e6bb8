"""What `docs/commands.md` says of the commands, from click's own help. Run this file to write it anew."""

from collections.abc import Iterator
from pathlib import Path

import click

from bot.doors.cli import main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "commands.md"
MARK = "<!-- What follows is written by tests/docs/command_page.py. -->\n"
WIDTH = 100


def helps(command: click.Command, name: str, parent: click.Context | None = None) -> Iterator[tuple[str, str]]:
    """Yield the whole name of a command and its help, then those of its subcommands."""
    settings = {**command.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    context = click.Context(command, info_name=name, parent=parent, **settings)
    yield context.command_path, "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            inner = command.get_command(context, each)
            if inner is not None and not inner.hidden:
                yield from helps(inner, each, context)


def sections() -> str:
    """Return all sections."""
    return "".join(f"\n## `{path}`\n\n```text\n{told}\n```\n" for path, told in helps(main, "lethe"))


def names() -> frozenset[str]:
    """Return the whole names of all commands."""
    return frozenset(path for path, _ in helps(main, "lethe"))


if __name__ == "__main__":
    PAGE.write_text(PAGE.read_text("utf-8").partition(MARK)[0] + MARK + sections(), "utf-8")
