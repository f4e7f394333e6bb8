"""Near phrases: a wish to be left alone or forgotten, in a person's own words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from bot.conversation.text import normal

_LONGEST = 60
"""In a message of more words a near phrase is part of a story."""
_ASKS = re.compile(r"[?؟]\s*$")
_NO_SPACES = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_EITHER = re.compile(r"\(([^()]*)\)")

Run = tuple[str, ...]
Runs = Mapping[str, tuple[tuple[Run, str], ...]]
"""Runs of words, each with its language, by their first word."""


@dataclass(frozen=True, slots=True)
class Near:
    """What counts as near: whole messages, runs of words anywhere in one, and runs that excuse all others."""

    whole: Mapping[str, str] = field(default_factory=dict)
    inside: Runs = field(default_factory=dict)
    excused: Runs = field(default_factory=dict)
    polite: frozenset[str] = frozenset()

    def language(self, text: str) -> str | None:
        """Return the language of the near phrase; None if there is none. Polite words around it do not count."""
        words = words_of(text)
        if len(words) > _LONGEST:
            return None
        bare = " ".join(word for word in words if word not in self.polite)
        if bare in self.whole:
            return None if _ASKS.search(text) else self.whole[bare]
        found = _found(words, self.inside)
        return None if found is None or _found(words, self.excused) is not None else found


def words_of(text: str) -> list[str]:
    """Return the words of a text; where a script writes no spaces, each character is one."""
    plain = normal(text)
    return plain.split() if plain.isascii() else _NO_SPACES.sub(r" \1 ", plain).split()


def expanded(phrase: str) -> Iterator[str]:
    """Yield every phrase that `stop (texting|calling) me (now|)` stands for."""
    parts = _EITHER.split(phrase)
    either = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
    yield from ("".join(choice) for choice in product(*either))


def runs(phrases: Iterable[tuple[str, str]]) -> Runs:
    """Sort (language, phrase) by first word."""
    by_first: dict[str, list[tuple[Run, str]]] = {}
    for language, phrase in phrases:
        run = tuple(words_of(phrase))
        by_first.setdefault(run[0], []).append((run, language))
    return {first: tuple(dict.fromkeys(found)) for first, found in by_first.items()}


def wholes(phrases: Iterable[tuple[str, str]], polite: frozenset[str]) -> dict[str, str]:
    """Return the language by whole message, polite words left out."""
    whole: dict[str, str] = {}
    for language, phrase in phrases:
        whole.setdefault(" ".join(word for word in words_of(phrase) if word not in polite), language)
    return whole


def _found(words: list[str], among: Runs) -> str | None:
    for at, word in enumerate(words):
        for run, language in among.get(word, ()):
            if tuple(words[at : at + len(run)]) == run:
                return language
    return None
