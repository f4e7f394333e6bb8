"""The sentences of the program and of one business, by key and language."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.config.faults import Fault
from bot.config.toml import leaves, read
from bot.conversation.replies import Phrase
from bot.conversation.text import normal

FIRST = "en"
"""The language in which every sentence of the program exists."""
EVERY = "*"
"""Under this key stand sentences that serve all languages."""

_VALUE = re.compile(r"\{([a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*)\}")

Texts = Mapping[str, Mapping[str, str]]
"""Sentences by language, then by key."""


def values_in(text: str) -> frozenset[str]:
    """Return the names of the values that the sentence asks for: `{name}`."""
    return frozenset(_VALUE.findall(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put the values in; a name that is not given stays as it is written. No logic, no attributes, no formats."""
    return _VALUE.sub(lambda found: values.get(found[1], found[0]), text)


@dataclass(frozen=True, slots=True)
class Locale:
    """What a language says of itself: its name, what to say when it is chosen, words that give it away."""

    name: str
    chosen: str = ""
    rtl: bool = False
    reviewed: bool = False
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Catalogue:
    """Sentences by key: in the language asked for, else in the business's own, else in English."""

    texts: Texts
    locales: Mapping[str, Locale] = field(default_factory=dict)
    default: str = FIRST
    faults: tuple[Fault, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> "Catalogue":
        """Read `locales/*.toml` of the program's own folder (`_common`)."""
        texts: dict[str, dict[str, str]] = {}
        locales: dict[str, Locale] = {}
        faults: list[Fault] = []
        for language, file, table in _files(folder, faults):
            locales[language] = _locale(table.pop("meta", {}), table.pop("guess", {}))
            texts[language] = _sentences(table, file, faults)
        faults += _translations(texts)
        return cls({**texts, EVERY: _about(locales)}, locales, faults=tuple(faults))

    def over(self, folder: Path, inline: Texts | None = None, *, default: str = FIRST) -> "Catalogue":
        """Lay the sentences of a business over these: its `locales/*.toml`, and what its rules say inline."""
        faults: list[Fault] = []
        texts = {language: dict(texts) for language, texts in self.texts.items()}
        locales = dict(self.locales)
        inline = inline or {}
        for language, more in sorted(inline.items(), key=lambda each: each[0] != EVERY):
            for each in {*texts, EVERY} if language == EVERY else (language,):
                texts.setdefault(each, {}).update(more)
        for language, file, table in _files(folder, faults):
            if "meta" in table or language not in locales:
                locales[language] = _locale(table.pop("meta", {"name": language}), table.pop("guess", {}))
            own = _sentences(table, file, faults)
            faults += _twice(own, file, {**inline.get(EVERY, {}), **inline.get(language, {})})
            texts.setdefault(language, {}).update(own)
        texts[EVERY] = {**_about(locales), **texts[EVERY]}
        return replace(self, texts=texts, locales=locales, default=default, faults=(*self.faults, *faults))

    def without(self, keys: Collection[str]) -> "Catalogue":
        """Leave sentences out in every language: somebody says all of them anew."""
        if not keys:
            return self
        kept = {
            language: {key: each for key, each in texts.items() if key not in keys}
            for language, texts in self.texts.items()
        }
        return replace(self, texts=kept)

    def text(self, phrase: Phrase, language: str) -> str:
        """Return the sentence with its values. An unknown key is a KeyError that names it."""
        for each in (language, self.default, FIRST, EVERY):
            text = self.texts.get(each, {}).get(phrase.key)
            if text is not None:
                return filled(text, phrase.values) if phrase.values else text
        raise KeyError(phrase.key)

    def has(self, key: str, language: str) -> bool:
        """Tell whether the sentence stands in this very language, or in one text for all."""
        return key in self.texts.get(language, {}) or key in self.texts.get(EVERY, {})

    def keys(self) -> frozenset[str]:
        """Return the keys of all sentences."""
        return frozenset(key for texts in self.texts.values() for key in texts)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Return the languages in which there is any sentence."""
        return tuple(sorted(self.texts.keys() - {EVERY}))

    @cached_property
    def hints(self) -> Mapping[str, frozenset[str]]:
        """Return the words that give a language away, by language."""
        return {language: locale.words for language, locale in self.locales.items()}


def _files(folder: Path, faults: list[Fault]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path in sorted((folder / "locales").glob("*.toml")):
        file = f"locales/{path.name}"
        yield path.stem, file, read(path, file, faults)


def _locale(about: Mapping[str, Any], guess: Mapping[str, Any]) -> Locale:
    return Locale(
        name=str(about.get("name", "")),
        chosen=str(about.get("chosen", "")),
        rtl=about.get("rtl") is True,
        reviewed=about.get("reviewed") is True,
        words=frozenset(word for written in guess.get("words", ()) for word in normal(written).split()),
    )


def _about(locales: Mapping[str, Locale]) -> dict[str, str]:
    """Return what each language says of itself, readable in every language."""
    names = {f"language.{code}.name": locale.name or code for code, locale in locales.items()}
    return names | {f"language.{code}.chosen": locale.chosen or locale.name for code, locale in locales.items()}


def _sentences(table: Mapping[str, Any], file: str, faults: list[Fault]) -> dict[str, str]:
    found = dict(leaves(table))
    for key, value in found.items():
        if not isinstance(value, str):
            faults.append(Fault(file, key, f"{value!r} is no text", "write it between quotes"))
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _translations(texts: Texts) -> Iterator[Fault]:
    """Compare each language with English: no other keys, and the same values in each sentence."""
    first = texts.get(FIRST, {})
    for language, own in texts.items():
        file = f"locales/{language}.toml"
        for key in sorted(own.keys() - first.keys()):
            yield Fault(file, key, "English has no such sentence", "take it out, or add it to en.toml")
        for key in sorted(own.keys() & first.keys()):
            wanted, found = sorted(values_in(first[key])), sorted(values_in(own[key]))
            if wanted != found:
                yield Fault(file, key, f"has the values {found}", f"use the values of English: {wanted}")


def _twice(own: Mapping[str, str], file: str, inline: Mapping[str, str]) -> Iterator[Fault]:
    for key in sorted(own.keys() & inline.keys()):
        yield Fault(file, key, "the text stands here and in the rule too", "keep one of the two")
