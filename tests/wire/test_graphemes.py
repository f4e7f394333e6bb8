"""Cutting without breaking a character that people see as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wire.graphemes import cut


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        pytest.param("short", 5, "short", id="it fits"),
        pytest.param("", 5, "", id="nothing"),
        pytest.param("longer", 5, "long…", id="letters"),
        pytest.param("one two", 5, "one…", id="no space at the end"),
        pytest.param("cafe\u0301s are", 5, "caf…", id="an accent of its own"),
        pytest.param("ab👨\u200d👩\u200d👧 x", 6, "ab…", id="a family"),
        pytest.param("abc👍🏽 x", 5, "abc…", id="a skin tone"),
        pytest.param("ab❤\ufe0f x", 4, "ab…", id="a variation"),
        pytest.param("a🇮🇳🇩🇪 x", 3, "a…", id="half a flag"),
        pytest.param("a🇮🇳🇩🇪 x", 4, "a🇮🇳…", id="a whole flag, half of the next"),
        pytest.param("🇮🇳🇩🇪x", 4, "🇮🇳…", id="flags from the start"),
        pytest.param("a🏴\U000e0067\U000e0062\U000e007f x", 4, "a…", id="a flag of tags"),
        pytest.param("ક્ષમા કરો", 2, "…", id="a conjunct does not fit"),
        pytest.param("બંધ છે", 2, "…", id="a vowel sign"),
        pytest.param("અક્ષર છે", 4, "અ…", id="a conjunct"),
        pytest.param("நன்றி வணக்கம்", 4, "ந…", id="a Tamil sign"),
        pytest.param("한국어입니다", 4, "한국어…", id="Hangul as it is written"),
        pytest.param("a\u1112\u1161\u11ab x", 4, "a…", id="Hangul in parts"),
        pytest.param("กำลังมา", 3, "กำ…", id="Thai"),
        pytest.param("ab\r\ncd", 4, "ab…", id="a line end of two characters"),
        pytest.param("a" + "\u0301" * 100, 50, "a" + "\u0301" * 48 + "…", id="a jest is cut anyway"),
    ],
)
def test_it_cuts_between_characters(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


@given(text=st.text(), limit=st.integers(1, 40))
def test_it_never_exceeds_the_limit_and_changes_nothing_that_fits(text: str, limit: int) -> None:
    shown = cut(text, limit)
    assert len(shown) <= limit
    assert (shown == text) if len(text) <= limit else text.startswith(shown[:-1])
