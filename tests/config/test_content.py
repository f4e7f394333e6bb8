"""From a business's files to rules."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.config.content import filled, load
from bot.config.content.loader import SHIPPED
from bot.conversation.replies import Phrase, Say, SendCard, SendLink, SendMedia, SendPlace, Template
from bot.conversation.words import Purpose, Store
from tests.config.conftest import BUSINESS, RULES, Load

NOON = datetime(2026, 3, 2, 12)  # noqa: DTZ001 the wall clock of the business; its zone is added below


def test_the_example_is_sound():
    content = load(SHIPPED.parent)
    bakery = content.businesses["sunrise_bakery"]
    assert bakery.languages == ("en", "gu", "hi")
    assert content.variables == ("LETHE_PHONE_NUMBER_ID", "LETHE_ACCESS_TOKEN", "LETHE_WABA_ID")
    lines = [path.read_text("utf-8").count("\n") for path in (SHIPPED.parent / "sunrise_bakery").glob("*.toml")]
    assert sum(lines) < 100


def test_it_brings_its_own_defaults_to_a_folder_without_them(shop: Load):
    assert "en" in shop().businesses["shop"].catalogue.languages


def test_texts_may_stand_in_locale_files(shop: Load):
    rules = f'{RULES}\n[rule.far]\nwords = "far"\nchoices = [{{ go = "rule.menu" }}]\n'
    gu = '[rule.far]\nsay = "દૂર"\n[rule.far.choices]\n1 = "મેનૂ"'
    en = '[rule.far]\nsay = "Far"\n[rule.far.choices]\n1 = "Menu"\n[fallback]\nsorry = "Pardon?"'
    business = shop(**{"rules.toml": rules, "locales/en.toml": en, "locales/gu.toml": gu}).businesses["shop"]
    far = business.rule("rule.far")
    assert far is not None
    [said] = far.answer.messages
    assert isinstance(said, Say)
    now = NOON.replace(tzinfo=business.zone)
    assert [business.text(said.text, language, now) for language in ("en", "gu", "fr")] == ["Far", "દૂર", "Far"]
    assert business.text(said.choices[0].title, "gu", now) == "મેનૂ"
    assert business.text(Phrase("fallback.sorry"), "en", now) == "Pardon?"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("{business.name}, {business.telephone}", "Corner Shop, +917948900000", id="who"),
        pytest.param("{hours.week}", "Mon–Fri 09:00–18:00; Sat–Sun closed", id="the week"),
        pytest.param("{hours.next}", "tomorrow at 09:00", id="the next opening"),
        pytest.param("{privacy.contact}", "privacy@corner.example", id="whom to ask"),
        pytest.param("{number} {}", "7 {}", id="a value of the reply"),
    ],
)
def test_it_fills_values_in(shop: Load, text: str, said: str):
    business = shop().businesses["shop"]
    local = NOON.replace(tzinfo=business.zone)
    values = business.values("en", local, {"number": "7"})
    assert filled(text, values) == said
    assert set(values) >= {"number", "hours.next"}
    assert len(values) == len(set(values))


def answer(shop: Load, rule: str):
    found = shop(**{"rules.toml": f"{RULES}\n[rule.x]\nwords = 'xy'\n{rule}"}).businesses["shop"].rule("rule.x")
    assert found is not None
    return found


SAY, PICTURE = Phrase("rule.x.say"), "https://a.example/p.png"


@pytest.mark.parametrize(
    ("rule", "messages"),
    [
        pytest.param("say = 'x'", [Say(text=SAY)], id="a text"),
        pytest.param(
            f"say = 'x'\nimage = '{PICTURE}'",
            [SendMedia(kind="image", link=PICTURE, caption=SAY)],
            id="a caption",
        ),
        pytest.param(
            f"say = '{'x' * 1025}'\nimage = '{PICTURE}'",
            [SendMedia(kind="image", link=PICTURE), Say(text=SAY)],
            id="a text too long for a caption",
        ),
        pytest.param(
            f"say = 'x'\naudio = '{PICTURE}'",
            [SendMedia(kind="audio", link=PICTURE), Say(text=SAY)],
            id="a sound has no caption",
        ),
        pytest.param(
            f"say = 'x'\ndocument = {{ link = '{PICTURE}', filename = 'menu.pdf' }}",
            [SendMedia(kind="document", link=PICTURE, filename="menu.pdf", caption=SAY)],
            id="a document with a name",
        ),
        pytest.param(
            "say = 'x'\nlink = { url = 'https://a.example', en = 'Open', gu = 'ખોલો' }",
            [SendLink(text=SAY, title=Phrase("rule.x.link"), url="https://a.example")],
            id="a link",
        ),
        pytest.param(
            "say = 'x'\nplace = { latitude = 1, longitude = 2.5, name = 'Here' }",
            [Say(text=SAY), SendPlace(latitude=1, longitude=2.5, name="Here")],
            id="a place",
        ),
        pytest.param(
            "card = { name = 'Asha', phone = '+91 79 4890 0000' }",
            [SendCard(name="Asha", phone="+917948900000")],
            id="a card",
        ),
    ],
)  # fmt: skip
def test_it_says_it_in_as_few_messages_as_it_can(shop: Load, rule: str, messages: list[object]):
    assert list(answer(shop, rule).answer.messages) == messages


def test_a_case_says_what_it_names_and_the_rule_says_the_rest(shop: Load):
    rule = answer(
        shop,
        """say = "x"
        outside = { template = "order_update", with = { order = "7" } }
        choices = [{ title = "Menu", go = "rule.menu" }]
        [[rule.x.case]]
        if.open = false
        say = "closed"
        [[rule.x.case]]
        unless.weekday = ["sat", "sun"]
        choices = [{ title = "Order", go = "rule.x" }]
        """,
    )
    closed, weekday = (case.answer for case in rule.cases)
    assert closed.outside == weekday.outside == Template(name="order_update", values={"order": "7"})
    assert [message.text.key for message in closed.messages] == ["rule.x.case.1.say"]
    assert [message.text.key for message in weekday.messages] == ["rule.x.say"]
    assert [message.choices[0].id for message in (*closed.messages, *weekday.messages)] == ["rule.menu", "rule.x"]


def test_a_follow_up_borrows_the_words_of_its_template(shop: Load):
    rule = answer(
        shop,
        """say = "x"
        [rule.x.later]
        after = "25 h"
        purpose = "transactional"
        outside = { template = "order_update", with = { order = "7" } }
        """,
    )
    [later] = rule.later
    assert (later.id, later.after, later.purpose) == ("rule.x.later.1", timedelta(hours=25), Purpose.TRANSACTIONAL)
    assert [message.text.key for message in later.answer.messages] == ["rule.x.later.1.say"]


def test_it_reads_the_store_mode(shop: Load):
    assert answer(shop, "say = 'x'\nstore = 'none'").store is Store.NONE
    assert answer(shop, "say = 'x'").store is Store.KEEP


def test_it_drops_rules_that_are_off(shop: Load):
    business = BUSINESS.replace("zone ", 'off = ["rule.order"]\nzone ')
    assert shop(**{"business.toml": business}).businesses["shop"].rule("rule.order") is None


def test_only_a_webhook_names_a_host_to_call(shop: Load):
    assert shop().businesses["shop"].egress == frozenset()
    webhook = BUSINESS.replace('to = "staff"', 'to = "webhook"\ntarget = "https://desk.corner.example/in"')
    named = '[[subprocessors]]\nname = "Desk"\nwhat = "help"\nwhere = "India"\nhosts = ["desk.corner.example"]'
    privacy = f'controller = "C"\n[contact]\nname = "A"\nemail = "a@corner.example"\n{named}'
    business = shop(**{"business.toml": webhook, "privacy.toml": privacy}).businesses["shop"]
    assert business.egress == {"desk.corner.example"}


def test_the_version_changes_with_any_file(shop: Load):
    first = shop().version
    assert shop().version == first
    assert shop(**{"rules.toml": RULES + "# more\n"}).version != first


def test_it_keeps_its_own_folder_of_defaults(tmp_path: Path, shop: Load):
    common = tmp_path / "_common"
    common.mkdir()
    for name in ("privacy.toml", "commands.toml"):
        (common / name).write_bytes((SHIPPED / name).read_bytes())
    (common / "locales").mkdir()
    (common / "locales" / "en.toml").write_bytes((SHIPPED / "locales" / "en.toml").read_bytes())
    assert shop().businesses["shop"].catalogue.locales.keys() == {"en"}
