"""Cutting a text to a limit without breaking what a reader sees as one character."""

import unicodedata

_ZWJ = "\u200d"
_ELLIPSIS = "…"
_VIRAMA = 9
_FLAGS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
# Vowels and endings that complete a Hangul syllable; the am of Thai and Lao.
_COMPLETING = frozenset({*range(0x1160, 0x1200), 0x0E33, 0x0EB3})
# No character that a person sees is longer: what is, is a jest, and cut anyway.
_LONGEST = 32


def cut(text: str, limit: int) -> str:
    """Return the text if it fits, else as much as fits of it, with an ellipsis at the end."""
    if len(text) <= limit:
        return text
    end = limit - len(_ELLIPSIS)
    start = max(0, end - _LONGEST)
    while end > start and _joined(text, end):
        end -= 1
    if 0 < start == end:
        end = limit - len(_ELLIPSIS)
    return text[:end].rstrip() + _ELLIPSIS


def _joined(text: str, at: int) -> bool:
    """Return whether the characters before and after this place belong together."""
    before, after = text[at - 1], text[at]
    return (
        _extends(after)
        or before == _ZWJ
        or (before == "\r" and after == "\n")
        # A consonant under a virama is half of a conjunct (Devanagari, Gujarati, Bengali and their kin).
        or (unicodedata.combining(before) == _VIRAMA and after.isalpha())
        or _inside_flag(text, at)
    )


def _extends(char: str) -> bool:
    point = ord(char)
    if char == _ZWJ or unicodedata.category(char)[0] == "M":
        return True
    return any(point in extending for extending in (_SKIN_TONES, _TAGS, _COMPLETING))


def _inside_flag(text: str, at: int) -> bool:
    """Return whether an odd number of flag letters stands before this place: then the next one completes a flag."""
    count = at
    while count > 0 and ord(text[count - 1]) in _FLAGS:
        count -= 1
    return (at - count) % 2 == 1 and ord(text[at]) in _FLAGS
