"""What a person wrote, in the one form in which words are compared."""

import re
import unicodedata
from collections.abc import Iterable


def _ranges(codepoints: Iterable[int]) -> str:
    """Write code points as the inside of a character class, neighbours as ranges."""
    spans: list[list[int]] = []
    for point in codepoints:
        if spans and point == spans[-1][1] + 1:
            spans[-1][1] = point
        else:
            spans.append([point, point])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans)


# Planes 0 and 1: the ideographs of planes 2 and 3 are letters to `re`, and what lies above is invisible.
_CATEGORY = {point: unicodedata.category(chr(point)) for point in range(0x20000)}

# What takes no room on the screen: joiners, direction marks, variation selectors, fillers, the keycap's frame.
_UNSEEN = {
    0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x20E3, 0x3164, 0xFFA0,
    *range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000),
    *(point for point, category in _CATEGORY.items() if category == "Cf"),
}  # fmt: skip

# Vowel signs, nukta, accents that stand alone: half of a letter, so they stay.
_MARKS = [point for point, category in _CATEGORY.items() if category[0] == "M" and point not in _UNSEEN]
_APART = re.compile(f"[^\\w{_ranges(_MARKS)}]+")
_ASCII = {point: " " for point in range(128) if not chr(point).isalnum()}

_FOLDS: dict[int, str | None] = {
    **dict.fromkeys(_UNSEEN),
    **{point: str(unicodedata.decimal(chr(point))) for point, name in _CATEGORY.items() if name == "Nd"},
    **str.maketrans({
        "_": " ",
        "ı": "i", "ё": "е",  # Turkish without a dot; Russian writes ё or е as it likes
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ـ": None,  # forms of alef; the stroke that stretches a word
        "ى": "ي", "ی": "ي", "ک": "ك", "ہ": "ه", "ۃ": "ة",  # the same letters from other countries' keyboards
        # Malayalam's final letters are one sign today, and were letter, virama and joiner before Unicode 5.1.
        "ൺ": "ണ്", "ൻ": "ന്", "ർ": "ര്", "ൽ": "ല്", "ൾ": "ള്", "ൿ": "ക്",
    }),
}  # fmt: skip

_DOTTED_I = "i\u0307"
_VIRAMAS = re.compile("\u0d4d{2,}")  # where a final letter bears one already


def normal(text: str) -> str:
    """Return the text as words to compare: one case, one width, digits 0 to 9, single spaces between words.

    Punctuation, emoji and invisible marks are gone; combining marks never go, for in India they are letters.
    """
    if text.isascii():
        return " ".join(text.lower().translate(_ASCII).split())
    folded = unicodedata.normalize("NFKC", text).casefold().replace(_DOTTED_I, "i").translate(_FOLDS)
    folded = _VIRAMAS.sub("\u0d4d", folded)
    # Again, because an accent may have stood behind an invisible mark.
    return " ".join(_APART.sub(" ", unicodedata.normalize("NFKC", folded)).split())
