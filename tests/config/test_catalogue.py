import tomllib
from pathlib import Path

import pytest

from bot.config.catalogue import EVERY, Catalogue, filled, values_in
from bot.conversation.replies import Phrase

COMMON = Path(__file__).parents[2] / "templates_wa" / "_common"
CATALOGUE = Catalogue.load(COMMON)
LANGUAGES = (
    "ar", "bn", "de", "en", "es", "fr", "gu", "hi", "id", "it", "ja", "kn", "ml", "mr", "pa", "pt", "ru", "ta", "te",
    "tr", "ur", "zh",
)  # fmt: skip
USED_BY_ROOMS = {
    "rights.erasure_done": {"code", "link"},
    "rights.erasure_partly": {"code", "link", "reason"},
    "rights.erasure_nothing": {"code", "link"},
    "rights.already_erasing": {"code"},
    "rights.erased_notice": {"telephone"},
    "rights.erased_notice_brief": set(),
    "rights.nothing_held": set(),
    "rights.export_summary": {"messages", "since", "language", "consents", "standing", "retention"},
    "rights.status_line": {"code", "state"},
    "rights.status_unknown": {"code"},
    "notice.first_contact": {"business", "link"},
}

LEFT_ALONE = (
    "privacy.stopped", "privacy.stopped_marketing", "privacy.near", "rights.erasure_done", "rights.erasure_partly",
    "rights.erasure_nothing", "rights.erased_notice", "rights.erased_notice_brief", "rights.nothing_held",
)  # fmt: skip


def locale(folder: Path, language: str, text: str) -> Path:
    (folder / "locales").mkdir(exist_ok=True)
    (folder / "locales" / f"{language}.toml").write_text(text, "utf-8")
    return folder


def small(tmp_path: Path) -> Catalogue:
    common = tmp_path / "_common"
    common.mkdir()
    locale(common, "en", '[meta]\nname = "English"\n[a]\nb = "hello {who}"\nc = "good"')
    return Catalogue.load(locale(common, "gu", '[meta]\nname = "ગુજરાતી"\n[a]\nb = "નમસ્તે {who}"'))


def test_the_programs_own_sentences_have_no_fault() -> None:
    assert CATALOGUE.faults == ()
    assert CATALOGUE.languages == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_values(language: str) -> None:
    english, own = CATALOGUE.texts["en"], CATALOGUE.texts[language]
    assert own.keys() == english.keys()
    assert {key: values_in(text) for key, text in own.items()} == {
        key: values_in(text) for key, text in english.items()
    }
    assert all(text.strip() for text in own.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_what_whatsapp_shows(language: str) -> None:
    own = CATALOGUE.texts[language]
    titles = {key: text for key, text in own.items() if key.startswith("button.")}
    assert titles
    assert all(len(text) <= 20 for text in titles.values()), titles
    assert len(set(titles.values())) == len(titles)
    assert all(len(text) <= 1024 for text in own.values())
    assert len(CATALOGUE.locales[language].name) <= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_start_is_named_wherever_a_person_is_left_alone(language: str) -> None:
    own = CATALOGUE.texts[language]
    assert [key for key in LEFT_ALONE if "START" not in own[key]] == []
    assert "STOP" in own["privacy.started"]
    for word in ("MY DATA", "DELETE MY DATA", "STOP", "STOP MARKETING"):
        assert word in own["privacy.notice"]


@pytest.mark.parametrize(("key", "values"), USED_BY_ROOMS.items(), ids=USED_BY_ROOMS.keys())
def test_sentences_that_rooms_use_keep_their_values(key: str, values: set[str]) -> None:
    assert values_in(CATALOGUE.texts["en"][key]) == values


def test_every_data_class_of_the_policy_has_a_name() -> None:
    policy = tomllib.loads((COMMON / "privacy.toml").read_text("utf-8"))
    named = {key.removeprefix("data.") for key in CATALOGUE.texts["en"] if key.startswith("data.")}
    assert named == policy["retention"].keys()


def test_arabic_and_urdu_run_from_right_to_left() -> None:
    assert [code for code, each in CATALOGUE.locales.items() if each.rtl] == ["ar", "ur"]


def test_only_what_somebody_who_speaks_it_has_read_counts_as_reviewed() -> None:
    assert [code for code, each in CATALOGUE.locales.items() if each.reviewed] == ["en"]


def test_a_language_says_its_own_name_in_every_language() -> None:
    assert CATALOGUE.text(Phrase("language.gu.name"), "ru") == "ગુજરાતી"
    assert CATALOGUE.text(Phrase("language.gu.chosen"), "ru") == "હવેથી અમે તમને ગુજરાતીમાં લખીશું."


def test_words_that_give_a_language_away_are_in_the_form_in_which_words_are_compared() -> None:
    assert "اين" in CATALOGUE.hints["ar"]
    assert "چه" not in CATALOGUE.hints["ar"]


def test_it_falls_back_to_the_businesss_language_then_to_english(tmp_path: Path) -> None:
    business = small(tmp_path).over(tmp_path, {"gu": {"rule.x": "ફક્ત અહીં"}}, default="gu")
    assert business.text(Phrase("a.b", {"who": "Asha"}), "gu") == "નમસ્તે Asha"
    assert business.text(Phrase("a.b", {"who": "Asha"}), "fr") == "નમસ્તે Asha"
    assert business.text(Phrase("a.c"), "gu") == "good"
    assert business.text(Phrase("rule.x"), "en") == "ફક્ત અહીં"


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match=r"rule\.nowhere"):
        small(tmp_path).text(Phrase("rule.nowhere"), "en")


def test_a_business_lays_its_own_over_ours_and_leaves_ours_alone(tmp_path: Path) -> None:
    ours = small(tmp_path)
    locale(tmp_path, "en", '[a]\nb = "hi {who}"')
    business = ours.over(tmp_path, {EVERY: {"a.c": "👍", "rule.x": "x"}, "gu": {"a.c": "સરસ"}})
    assert business.text(Phrase("a.b", {"who": "you"}), "en") == "hi you"
    assert business.text(Phrase("a.c"), "en") == "👍"
    assert business.text(Phrase("a.c"), "gu") == "સરસ"
    assert business.text(Phrase("rule.x"), "xx") == "x"
    assert ours.text(Phrase("a.b"), "en") == "hello {who}"
    assert ours.keys() < business.keys()
    assert business.has("rule.x", "gu")
    assert business.has("a.b", "gu")
    assert not business.has("a.b", "fr")


def test_a_business_may_bring_a_language(tmp_path: Path) -> None:
    ours = small(tmp_path)
    business = ours.over(locale(tmp_path, "mr", '[meta]\nname = "मराठी"\n[guess]\nwords = ["आहे"]\n[a]\nc = "छान"'))
    assert business.text(Phrase("language.mr.name"), "en") == "मराठी"
    assert business.text(Phrase("language.gu.name"), "en") == "ગુજરાતી"
    assert business.hints["mr"] == {"आहे"}
    assert business.languages == ("en", "gu", "mr")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        pytest.param("[a]\nb = 5", "5 is no text", id="a number"),
        pytest.param('[a]\nb = ["x"]', "['x'] is no text", id="a list"),
        pytest.param("[a\nb", "is no TOML", id="no TOML"),
        pytest.param('[rule.x]\nsay = "here"', "stands here and in the rule", id="a text that stands twice"),
    ],
)
def test_it_tells_what_is_wrong_in_a_businesss_file(tmp_path: Path, text: str, wrong: str) -> None:
    ours = small(tmp_path)
    faults = ours.over(locale(tmp_path, "en", text), {"en": {"rule.x.say": "there"}}).faults
    assert [(fault.file, wrong in fault.wrong) for fault in faults] == [("locales/en.toml", True)]


def test_it_tells_a_translation_that_lost_a_value_or_has_a_key_of_its_own(tmp_path: Path) -> None:
    small(tmp_path)
    faults = Catalogue.load(locale(tmp_path / "_common", "fr", '[a]\nb = "bonjour {qui}"\nd = "rien"')).faults
    assert [(fault.file, fault.key) for fault in faults] == [("locales/fr.toml", "a.d"), ("locales/fr.toml", "a.b")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Hi {name}!", "Hi Asha!", id="a value"),
        pytest.param("{business.name}", "Sunrise", id="a dotted name is a name, no attribute"),
        pytest.param("{nobody}", "{nobody}", id="an unknown name stays"),
        pytest.param("{name.__class__}", "{name.__class__}", id="no attributes"),
        pytest.param("{name!r:>20} {0} {{name}}", "{name!r:>20} {0} {Asha}", id="no formats"),
        pytest.param("{{7*7}} {% x %}", "{{7*7}} {% x %}", id="no logic"),
    ],
)
def test_values_are_put_in_and_nothing_else_happens(text: str, shown: str) -> None:
    assert filled(text, {"name": "Asha", "business.name": "Sunrise"}) == shown


def test_a_value_is_never_read_as_a_sentence() -> None:
    assert filled("{a} {b}", {"a": "{b}", "b": "secret"}) == "{b} secret"
