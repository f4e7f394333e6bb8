"""What `connect` is told: by option, by the environment, by `.env`, and where all are silent by asking."""

import os
from pathlib import Path

import click

from bot.config.environment import Environment
from bot.doors.going_live import dotenv

ENV = Path(".env")


class MissingError(Exception):
    """Nobody may be asked, and a value is not set; the text is its name."""


class Answers:
    """Values by name, and what of them goes into `.env`; `yes` means that nobody is there to be asked."""

    def __init__(self, *, yes: bool) -> None:
        self.yes = yes
        self.kept: dict[str, str] = {}
        self._set = Environment(os.environ, ENV)
        self._file = dotenv.read(ENV)

    def known(self, name: str) -> str:
        """Return what is set, or nothing."""
        return self._set.get(name) or ""

    def ask(self, name: str, question: str, *, given: str = "", hidden: bool = False, keep: bool = True) -> str:
        """Return the answer: an option's, the environment's, or a person's, who may confirm what `.env` holds."""
        value = given or os.environ.get(name, "") or self._asked(name, question, hidden=hidden)
        value = value.strip()
        if not value:
            raise MissingError(name)
        if keep:
            self.kept[name] = value
        return value

    def _asked(self, name: str, question: str, *, hidden: bool) -> str:
        known = self.known(name)
        if self.yes:
            return known
        more = " (Enter: as it is set)" if known else ""
        answer: str = click.prompt(
            question + more, default=known or None, hide_input=hidden, show_default=bool(known) and not hidden
        )
        return answer

    def agrees(self, question: str) -> bool:
        """Ask for a yes."""
        return self.yes or click.confirm(question)

    def replaced(self) -> list[str]:
        """Return the names of the values that `.env` holds otherwise."""
        return [name for name, value in self.kept.items() if self._file.get(name, value) != value]

    def write(self) -> Path:
        """Write what is kept into `.env`; what comes from a file of its own stays there alone."""
        values = {name: value for name, value in self.kept.items() if not self._from_a_file(name, value)}
        dotenv.write(ENV, values)
        return ENV

    def _from_a_file(self, name: str, value: str) -> bool:
        return not os.environ.get(name) and not self._file.get(name) and self.known(name) == value
