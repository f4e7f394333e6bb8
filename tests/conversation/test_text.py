import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.text import normal


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        pytest.param("STOP", "stop", id="capitals"),
        pytest.param("  stop\t\n please ", "stop please", id="spaces are collapsed"),
        pytest.param("*Stop*!!! ...", "stop", id="punctuation and markup"),
        pytest.param("opt-out", "opt out", id="a hyphen parts words"),
        pytest.param("snake_case", "snake case", id="an underscore parts words"),
        pytest.param("don’t", "don t", id="an apostrophe parts words"),
        pytest.param("STOP 🛑🙏🏽", "stop", id="emoji with a skin tone"),
        pytest.param("👩‍👩‍👧", "", id="a family of joined emoji"),
        pytest.param("🇮🇳", "", id="a flag"),
        pytest.param("1️⃣", "1", id="a keycap"),
        pytest.param("ＳＴＯＰ！", "stop", id="full width"),
        pytest.param("ⓈⓉⓄⓅ 𝐬𝐭𝐨𝐩", "stop stop", id="letters in circles and in bold"),
        pytest.param("S\u200bT\u200dO\u2060P\ufeff", "stop", id="zero-width joiners"),
        pytest.param("\u202estop\u202c \u2066start\u2069", "stop start", id="marks of direction"),
        pytest.param("sto\u00adp", "stop", id="a soft hyphen"),
        pytest.param("stop\ufe0f", "stop", id="a variation selector"),
        pytest.param("\u3164stop\u115f", "stop", id="fillers"),
        pytest.param("e\u200d\u0301", "é", id="an accent behind a joiner finds its letter"),
        pytest.param("ARRE\u0302T", "arrêt", id="a decomposed accent"),
        pytest.param("STRASSE straße", "strasse strasse", id="sharp s"),
        pytest.param("İPTAL ıptal IPTAL", "iptal iptal iptal", id="Turkish i, with and without dot"),
        pytest.param("Ещё йод", "еще йод", id="Russian yo is e, short i stays"),
        pytest.param("أوقف إيقاف آسف ٱلله", "اوقف ايقاف اسف الله", id="forms of alef"),
        pytest.param("تـوقـف", "توقف", id="a stretched Arabic word"),
        pytest.param("ی ک ى", "ي ك ي", id="Persian and Urdu letters"),
        pytest.param("बंद करो।", "बंद करो", id="a danda ends a sentence, vowel signs stay"),
        pytest.param("फ़ोटो \u0958", "फ\u093cोटो क\u093c", id="nukta stays, in one form"),
        pytest.param("ક્યારે ખુલે છે?", "ક્યારે ખુલે છે", id="Gujarati vowel signs and viramas stay"),
        pytest.param("நிறுத்து మానండి", "நிறுத்து మానండి", id="Tamil and Telugu stay"),
        pytest.param("०१२ ૩૪૫ ٦٧٨ ９", "012 345 678 9", id="digits of every script"),
        pytest.param("নম্বর \u09dc", "নম্বর ড\u09bc", id="a Bengali letter with a dot, in one form"),
        pytest.param("ਸ\u0a3cੁਰੂ \u0a36ੁਰੂ", "ਸ\u0a3cੁਰੂ ਸ\u0a3cੁਰੂ", id="a Gurmukhi letter with a dot, in one form"),
        pytest.param("க\u0bc6\u0bbe க\u0bca", "க\u0bca க\u0bca", id="Tamil's vowel of two parts is one"),
        pytest.param("ಕ\u0cc6\u0cc2 ಮೆಸೇಜ್\u200cಗಳು", "ಕ\u0cca ಮೆಸೇಜ್ಗಳು", id="Kannada, with a non-joiner"),
        pytest.param("ഡാറ്റകൾ ഡാറ്റകള്\u200d", "ഡാറ്റകള് ഡാറ്റകള്", id="Malayalam's final letters, new and old"),
        pytest.param("എ\u0d7b\u0d4dറെ എ\u0d7bറെ", "എന്റെ എന്റെ", id="my, in Malayalam"),
        pytest.param("کی\u200cجیے ہے ۱۲۳", "كيجيے هے 123", id="Urdu letters, a non-joiner and digits"),
        pytest.param("DURDURUN IŞIK ışık", "durdurun işik işik", id="Turkish, shouted and not"),
        pytest.param("ｽﾄｯﾌﾟ ストップ", "ストップ ストップ", id="Japanese of half width"),
        pytest.param("ﾃﾞｰﾀ削除！　ＯＫ", "データ削除 ok", id="Japanese marks that stand beside their letter"),
        pytest.param("停止。谢谢！", "停止 谢谢", id="Chinese punctuation"),
        pytest.param("€ 5 + 3 = 8", "5 3 8", id="signs part numbers"),
        pytest.param("a\x00b\x7fc\x85d", "a b c d", id="control characters part words"),
        pytest.param("", "", id="nothing"),
        pytest.param("?!", "", id="only punctuation"),
    ],
)
def test_it_reads_the_same_words_however_they_are_written(written: str, plain: str) -> None:
    assert normal(written) == plain


@given(st.text(alphabet=st.characters(max_codepoint=0x1FFFF), max_size=40))
def test_it_leaves_words_with_single_spaces(text: str) -> None:
    plain = normal(text)
    assert plain == " ".join(plain.split())


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Nd"], max_codepoint=0x0FFF), max_size=20))
def test_it_changes_nothing_the_second_time(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(st.text(alphabet="stop STOP.,!?_-", max_size=20))
def test_the_short_way_for_ascii_is_the_long_way(text: str) -> None:
    assert normal(text) == normal(text + "\u200b")
