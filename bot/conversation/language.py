"""The language of what a person wrote."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from bot.conversation.text import normal

_ENOUGH = 200
"""So many characters tell the script."""

_SCRIPTS = {
    "bn": "BENGALI", "as": "BENGALI", "gu": "GUJARATI", "hi": "DEVANAGARI", "mr": "DEVANAGARI", "ne": "DEVANAGARI",
    "sa": "DEVANAGARI", "kn": "KANNADA", "ml": "MALAYALAM", "or": "ORIYA", "pa": "GURMUKHI", "si": "SINHALA",
    "ta": "TAMIL", "te": "TELUGU", "ar": "ARABIC", "fa": "ARABIC", "ps": "ARABIC", "sd": "ARABIC", "ur": "ARABIC",
    "bg": "CYRILLIC", "kk": "CYRILLIC", "mk": "CYRILLIC", "ru": "CYRILLIC", "sr": "CYRILLIC", "uk": "CYRILLIC",
    "el": "GREEK", "he": "HEBREW", "hy": "ARMENIAN", "ka": "GEORGIAN", "am": "ETHIOPIC", "th": "THAI", "lo": "LAO",
    "km": "KHMER", "my": "MYANMAR", "ko": "HANGUL", "zh": "CJK", "ja": "CJK",
}  # fmt: skip
_KANA = frozenset({"HIRAGANA", "KATAKANA"})
_LATIN = "LATIN"
_JAPANESE = "JAPANESE"


def guess(text: str, among: Sequence[str], hints: Mapping[str, frozenset[str]]) -> str | None:
    """Return the language of the text by its script and by words that give a language away; None if in doubt.

    Among languages of a script that is not Latin the first one wins a tie: its letters at least are right.
    """
    plain = normal(text[:_ENOUGH])
    script = _script(plain)
    if script is None:
        return None
    words = frozenset(plain.split())
    scores = {each: len(words & hints.get(each, frozenset())) for each in among if _may_be(each, script)}
    ranked = sorted(scores, key=lambda each: -scores[each])
    if not ranked:
        return None
    if script != _LATIN:
        return ranked[0]
    first, second = scores[ranked[0]], scores[ranked[1]] if len(ranked) > 1 else 0
    return ranked[0] if first > second else None


def _script(plain: str) -> str | None:
    """Return the script that the person chose, as Unicode names it; None if there are no letters.

    A quarter of letters that are not Latin decides: brands and borrowed words are Latin everywhere.
    Kana make a text Japanese, whatever else it holds.
    """
    letters = [sign for sign in plain if sign.isalpha()]
    if plain.isascii():
        return _LATIN if letters else None
    counted = Counter(unicodedata.name(sign, "?").split(maxsplit=1)[0] for sign in letters)
    if counted.keys() & _KANA:
        return _JAPANESE
    others = [(script, count) for script, count in counted.most_common() if script != _LATIN]
    if others and 4 * others[0][1] >= len(letters):
        return others[0][0]
    return _LATIN if letters else None


def _may_be(language: str, script: str) -> bool:
    """Tell whether the language is written so; all languages are also written in Latin letters."""
    if script == _JAPANESE:
        return language == "ja"
    return script in {_LATIN, _SCRIPTS.get(language, _LATIN)}
