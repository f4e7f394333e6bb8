"""The labelled corpus, and what the privacy words make of it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from bot.config.near import expanded
from bot.conversation.contact import ContactView
from bot.conversation.effects import Ask, OptIn, OptOut, RequestErasure, RequestExport
from bot.conversation.words import Scope
from tests.handlers.talk import HELPLESS, NOBODY, STOPPED, answer

TABLE = pytest.StashKey[Sequence[str]]()
HEAD = "language   wishes  precision  recall exact  recall free  ordinary  false stops"


@dataclass(frozen=True, slots=True)
class Language:
    """What people write in one language: `exact` by command, `free` wishes to be left alone, and `ordinary` talk."""

    code: str
    exact: Mapping[str, tuple[str, ...]]
    free: tuple[str, ...]
    ordinary: tuple[str, ...]

    @property
    def wishes(self) -> int:
        return sum(map(len, self.exact.values())) + len(self.free)


def load() -> list[Language]:
    """Read the corpus; `(this|that)` in a message stands for either."""
    return [_language(path) for path in sorted(Path(__file__).parent.glob("*.toml"))]


def _language(path: Path) -> Language:
    table = tomllib.loads(path.read_text("utf-8"))
    ordinary = (each for written in table["ordinary"]["messages"] for each in expanded(written))
    exact = {command: tuple(phrases) for command, phrases in table["exact"].items()}
    return Language(path.stem, exact, tuple(table["free"]["wishes"]), tuple(dict.fromkeys(ordinary)))


@cache
def understood(text: str, contact: ContactView = NOBODY) -> str:
    """Return the command that the message acts as, `near` when it asks what is meant, or nothing."""
    for action in answer(text, contact) or ():
        match action:
            case Ask(question="privacy.near"):
                return "near"
            case OptOut(scope=scope, wording=wording) if wording != "near":
                return "stop" if scope is Scope.ALL else "stop_marketing"
            case RequestErasure():
                return "delete"
            case RequestExport():
                return "export"
            case OptIn():
                return "start"
            case _:
                continue
    return ""


def wrong_exact(language: Language) -> list[str]:
    """Return the exact phrases that do not act as their command."""
    return [
        text
        for command, texts in language.exact.items()
        for text in texts
        if understood(text, STOPPED if command == "start" else NOBODY) != command
    ]


def wrong_free(language: Language) -> list[str]:
    """Return the wishes in free words that do not lead to the question, or lead to it in another language."""
    return [text for text in language.free if understood(text) != "near" or not _is_in(language.code, text)]


def _is_in(code: str, text: str) -> bool:
    spoken = HELPLESS.commands.near(text)
    return spoken is not None and (spoken == () or code in spoken)


def false_stops(language: Language) -> list[str]:
    """Return ordinary messages that stop, erase, export or ask; START has nothing to lift there."""
    return [text for text in language.ordinary if understood(text)]


def row(language: Language) -> str:
    exact, free, false = len(wrong_exact(language)), len(wrong_free(language)), len(false_stops(language))
    right = language.wishes - exact - free
    exacts = language.wishes - len(language.free)
    return (
        f"{language.code:8} {language.wishes:8} {right / (right + false):10.2%} {1 - exact / exacts:13.2%}"
        f" {1 - free / len(language.free):12.2%} {len(language.ordinary):9} {false:12}"
    )
