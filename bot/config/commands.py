"""The privacy words: which phrases mean which command, in which languages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path

from bot.config.faults import Fault, nearest
from bot.config.near import Near, Runs, expanded, places, words_of
from bot.config.toml import leaves, read
from bot.conversation.match import Match
from bot.conversation.text import normal
from bot.conversation.words import Command

EVERYWHERE = "any"
"""The section of words that our sentences name in every language: they tell nothing about the language."""

WITH_ARGUMENT = frozenset({Command.STATUS, Command.LANGUAGE, Command.CORRECT, Command.OBJECT})

_FILE = "commands.toml"
_NAMES = "names"
_KINDS = (*Command, "near.whole", "near.inside", "near.excused", "near.polite")
_OPENING = 4
"""So many words may the opening of a command with an argument have."""
_EDGES = " \t\r\n.,;:!?\"'()[]<>«»„“”‘’।。،؟！？：；"
_WITH_POLITE_WORDS = frozenset({Command.STOP, Command.STOP_MARKETING, Command.DELETE})


@dataclass(frozen=True, slots=True)
class Commands:
    """The privacy words of one business: the program's own, and what the business added."""

    exact: Mapping[str, Match]
    names: Mapping[str, str] = field(default_factory=dict)
    nears: Near = field(default_factory=Near)
    faults: tuple[Fault, ...] = ()

    @classmethod
    def load(cls, common: Path, *business: Path) -> "Commands":
        """Read `commands.toml` of the program's own folder and a business's; a business adds, never replaces."""
        own = [folder for folder in business if (folder / _FILE).exists()]
        if not own:
            path = common / _FILE
            return _shared(common, path.stat().st_mtime_ns if path.exists() else 0)
        return _read([common, *own])

    def match(self, text: str) -> Match | None:
        """Return the command that the whole text is, if it is one."""
        return self.exact.get(normal(text)) or self._with_argument(text)

    def near(self, text: str) -> tuple[str, ...] | None:
        """Return the languages (none: all) of a wish to be left alone or forgotten; None if it is no such wish."""
        return self.nears.languages(text)

    def language_named(self, name: str) -> str | None:
        """Return the language that the person names, by code or by a name in any tongue."""
        return self.names.get(normal(name))

    def _with_argument(self, text: str) -> Match | None:
        words = text.split(maxsplit=_OPENING)
        for count in range(1, len(words)):
            opening = self.exact.get(normal(" ".join(words[:count])))
            if opening and opening.command in WITH_ARGUMENT:
                argument = " ".join(words[count:]).strip(_EDGES)
                return Match(opening.command, opening.languages, argument) if argument else None
        return None


@dataclass(frozen=True, slots=True)
class _List:
    """One list of the file: its section (a language, `any`, `names`), its key there, its phrases."""

    section: str
    kind: str
    phrases: tuple[str, ...]

    @property
    def fault_key(self) -> str:
        return f"{self.section}.{self.kind}"


@lru_cache(maxsize=2)
def _shared(common: Path, _written_at: int) -> Commands:
    """Return the program's own words, once for all businesses that add none: they are many."""
    return _read([common])


def _read(folders: Sequence[Path]) -> Commands:
    faults: list[Fault] = []
    lists = [each for folder in folders for each in _lists(folder, faults)]
    exact = _exact(lists, faults)
    names = {normal(name): each.kind for each in lists if each.section == _NAMES for name in each.phrases}
    return Commands(exact, names, _near(lists, exact), tuple(faults))


def _lists(folder: Path, faults: list[Fault]) -> Iterator[_List]:
    for key, phrases in leaves(read(folder / _FILE, _FILE, faults)):
        section, _, kind = key.partition(".")
        if section != _NAMES and kind not in _KINDS:
            faults.append(Fault(_FILE, key, "is no command", nearest(kind, _KINDS)))
        elif not isinstance(phrases, list) or not all(map(_is_phrase, phrases)):
            faults.append(Fault(_FILE, key, "is no list of phrases", 'write it as ["one phrase", "(this|that) one"]'))
        else:
            yield _List(section, kind, tuple(phrases))


def _is_phrase(written: object) -> bool:
    """Tell whether it is text with letters whose brackets match."""
    try:
        return isinstance(written, str) and bool(normal(written)) and bool(places(written))
    except ValueError:
        return False


def _exact(lists: Sequence[_List], faults: list[Fault]) -> dict[str, Match]:
    """Return the command by phrase; languages may share a phrase, but one that means two commands is a fault."""
    exact: dict[str, Match] = {}
    for each in lists:
        if each.section == _NAMES or each.kind not in set(Command):
            continue
        spoken = () if each.section == EVERYWHERE else (each.section,)
        for phrase in chain.from_iterable(map(expanded, each.phrases)):
            key = normal(phrase)
            known = exact.setdefault(key, Match(Command(each.kind), spoken))
            if known.command != each.kind:
                wrong = f"{phrase!r} means {known.command} already"
                faults.append(Fault(_FILE, each.fault_key, wrong, "choose another phrase"))
            elif known.languages:
                languages = tuple(dict.fromkeys((*known.languages, *spoken)))
                exact[key] = Match(known.command, languages)
    exact.pop("", None)
    return exact


def _near(lists: Sequence[_List], exact: Mapping[str, Match]) -> Near:
    def of(kind: str) -> Iterator[tuple[str, str]]:
        return ((each.section, phrase) for each in lists if each.kind == f"near.{kind}" for phrase in each.phrases)

    near = Near({}, Runs.of(of("inside")), Runs.of(of("excused")), frozenset(normal(word) for _, word in of("polite")))
    plain = ((match.languages, phrase) for phrase, match in exact.items() if match.command in _WITH_POLITE_WORDS)
    wholes = (((language,), each) for language, phrase in of("whole") for each in expanded(phrase))
    whole: dict[str, tuple[str, ...]] = {}
    for languages, phrase in (*plain, *wholes):
        key = near.bare(words_of(phrase))
        known = whole.setdefault(key, languages)
        # A word of all languages stays one, whatever else it is in some.
        whole[key] = tuple(dict.fromkeys((*known, *languages))) if known and languages else ()
    return replace(near, whole=whole)
