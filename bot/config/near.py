"""Near phrases: a wish to be left alone or forgotten, in a person's own words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, product

from bot.conversation.text import normal

_LONGEST = 60
"""In a message of more words a near phrase is part of a story."""
_ASKS = re.compile(r"[?？؟]\s*$")
_NO_SPACES = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")

Words = tuple[str, ...]
Pattern = tuple[tuple[Words, ...], ...]
"""Places in a row, each with what may stand there; nothing at all may be one of them."""


def words_of(text: str) -> Words:
    """Return the words of a text; where a script writes no spaces, each character is one."""
    plain = normal(text)
    return tuple((plain if plain.isascii() else _NO_SPACES.sub(r" \1 ", plain)).split())


def expanded(phrase: str) -> tuple[str, ...]:
    """Return every phrase that `stop (texting|calling) me (now|)` stands for; groups may hold groups."""
    written = ["".join(choice) for choice in product(*places(phrase))]
    return tuple(dict.fromkeys(written))


def places(phrase: str) -> list[tuple[str, ...]]:
    """Split a phrase into places, each with all that may stand there. Brackets that do not match are a ValueError."""
    found: list[tuple[str, ...]] = []
    depth, start, bars = 0, 0, [0]
    for at, sign in enumerate(phrase):
        if sign == "(" and depth == 0:
            found.append((phrase[start:at],))
            bars = [at]
        elif sign == "|" and depth == 1:
            bars.append(at)
        elif sign == ")" and depth == 1:
            either = [phrase[left + 1 : right] for left, right in pairwise([*bars, at])]
            found.append(tuple(each for written in either for each in expanded(written)))
            start = at + 1
        depth += (sign == "(") - (sign == ")")
        if depth < 0 or (sign == "|" and depth == 0):
            raise ValueError(phrase)
    if depth:
        raise ValueError(phrase)
    return [*found, (phrase[start:],)]


@dataclass(frozen=True, slots=True)
class Runs:
    """Phrases to find anywhere among words, by each word that they may begin with."""

    patterns: Mapping[str, tuple[tuple[Pattern, str], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, phrases: Iterable[tuple[str, str]]) -> "Runs":
        """Index (language, phrase) by first words."""
        by_first: dict[str, list[tuple[Pattern, str]]] = {}
        for language, phrase in phrases:
            pattern = _pattern(phrase)
            for first in sorted(_firsts(pattern)):
                by_first.setdefault(first, []).append((pattern, language))
        return cls({first: tuple(found) for first, found in by_first.items()})

    def languages_in(self, words: Words) -> tuple[str, ...]:
        """Return the languages of the phrases that stand among the words."""
        found = (
            language
            for at, word in enumerate(words)
            for pattern, language in self.patterns.get(word, ())
            if _fits(words, at, pattern)
        )
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Near:
    """What counts as near: whole messages, phrases anywhere in one, and phrases that excuse all others."""

    whole: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inside: Runs = field(default_factory=Runs)
    excused: Runs = field(default_factory=Runs)
    polite: frozenset[str] = frozenset()

    def languages(self, text: str) -> tuple[str, ...] | None:
        """Return the languages of the near phrase (none: of all); None if it is not near. Polite words do not count."""
        words = words_of(text)
        if len(words) > _LONGEST:
            return None
        whole = self.whole.get(self.bare(words))
        if whole is not None:
            return None if _ASKS.search(text) else whole
        inside = self.inside.languages_in(words)
        return None if not inside or self.excused.languages_in(words) else inside

    def bare(self, words: Words) -> str:
        """Return the words without the polite ones, as one text."""
        return " ".join(word for word in words if word not in self.polite)


def _pattern(phrase: str) -> Pattern:
    pattern = (tuple(dict.fromkeys(map(words_of, place))) for place in places(phrase))
    return tuple(place for place in pattern if any(place))


def _firsts(pattern: Pattern) -> set[str]:
    found: set[str] = set()
    for place in pattern:
        found |= {words[0] for words in place if words}
        if all(place):
            break
    return found


def _fits(words: Words, at: int, pattern: Pattern) -> bool:
    if not pattern:
        return True
    place, rest = pattern[0], pattern[1:]
    return any(words[at : at + len(each)] == each and _fits(words, at + len(each), rest) for each in place)
