"""Words that every form understands: cancel, back, yes, no; and words for the next days, by language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.config.faults import Fault, nearest
from bot.config.near import expanded
from bot.config.toml import leaves, read
from bot.conversation.text import normal

FILE = "form_words.toml"
AHEAD = {"today": 0, "tomorrow": 1, "after": 2}
_WHOLE = ("cancel", "back", "yes", "no")
_KINDS = (*_WHOLE, *AHEAD)


@dataclass(frozen=True, slots=True)
class FormWords:
    """Whole messages, normalised, of all languages; and what is said for so many days from today, by language."""

    cancel: frozenset[str] = frozenset()
    back: frozenset[str] = frozenset()
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    ahead: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> "FormWords":
        """Read the file of the program's own folder; a folder without one has no words."""
        if not (folder / FILE).is_file():
            return cls()
        faults: list[Fault] = []
        found: dict[str, set[str]] = {kind: set() for kind in _KINDS}
        ahead: dict[str, dict[str, int]] = {}
        for key, phrases in leaves(read(folder / FILE, FILE, faults)):
            language, _, kind = key.partition(".")
            if kind not in _KINDS or not isinstance(phrases, list):
                faults.append(Fault(FILE, key, "is no list of words for forms", nearest(kind, _KINDS)))
                continue
            words = {normal(each) for phrase in phrases for each in expanded(str(phrase))}
            found[kind] |= words
            if kind in AHEAD:
                ahead.setdefault(language, {}).update(dict.fromkeys(words, AHEAD[kind]))
        cancel, back, yes, no = (frozenset(found[kind]) for kind in _WHOLE)
        return cls(cancel, back, yes, no, ahead, tuple(faults))
