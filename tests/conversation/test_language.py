from pathlib import Path

import pytest

from bot.config.catalogue import Catalogue
from bot.conversation.language import guess

HINTS = Catalogue.load(Path(__file__).parents[2] / "templates_wa" / "_common").hints
ALL = (
    "en", "hi", "gu", "es", "pt", "fr", "de", "ar", "ru", "zh", "mr", "bn", "ta", "te", "kn", "ml", "pa", "ur", "it",
    "id", "tr", "ja",
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "hello, are you open today?"),
        ("en", "DELETE MY DATA"),
        ("en", "What is the price of बर्फी?"),
        ("en", "ｗｈａｔ ｉｓ ｔｈｅ ｐｒｉｃｅ"),
        ("hi", "कितने बजे खुलते हैं"),
        ("hi", "aap kab khulte hain"),
        ("hi", "मुझे chocolate cake order करना है"),
        ("gu", "ક્યારે ખુલે છે?"),
        ("gu", "bhav ketla che?"),
        ("gu", "Order 1234 ક્યારે મળશે?"),
        ("es", "¿a qué hora abren?"),
        ("pt", "que horas vocês abrem amanhã?"),
        ("fr", "à quelle heure ouvrez-vous ?"),
        ("de", "Wann habt ihr geöffnet?"),
        ("ar", "متى تفتحون؟"),
        ("ru", "Когда вы открыты?"),
        ("zh", "你们几点开门？"),
        ("mr", "दुकान कधी उघडे आहे?"),
        ("mr", "dukan kadhi ughde aahe"),
        ("bn", "আপনারা কখন খোলেন?"),
        ("bn", "dokan kokhon khola"),
        ("ta", "கடை எப்போது திறக்கும்?"),
        ("ta", "kadai eppo open irukku"),
        ("te", "షాపు ఎప్పుడు తెరుస్తారు?"),
        ("te", "naku cake kavali"),
        ("kn", "ಅಂಗಡಿ ಯಾವಾಗ ತೆರೆಯುತ್ತದೆ?"),
        ("kn", "nanage cake beku"),
        ("ml", "കട എപ്പോൾ തുറക്കും?"),
        ("ml", "enikku cake venam"),
        ("pa", "ਦੁਕਾਨ ਕਦੋਂ ਖੁੱਲ੍ਹਦੀ ਹੈ?"),
        ("pa", "tusi kado khulde ho ji"),
        ("ur", "آپ کب کھولتے ہیں؟"),
        ("it", "a che ora siete aperti oggi?"),
        ("id", "jam berapa buka hari ini?"),
        ("tr", "BUGÜN SAAT KAÇTA AÇIK MISINIZ"),
        ("ja", "何時に開きますか？"),
        ("ja", "メニュー"),
    ],
)
def test_it_recognises(language: str, text: str) -> None:
    assert guess(text, ALL, HINTS) == language


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("👍", id="emoji"),
        pytest.param("12345", id="digits"),
        pytest.param("१२३", id="digits of India"),
        pytest.param("hi", id="a greeting of the whole world"),
        pytest.param("ok", id="ok"),
        pytest.param("Sunrise Bakery", id="a name"),
        pytest.param("la", id="a word of two languages"),
        pytest.param("Ωραία", id="a script that nobody here writes"),
        pytest.param("ʬʬ", id="letters without a script of ours"),
    ],
)
def test_it_does_not_guess(text: str) -> None:
    assert guess(text, ALL, HINTS) is None


def test_it_names_only_languages_it_may_name() -> None:
    assert guess("ક્યારે ખુલે છે?", ("en", "hi"), HINTS) is None
    assert guess("hello, are you open?", ("gu",), HINTS) is None
    assert guess("anything", (), HINTS) is None


def test_one_word_is_enough_where_one_language_is_left() -> None:
    assert guess("bhav ketla", ("gu",), HINTS) == "gu"


def test_the_first_language_of_a_script_wins_where_words_do_not_tell() -> None:
    hints = {"mr": frozenset({"आहे"}), "hi": frozenset({"है"})}
    assert guess("नमस्कार", ("hi", "mr"), hints) == "hi"
    assert guess("नमस्कार", ("mr", "hi"), hints) == "mr"
    assert guess("कुठे आहे", ("hi", "mr"), hints) == "mr"


def test_kana_make_it_japanese() -> None:
    assert guess("注文をキャンセル", ("zh", "ja"), {}) == "ja"
    assert guess("取消订单", ("ja", "zh"), {}) == "ja"
