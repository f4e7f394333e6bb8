"""What is wrong in a file or in the environment, and what would be right."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_ALIKE, _HALF, _SHORT = 0.6, 0.5, 3


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong: where it stands, what it is, and the remedy."""

    file: str
    key: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.wrong}; {self.right}"


class ConfigError(Exception):
    """Bad configuration, told whole: every fault at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        count = f"{len(self.faults)} fault{'s' if len(self.faults) != 1 else ''}"
        super().__init__("\n".join([count, *map(str, self.faults)]))


def nearest(word: str, among: Collection[str]) -> str:
    """Return the remedy for a word that is not known: the likely one, else all of them."""
    # What all begin with (`rule.`) tells nothing about which is meant.
    shared = word[: word.rfind(".") + 1]
    shared = shared if all(name.startswith(shared) for name in among) else ""
    tails = {name[len(shared) :]: name for name in among}
    for close in get_close_matches(word[len(shared) :], tails, n=1, cutoff=_ALIKE if len(word) > _SHORT else _HALF):
        return f"did you mean {tails[close]!r}?"
    return f"known are: {', '.join(sorted(among))}" if among else "there is none yet"
