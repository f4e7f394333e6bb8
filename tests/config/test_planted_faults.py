"""Faults planted one at a time into a sound business: each is named with file, key and remedy, and nothing else is."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.config.content import ConfigError, Fault, load
from tests.config.conftest import BUSINESS, FILES, PRIVACY, RULES, TEMPLATE, Faults, Load, write

B, R, P, T = "business.toml", "rules.toml", "privacy.toml", "messages/order_update.en.json"
PLANTED = tomllib.loads((Path(__file__).parent / "planted_faults.toml").read_text("utf-8"))["fault"]
ELEVEN = ", ".join(f'{{ title = "T{n}", go = "rule.r{n}" }}' for n in range(11))
ELEVEN_RULES = "".join(f'[rule.r{n}]\nsay = "r"\n' for n in range(11))


@pytest.mark.parametrize("fault", [pytest.param(fault, id=fault["name"]) for fault in PLANTED])
def test_it_names_a_planted_fault(faults_of: Faults, fault: dict[str, str]):
    text, old, key = FILES[fault["file"]], fault.get("old", ""), fault["key"]
    new = re.sub("«([0-9]+)»", lambda count: "x" * int(count[1]), fault.get("new", ""))
    assert old in text
    faults = faults_of({fault["file"]: text.replace(old, new, 1) if old else f"{text}\n{new}\n"})
    told = "\n".join(map(str, faults))
    [found] = [one for one in faults if one.key == key and fault["wrong"] in f"{one.wrong}; {one.right}"] or [told]
    assert isinstance(found, Fault), told
    assert fault.get("right", "") in found.right
    assert found.file == f"shop/{R if key.startswith('rule.') else fault['file']}"
    # A fault may show in two places, but it never drowns in others that it causes.
    assert len(faults) <= 2, told


def test_it_loads_the_sound_business(shop: Load):
    content = shop()
    assert [rule.id for rule in content.businesses["shop"].rules] == ["rule.menu", "rule.hours", "rule.order"]
    assert content.variables == ("SHOP_NUMBER", "SHOP_TOKEN", "SHOP_WABA")


def test_it_tells_all_faults_at_once(faults_of: Faults):
    faults = faults_of(
        {
            B: BUSINESS.replace("mon-fri", "mon-fry"),
            R: RULES.replace('go = "rule.hours"', 'go = "rule.hour"').replace('words = "hours"', 'words = "stop"'),
            P: PRIVACY.replace("Asha Patel", "[name]"),
            T: TEMPLATE.replace("{{order}}", "{{day}}"),
        }
    )
    keys = {one.key for one in faults}
    assert keys == {
        "hours",
        "rule.menu.choices.1.go",
        "rule.hours.words",
        "contact.name",
        "rule.order.outside.with.order",
        "rule.order.outside.with.day",
    }


def test_it_refuses_files_that_say_the_same_thing_twice(faults_of: Faults):
    faults = faults_of({"more.toml": '[rule.hours]\nwords = "when"\nsay = "x"', "locales/en.toml": ""})
    [fault] = faults
    assert (fault.file, fault.key) == ("shop/rules.toml", "rule.hours")
    assert "shop/more.toml" in fault.wrong


def test_it_refuses_a_text_beside_the_rule_and_in_a_locale(faults_of: Faults):
    [fault] = faults_of({"locales/en.toml": '[rule.menu]\nsay = "Hello"'})
    assert (fault.file, fault.key) == ("shop/locales/en.toml", "rule.menu.say")


def test_it_refuses_a_locale_text_that_nobody_says(faults_of: Faults):
    [fault] = faults_of({"locales/en.toml": '[rule.hours.choices]\n1 = "x"'})
    assert (fault.file, fault.key) == ("shop/locales/en.toml", "rule.hours.choices.1")


def test_it_refuses_a_locale_of_a_language_that_is_not_spoken(faults_of: Faults):
    [fault] = faults_of({"locales/fr.toml": ""})
    assert fault == Fault(
        "shop/locales/fr.toml", "-", "'fr' is not in languages", "add it to languages in business.toml"
    )


@pytest.mark.parametrize(
    ("choices", "key", "wrong"),
    [
        pytest.param(ELEVEN, "rule.many.choices", "has 11 choices", id="eleven rows"),
        pytest.param(
            ", ".join('{ title = "T", go = "rule.r0" }' for _ in "ab"),
            "rule.many.choices",
            "go to rule.r0",
            id="twice the same target",
        ),
        pytest.param(
            '{ title = "T", go = "rule.r0" }, { title = "T", go = "rule.r1" }',
            "rule.many.choices.2",
            "the same",
            id="twice the same title",
        ),
        pytest.param(
            '{ title = "T", go = "rule.r0", describe = "d" }',
            "rule.many.describe.1",
            "no description",
            id="a description on a button",
        ),
        pytest.param(
            ", ".join(f'{{ title = "A title that is too long {n}", go = "rule.r{n}" }}' for n in range(4)),
            "rule.many.choices.4",
            "26 characters; WhatsApp shows 24",
            id="a long row",
        ),
        pytest.param(
            ", ".join(f'{{ title = "T{n}", go = "rule.r{n}", describe = "{"d" * 73}" }}' for n in range(4)),
            "rule.many.describe.2",
            "73 characters; WhatsApp shows 72",
            id="a long description",
        ),
        pytest.param('{ go = "rule.r0" }', "rule.many.choices.1", "has no text in 'en'", id="a choice without a title"),
    ],
)
def test_it_holds_choices_to_the_limits_of_whatsapp(faults_of: Faults, choices: str, key: str, wrong: str):
    rules = f'{RULES}\n[rule.many]\nwords = "many"\nsay = "Which?"\nchoices = [{choices}]\n{ELEVEN_RULES}'
    faults = faults_of({R: rules})
    assert any(one.key == key and wrong in one.wrong for one in faults), "\n".join(map(str, faults))


def test_it_refuses_one_number_for_two_businesses(tmp_path: Path, faults_of: Faults):
    write(tmp_path, FILES, "other")
    [fault] = faults_of({})
    assert (fault.file, fault.key) == ("shop/business.toml", "number.main.phone_number_id")
    assert "other" in fault.wrong


def test_it_refuses_a_folder_without_a_business(tmp_path: Path):
    with pytest.raises(ConfigError) as error:
        load(tmp_path)
    assert "holds no business" in str(error.value)


def test_it_refuses_a_business_without_promises(tmp_path: Path):
    write(tmp_path, {name: text for name, text in FILES.items() if name != P})
    with pytest.raises(ConfigError) as error:
        load(tmp_path)
    assert [(one.file, one.wrong) for one in error.value.faults] == [("shop/privacy.toml", "is missing")]


def test_it_refuses_a_file_that_is_not_utf_8(tmp_path: Path, faults_of: Faults):
    write(tmp_path, FILES)
    (tmp_path / "shop" / "more.toml").write_bytes(b'# fine\n[rule.x]\nsay = "\xff"\n')
    [fault] = faults_of({})
    assert (fault.file, fault.key, fault.wrong) == ("shop/more.toml", "line 3", "is not UTF-8")


def test_it_leaves_bases_and_hidden_folders_alone(tmp_path: Path, shop: Load):
    write(tmp_path, {"business.toml": "broken ="}, "_base")
    write(tmp_path, {"business.toml": "broken ="}, ".git")
    assert list(shop().businesses) == ["shop"]


def test_it_refuses_to_speak_of_hours_that_are_not_set(faults_of: Faults):
    rules = RULES.replace('say   = "{hours.week}"', 'if.open = true\nsay = "Welcome"')
    [fault] = faults_of({B: BUSINESS.replace('[hours]\nmon-fri = "09:00-18:00"', ""), R: rules})
    assert (fault.key, fault.wrong) == ("rule.hours.if.open", "asks for hours, and there are none")
    [fault] = faults_of({B: BUSINESS.replace('[hours]\nmon-fri = "09:00-18:00"', ""), R: RULES})
    assert (fault.key, fault.wrong) == ("rule.hours.say", "speaks of hours, and there are none")


@pytest.mark.parametrize(
    ("one", "other", "ties"),
    [
        pytest.param("", "", True, id="no condition"),
        pytest.param("if.open = true", "", True, id="a condition on one side"),
        pytest.param("if.open = true", "if.open = false", False, id="open and closed"),
        pytest.param("if.open = true", "unless.open = true", False, id="open and unless open"),
        pytest.param("if.open = true", "if.first_contact = true", True, id="conditions of two kinds"),
        pytest.param('if.weekday = "sat"', 'if.weekday = ["mon", "tue"]', False, id="other days"),
        pytest.param('if.weekday = "sat"', 'if.weekday = ["sat", "sun"]', True, id="a day in common"),
        pytest.param('if.weekday = "sat"', 'unless.weekday = ["sat", "sun"]', False, id="a day that is excluded"),
        pytest.param('if.weekday = ["fri", "sat"]', 'unless.weekday = "sat"', True, id="a day that is left"),
        pytest.param('if.language = "gu"', 'if.language = "en"', False, id="other languages"),
    ],
)
def test_a_word_ties_only_where_both_rules_may_speak(tmp_path: Path, one: str, other: str, *, ties: bool):
    rules = f'[rule.a]\nwords = "xy"\nsay = "x"\n{one}\n[rule.b]\nwords = "XY!"\nsay = "x"\n{other}\n'
    write(tmp_path, {**FILES, R: rules})
    try:
        load(tmp_path)
    except ConfigError as error:
        told = [(fault.key, fault.wrong) for fault in error.faults]
    else:
        told = []
    assert told == ([("rule.b.words", "'xy' starts rule.a too")] if ties else [])


def test_the_help_rule_may_use_the_word_help(shop: Load):
    rules = f'{RULES}\n[rule.help]\nwords = ["help", "assist"]\nsay = "x"\n'
    assert shop(**{R: rules}).businesses["shop"].rule("rule.help")


def test_a_button_may_lead_to_a_privacy_word(shop: Load):
    rules = RULES.replace('en = "Hours", gu = "સમય", go = "rule.hours"', 'title = "Stop", go = "privacy:stop"')
    menu = shop(**{R: rules}).businesses["shop"].rule("rule.menu")
    assert menu is not None
