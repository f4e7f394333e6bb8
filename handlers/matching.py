"""Which rules a text starts: words at word borders and expressions; compiled once, asked often."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.config.content import EVERY_LANGUAGE, Patterns, Rule, tokens
from bot.conversation.text import normal


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that the text starts, how much of the text started it, and the values that its expression caught."""

    rule: Rule
    length: int = 0
    own_language: bool = True
    start: int = 0
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Word:
    tokens: tuple[str, ...]
    length: int
    languages: frozenset[str]
    rule: Rule


class Matcher:
    """Finds the rules that a text starts; the longest match first."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._order = {rule.id: place for place, rule in enumerate(rules)}
        self._words: dict[str, list[_Word]] = {}
        for word in (word for rule in rules for word in _words(rule)):
            self._words.setdefault(word.tokens[0], []).append(word)
        self._by_expression = [rule for rule in rules if rule.pattern]
        self._patterns = Patterns([rule.pattern for rule in self._by_expression])

    def find(self, text: str, language: str) -> list[Found]:
        """Return what the text starts: the longest, then in the contact's language, then the earliest."""
        plain = normal(text)
        found = [*self._said(plain, language), *self._caught(text, plain)]
        if len(found) > 1:
            found.sort(key=lambda one: (-one.length, not one.own_language, one.start, self._order[one.rule.id]))
        return found

    def _said(self, plain: str, language: str) -> Iterator[Found]:
        said = tokens(plain)
        for start, token in enumerate(said):
            for word in self._words.get(token, ()):
                if said[start : start + len(word.tokens)] == word.tokens:
                    own = language in word.languages or EVERY_LANGUAGE in word.languages
                    yield Found(word.rule, word.length, own, start)

    def _caught(self, text: str, plain: str) -> Iterator[Found]:
        if not self._by_expression:
            return
        seen: set[int] = set()
        # As it was written first, so that what is caught keeps its case and its hyphens.
        for form in dict.fromkeys((_tidy(text), plain)):
            for caught in self._patterns.find(form):
                if caught.index not in seen:
                    seen.add(caught.index)
                    rule = self._by_expression[caught.index]
                    yield Found(rule, caught.end - caught.start, start=caught.start, values=caught.values)


def _words(rule: Rule) -> Iterator[_Word]:
    languages: dict[str, set[str]] = {}
    for language, words in rule.words.items():
        for word in words:
            languages.setdefault(normal(word), set()).add(language)
    for plain, spoken in languages.items():
        if plain:
            yield _Word(tokens(plain), len(plain), frozenset(spoken), rule)


def _tidy(text: str) -> str:
    """Return the text in one width, its digits 0 to 9, its spaces single; all else as it was written."""
    if not text.isascii():
        text = "".join(
            str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
            for letter in unicodedata.normalize("NFKC", text)
        )
    return " ".join(text.split())
