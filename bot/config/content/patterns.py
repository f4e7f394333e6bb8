"""Expressions that businesses write: RE2, so the time they take grows with the text and not with its tricks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import re2

from bot.config.content.words import border

MOST_BYTES = 8 << 20
"""So much memory may the expressions of a business take."""
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Caught:
    """What an expression found: where, and its named groups."""

    index: int
    start: int
    end: int
    values: Mapping[str, str]


def compiled(pattern: str) -> Any:
    """Compile an expression in any case; ValueError holds RE2's own words about a bad one."""
    try:
        return re2.compile(pattern, _options())
    except re2.error as error:
        said = error.args[0] if error.args else error
        raise ValueError(said.decode(errors="replace") if isinstance(said, bytes) else str(said)) from error


class Patterns:
    """Several expressions, searched at once."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._each = [compiled(pattern) for pattern in patterns]
        self._set = re2.Set.SearchSet(_options())
        for pattern in patterns:
            self._set.Add(pattern)
        if patterns:
            self._set.Compile()

    def find(self, text: str) -> Iterator[Caught]:
        """Yield for each expression its first match that begins and ends at a word border."""
        for index in (self._each and self._set.Match(text)) or ():
            for found in self._each[index].finditer(text):
                start, end = found.span()
                if start < end and border(text, start) and border(text, end):
                    values = {name: value for name, value in found.groupdict().items() if value}
                    yield Caught(index, start, end, values)
                    break


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = MOST_BYTES
    return options
