"""Words as rules see them: tokens of a normalised text, borders between letters."""

import unicodedata
from functools import lru_cache
from itertools import pairwise

# Scripts that put no spaces between words (Unicode, UAX #29: a border on either side of each letter).
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x309F),  # Hiragana
    (0x3400, 0x9FFF),  # Han
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


@lru_cache(maxsize=4096)
def unspaced(letter: str) -> bool:
    """Tell whether the letter is of a script that writes words without spaces between them."""
    return any(first <= ord(letter) <= last for first, last in _UNSPACED)


@lru_cache(maxsize=4096)
def _continues(letter: str) -> bool:
    return letter.isalnum() or letter == "_" or unicodedata.category(letter).startswith("M")


def border(text: str, at: int) -> bool:
    """Tell whether a word may begin or end at this place of the text."""
    if at in {0, len(text)}:
        return True
    left, right = text[at - 1], text[at]
    if unicodedata.category(right).startswith("M"):
        return False
    return unspaced(left) or unspaced(right) or not (_continues(left) and _continues(right))


def tokens(normal: str) -> tuple[str, ...]:
    """Split a normalised text into words; a letter of an unspaced script, with its marks, is a word by itself."""
    if normal.isascii():
        return tuple(normal.split())
    return tuple(token for word in normal.split() for token in _pieces(word))


def _pieces(word: str) -> list[str]:
    if not any(map(unspaced, word)):
        return [word]
    borders = [at for at in range(len(word) + 1) if border(word, at)]
    return [word[start:end] for start, end in pairwise(borders)]
