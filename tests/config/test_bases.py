"""Reuse: a business over its base, a base over another; what is wrong with that is told."""

from pathlib import Path

import pytest

from bot.config.content import Business, ConfigError, Fault, load
from bot.conversation.replies import Phrase
from bot.conversation.words import Command
from tests.config.conftest import BUSINESS, FILES, NOON, PRIVACY, write

HEAD, _, NUMBER = BUSINESS.partition("[number.main]")
NUMBER = f"[number.main]{NUMBER.partition('[hand_over]')[0]}"
CHAIN = BUSINESS.replace(NUMBER, "")
"""The head that all branches share: all but the number."""
BASE = {**FILES, "business.toml": CHAIN}
BRANCH = 'extends = "_chain"\n'


def chain(folder: Path, branch: dict[str, str], **base: str) -> Business:
    """Load the branch of a chain of shops."""
    write(folder, {**BASE, **base}, "_chain")
    write(folder, {"business.toml": BRANCH + NUMBER, **branch})
    return load(folder).businesses["shop"]


def said(business: Business, key: str, language: str = "en") -> str:
    return business.text(Phrase(key), language, NOON.replace(tzinfo=business.zone))


def faults(folder: Path, branch: dict[str, str], **base: str) -> tuple[Fault, ...]:
    with pytest.raises(ConfigError) as error:
        chain(folder, branch, **base)
    return error.value.faults


def test_a_branch_is_its_base_and_a_number(tmp_path: Path):
    shop = chain(tmp_path, {})

    assert (shop.id, shop.name, shop.policy.controller) == ("shop", "Corner Shop", "Corner Shop, 1 Main Road")
    assert [rule.id for rule in shop.rules] == ["rule.menu", "rule.hours", "rule.order"]
    assert said(shop, "rule.menu.say", "gu") == "નમસ્તે!"
    assert [one["name"] for one in shop.templates] == ["order_update"]


def test_a_base_is_not_served(tmp_path: Path):
    chain(tmp_path, {})

    assert set(load(tmp_path).businesses) == {"shop"}


def test_the_same_id_replaces_whole(tmp_path: Path):
    shop = chain(tmp_path, {"rules.toml": '[rule.menu]\nwords = "begin"\nsay = "Hi from the branch"\n'})
    menu = shop.rule("rule.menu")

    assert menu is not None
    assert menu.words == {"*": ("begin",)}
    assert [said(shop, "rule.menu.say", language) for language in ("en", "gu")] == ["Hi from the branch"] * 2


def test_keys_of_the_head_replace(tmp_path: Path):
    head = f'{BRANCH}name = "East Shop"\nlanguages = ["en"]\n{NUMBER}\n[hours]\ndaily = "10:00-12:00"\n'
    shop = chain(tmp_path, {"business.toml": head})

    assert (shop.name, shop.languages, shop.telephone) == ("East Shop", ("en",), "+917948900000")
    assert said(shop, "rule.hours.say") == "daily 10:00–12:00"


def test_off_drops_what_the_base_has(tmp_path: Path):
    shop = chain(tmp_path, {"business.toml": f'{BRANCH}off = ["rule.order"]\n{NUMBER}'})

    assert [rule.id for rule in shop.rules] == ["rule.menu", "rule.hours"]


def test_a_locale_file_of_the_branch_says_a_text_of_the_base_its_way(tmp_path: Path):
    shop = chain(tmp_path, {"locales/gu.toml": '[rule.menu]\nsay = "પૂર્વ"\n[fallback]\nsorry = "માફ"\n'})

    assert [said(shop, "rule.menu.say", language) for language in ("en", "gu")] == ["Hello!", "પૂર્વ"]
    assert said(shop, "fallback.sorry", "gu") == "માફ"


def test_a_text_beside_a_rule_of_the_branch_replaces_the_base_s_in_every_language(tmp_path: Path):
    rules = '[rule.far]\nwords = "far"\n'
    base = {
        "more.toml": rules,
        "locales/en.toml": '[rule.far]\nsay = "Far"',
        "locales/gu.toml": '[rule.far]\nsay = "દૂર"',
    }
    shop = chain(tmp_path, {"rules.toml": f'{rules}say.en = "Near"\nsay.gu = "નજીક"\n'}, **base)

    assert [said(shop, "rule.far.say", language) for language in ("en", "gu")] == ["Near", "નજીક"]
    bare = chain(tmp_path, {"rules.toml": f'{rules}store = "none"\n'}, **base)
    assert [said(bare, "rule.far.say", language) for language in ("en", "gu")] == ["Far", "દૂર"]


def test_privacy_and_privacy_words_are_laid_over_the_base_s(tmp_path: Path):
    files = {"privacy.toml": "[retention]\ncontent = { days = 3 }\n", "commands.toml": '[en]\nhuman = ["the boss"]\n'}
    shop = chain(tmp_path, files, **{"commands.toml": '[en]\nhuman = ["the manager"]\n'})

    assert (shop.policy.controller, shop.policy.period("content").lasts.days) == ("Corner Shop, 1 Main Road", 3)
    matches = [shop.commands.match(each) for each in ("the boss", "the manager")]
    assert [match.command for match in matches if match] == [Command.HUMAN] * 2


def test_a_template_of_the_branch_replaces_the_base_s(tmp_path: Path):
    name = "messages/order_update.en.json"
    shop = chain(tmp_path, {name: FILES[name].replace("Your order", "Order")})

    assert [one["components"][0]["text"] for one in shop.templates] == ["Order {{order}} is ready."]


def test_a_base_may_extend_a_base(tmp_path: Path):
    write(
        tmp_path,
        {"rules.toml": '[rule.far]\nwords = "far"\nsay = "Far"\n[rule.gone]\nwords = "gone"\nsay = "G"\n'},
        "_root",
    )
    shop = chain(tmp_path, {}, **{"business.toml": f'extends = "_root"\noff = ["rule.gone"]\n{CHAIN}'})

    assert [rule.id for rule in shop.rules] == ["rule.far", "rule.menu", "rule.hours", "rule.order"]


def test_a_branch_may_leave_a_language_of_its_base_out(tmp_path: Path):
    head = f'{BRANCH}languages = ["en"]\n{NUMBER}'
    shop = chain(tmp_path, {"business.toml": head}, **{"locales/gu.toml": '[fallback]\nsorry = "માફ"\n'})

    assert shop.languages == ("en",)


@pytest.mark.parametrize(
    ("head", "base", "fault"),
    [
        pytest.param('extends = "_chian"\n', "",
                     Fault("shop/business.toml", "extends", "there is no base '_chian'", "did you mean '_chain'?"),
                     id="a base that is not there"),
        pytest.param('extends = "shop"\n', "",
                     Fault("shop/business.toml", "extends", "goes in a circle: shop > shop", "take one of them out"),
                     id="itself"),
        pytest.param(BRANCH, 'extends = "_chain"\n',
                     Fault("_chain/business.toml", "extends", "goes in a circle: shop > _chain > _chain",
                           "take one of them out"),
                     id="a circle"),
        pytest.param('extends = "_common"\n', "",
                     Fault("shop/business.toml", "extends", "'_common' is no base",
                           'name a folder beside this one that begins with _: extends = "_clinic"'),
                     id="the defaults"),
        pytest.param(f'{BRANCH}off = ["rule.parking"]\n', "",
                     Fault("shop/business.toml", "off", "there is no rule.parking",
                           "known are: rule.hours, rule.menu, rule.order"),
                     id="off of what is not there"),
        pytest.param(BRANCH, 'off = ["rule.parking"]\n',
                     Fault("_chain/business.toml", "off", "there is no rule.parking",
                           "known are: rule.hours, rule.menu, rule.order"),
                     id="off of what is not there, in the base"),
        pytest.param(f'{BRANCH}off = ["rule.hours"]\n', "",
                     Fault("_chain/rules.toml", "rule.menu.choices.1.go", "rule.hours is off",
                           "take it out of off, or lead elsewhere"),
                     id="a choice to what is off"),
    ],
)  # fmt: skip
def test_it_tells_what_is_wrong_with_a_base(tmp_path: Path, head: str, base: str, fault: Fault):
    assert fault in faults(tmp_path, {"business.toml": head + NUMBER}, **{"business.toml": base + CHAIN})


def test_a_fault_of_a_base_is_told_once_and_where_it_stands(tmp_path: Path):
    spoilt = BASE["rules.toml"].replace('say   = "{hours.week}"', 'say   = "{hours.weak}"')
    other = NUMBER.replace("SHOP", "EAST")
    write(tmp_path, {"business.toml": BRANCH + other}, "east")

    [fault] = faults(tmp_path, {}, **{"rules.toml": spoilt})

    assert (fault.file, fault.key) == ("_chain/rules.toml", "rule.hours.say")


def test_a_base_of_another_shape_is_told(tmp_path: Path):
    assert [fault.key for fault in faults(tmp_path, {"business.toml": f"extends = 3\n{BUSINESS}"})] == ["extends", "-"]


def test_the_version_changes_with_a_base(tmp_path: Path):
    chain(tmp_path, {})
    first = load(tmp_path).version
    write(tmp_path, {"privacy.toml": f"{PRIVACY}# more\n"}, "_chain")

    assert load(tmp_path).version != first
