"""Rules answer: started by words, expressions, taps and kinds of messages, narrowed by facts."""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config.content import Business
from bot.conversation.effects import Later
from bot.conversation.events import Event, Kind, Place, Referral
from bot.conversation.replies import Reply, Say, SendLink, SendMedia, Template
from bot.conversation.words import Purpose, Scope, Store
from handlers import automations
from handlers.matching import Matcher
from tests.handlers.shop import NOON, opened, person, said

RULES = """
[rule.menu]
words.en = ["hi", "menu", "order"]
words.gu = ["કેમ છો", "મેનૂ"]
say = "Hello"
choices = [{ title = "Hours", go = "rule.hours" }]

[rule.hours]
words.en = ["open", "opening hours", "24/7"]
words.gu = ["ક્યારે ખુલે"]
say = "{hours.week}"
[[rule.hours.case]]
if.open = false
say = "closed"

[rule.chinese]
words = "几点"
say = "x"

[rule.order]
pattern = '(?:order|ઓર્ડર) *#?(?P<number>[a-z]{0,2}-?[0-9]{4,8})'
say = "Order {number}"
outside = { template = "order_update", with = { order = "{number}, {business.name}" } }
store = "none"

[rule.picture]
on = "image"
say = "A picture"

[rule.file]
on = ["media", "location", "contacts", "reaction", "order", "welcome"]
say = "A file"

[rule.advert]
on = "ad"
say = "From the ad"

[rule.first]
on = "first_message"
say = "Nice to meet you"

[rule.weekend]
words = "special"
if.weekday = ["sat", "sun"]
say = "weekend"

[rule.workday]
words = "special"
unless.weekday = ["sat", "sun"]
say = "workday"

[rule.rush]
words = "rush"
unless.open = true
say = "after hours"

[rule.thai]
words = "ก"
say = "x"

[rule.member]
words = "secret"
if.consent = "marketing"
say = "member"

[rule.guzerat]
words = "tongue"
if.language = "gu"
say = "gu"
"""


def test_the_shops_own_help_answers_help_in_any_language(tmp_path: Path):
    helpful = opened(tmp_path, '[rule.help]\nwords.en = "assist"\nsay = "We help"\n')

    assert [rule_of(helpful, said(text)) for text in ("HELP", "मदद", "assist")] == ["rule.help"] * 3


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Business:
    return opened(tmp_path_factory.mktemp("shop"), RULES)


def rule_of(business: Business, event: Event, **contact: object) -> str | None:
    actions = automations.from_rules(business)(event, person(business, **contact))
    if actions is None:
        return None
    [reply] = actions
    assert isinstance(reply, Reply)
    return reply.rule


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param("hi", "rule.menu", id="a word"),
        pytest.param("  HI!!! 🙂", "rule.menu", id="case, marks and emoji do not count"),
        pytest.param("ｈｉ", "rule.menu", id="nor does width"),
        pytest.param("well, hi there", "rule.menu", id="anywhere in the text"),
        pytest.param("this", None, id="not inside a word"),
        pytest.param("himself", None, id="not at the beginning of a word"),
        pytest.param("what are your opening hours", "rule.hours", id="several words"),
        pytest.param("opening of hours", None, id="words that stand apart"),
        pytest.param("menu: are you open", "rule.menu", id="as long, so the earlier"),
        pytest.param("open the menu", "rule.hours", id="the earlier, whatever the order of the rules"),
        pytest.param("hi, what are your opening hours", "rule.hours", id="the longest wins"),
        pytest.param("open 24/7?", "rule.hours", id="marks inside a word"),
        pytest.param("કેમ છો?", "rule.menu", id="Gujarati"),
        pytest.param("ક્યારે ખુલે છે", "rule.hours", id="Gujarati in a sentence"),
        pytest.param("ક્યારે ખુલેલું", None, id="a vowel sign does not end a word"),
        pytest.param("请问几点开门", "rule.chinese", id="no spaces in Chinese"),
        pytest.param("ก ข", "rule.thai", id="a letter of Thai"),
        pytest.param("กี่โมง", None, id="a vowel sign belongs to its letter"),
        pytest.param("order 12345", "rule.order", id="an expression is longer than its word"),
        pytest.param("ઓર્ડર ૧૨૩૪૫", "rule.order", id="digits of another script"),
        pytest.param("reorder 12345", None, id="an expression begins at a border"),
        pytest.param("order 123456789", "rule.menu", id="and ends at one"),
        pytest.param("special", "rule.workday", id="a condition that holds"),
        pytest.param("rush", None, id="a condition that must not hold"),
        pytest.param("secret", None, id="a consent that is missing"),
        pytest.param("tongue", None, id="another language"),
        pytest.param("", None, id="nothing"),
        pytest.param("!?🙂", None, id="no word"),
    ],
)
def test_words_and_expressions_start_a_rule(shop: Business, text: str, rule: str | None):
    assert rule_of(shop, said(text)) == rule


@pytest.mark.parametrize(
    ("event", "rule"),
    [
        pytest.param(said("", kind=Kind.IMAGE), "rule.picture", id="an image before any media"),
        pytest.param(said("opening hours?", kind=Kind.IMAGE), "rule.hours", id="its caption before its kind"),
        pytest.param(said("", kind=Kind.AUDIO), "rule.file", id="media"),
        pytest.param(said("", kind=Kind.STICKER), None, id="a sticker is no media to answer"),
        pytest.param(said("", kind=Kind.LOCATION, place=Place(latitude=1, longitude=1)), "rule.file", id="a location"),
        pytest.param(said("", kind=Kind.REACTION, value="👍"), "rule.file", id="a reaction"),
        pytest.param(said("", kind=Kind.WELCOME), "rule.file", id="the chat was opened"),
        pytest.param(said("hi", kind=Kind.EDIT), None, id="an edited message starts nothing"),
        pytest.param(said("hi", kind=Kind.ECHO), None, id="nor what the business itself wrote"),
        pytest.param(
            said("hi", referral=Referral(source_type="ad")), "rule.advert", id="an advertisement before words"
        ),
        pytest.param(said("x", kind=Kind.TAP, choice="rule.hours"), "rule.hours", id="a tap"),
        pytest.param(
            said("menu", kind=Kind.TAP, choice="rule.gone"), "rule.menu", id="the title of a tap that is gone"
        ),
        pytest.param(said("x", kind=Kind.TAP, choice="rule.gone"), None, id="a tap on nothing"),
        pytest.param(said("x", choice="rule.hours"), None, id="a choice without a tap"),
    ],
)
def test_kinds_of_events_start_a_rule(shop: Business, event: Event, rule: str | None):
    assert rule_of(shop, event) == rule


def test_the_first_message_is_greeted_only_when_it_says_nothing_else(shop: Business):
    assert rule_of(shop, said("good evening"), first_contact=True) == "rule.first"
    assert rule_of(shop, said("opening hours"), first_contact=True) == "rule.hours"
    assert rule_of(shop, said("good evening")) is None


def test_facts_of_the_contact_and_the_moment_narrow_a_rule(shop: Business):
    assert rule_of(shop, said("secret"), consents=frozenset({"marketing"})) == "rule.member"
    assert rule_of(shop, said("tongue"), language="gu") == "rule.guzerat"
    assert rule_of(shop, said("rush"), at=NOON + timedelta(hours=12)) == "rule.rush"
    assert rule_of(shop, said("special"), at=NOON + timedelta(days=5)) == "rule.weekend"


def test_the_first_case_that_fits_speaks(shop: Business):
    answer = automations.from_rules(shop)

    def key(hours: int) -> str:
        [reply] = answer(said("open"), person(shop, NOON + timedelta(hours=hours))) or []
        assert isinstance(reply, Reply)
        assert isinstance(reply.message, Say)
        return reply.message.text.key

    assert (key(0), key(12)) == ("rule.hours.say", "rule.hours.case.1.say")


def test_what_an_expression_caught_fills_the_answer(shop: Business):
    [reply] = automations.from_rules(shop)(said("Order #AB-12345 please"), person(shop)) or []
    assert isinstance(reply, Reply)
    assert isinstance(reply.message, Say)
    assert reply.message.text.values == {"number": "AB-12345"}
    assert reply.outside == Template(name="order_update", values={"order": "AB-12345, Corner Shop"})
    assert (reply.store, reply.purpose) == (Store.NONE, Purpose.REPLY)
    assert shop.text(reply.message.text, "en", person(shop).local_now) == "Order AB-12345"


def test_a_word_of_the_contacts_language_goes_first(tmp_path: Path):
    business = opened(tmp_path, '[rule.a]\nwords.en = "nota"\nsay = "a"\n[rule.b]\nwords.gu = "nota"\nsay = "b"\n')
    assert rule_of(business, said("nota")) == "rule.a"
    assert rule_of(business, said("nota"), language="gu") == "rule.b"


def test_values_reach_every_part_of_a_message(tmp_path: Path):
    rules = """
    [rule.link]
    pattern = 'track (?P<code>[0-9]+)'
    say = "{code}"
    link = { url = "https://a.example/{code}", title = "Track" }
    [rule.media]
    pattern = 'slip (?P<code>[0-9]+)'
    say = "{code}"
    image = "https://a.example/slip.png"
    place = { latitude = 1, longitude = 1 }
    [rule.choose]
    pattern = 'pick (?P<code>[0-9]+)'
    say = "{code}"
    choices = [{ title = "About {code}", go = "rule.help" }]
    [rule.help]
    on = "location"
    say = "x"
    """
    answer = automations.from_rules(business := opened(tmp_path, rules))

    def first(text: str) -> object:
        reply = (answer(said(text), person(business)) or [])[0]
        assert isinstance(reply, Reply)
        return reply.message

    link, media, choose = first("track 77"), first("slip 78"), first("pick 79")
    assert isinstance(link, SendLink)
    assert (link.url, link.text.values) == ("https://a.example/77", {"code": "77"})
    assert isinstance(media, SendMedia)
    assert media.caption is not None
    assert media.caption.values == {"code": "78"}
    assert isinstance(choose, Say)
    assert choose.choices[0].title.values == {"code": "79"}


LATER = """
[rule.cake]
words = "cake"
say = "Which one?"
place = { latitude = 1, longitude = 1 }
outside = { template = "order_update", with = { order = "1" } }
[[rule.cake.later]]
after = "25 h"
purpose = "transactional"
outside = { template = "order_update", with = { order = "{business.name}" } }
[[rule.cake.later]]
after = "2 h"
purpose = "marketing"
say = "And bread? STOP ends this."
"""


@pytest.mark.parametrize(
    ("contact", "ids"),
    [
        pytest.param({}, ["rule.cake.later.1", "rule.cake.later.2"], id="by itself"),
        pytest.param({"opted_out": frozenset({Scope.MARKETING})}, ["rule.cake.later.1"], id="no offers"),
        pytest.param({"opted_out": frozenset({Scope.ALL})}, [], id="stopped"),
        pytest.param({"opted_out": frozenset({Scope.ERASED})}, [], id="erased"),
        pytest.param({"restricted": True}, [], id="restricted"),
    ],
)
def test_a_follow_up_is_planned_for_who_may_be_written_to(tmp_path: Path, contact: dict[str, object], ids: list[str]):
    business = opened(tmp_path, LATER)
    replies = automations.from_rules(business)(said("cake"), person(business, **contact)) or []
    assert [one.id for one in replies if isinstance(one, Later)] == ids
    assert [one.outside is not None for one in replies if isinstance(one, Reply)] == [True, False]


def test_a_follow_up_carries_its_time_its_purpose_and_its_template(tmp_path: Path):
    business = opened(tmp_path, LATER)
    actions = automations.from_rules(business)(said("cake"), person(business)) or []
    first = next(one for one in actions if isinstance(one, Later))
    assert (first.after, first.purpose, first.reply.purpose) == (
        timedelta(hours=25),
        Purpose.TRANSACTIONAL,
        Purpose.TRANSACTIONAL,
    )
    assert first.reply.outside == Template(name="order_update", values={"order": "Corner Shop"})
    assert isinstance(first.reply.message, Say)
    text = business.text(first.reply.message.text, "en", person(business).local_now)
    assert text == "Your order Corner Shop is ready."


def test_it_stays_quick_with_a_hundred_rules(tmp_path: Path):
    rules = "".join(f'[rule.r{n}]\nwords = ["word{n}", "two words{n}"]\nsay = "x"\n' for n in range(100))
    answer = automations.from_rules(business := opened(tmp_path, rules))
    event, contact = said("please tell me about two words77 as soon as you can"), person(business)
    assert rule_of(business, event) == "rule.r77"
    lapses = []
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(200):
            answer(event, contact)
        lapses.append((time.perf_counter() - begun) / 200)
    assert min(lapses) < 0.0005  # some 20 microseconds on an idle machine


def test_no_expression_takes_long(tmp_path: Path):
    business = opened(tmp_path, "[rule.trap]\npattern = '(?:a+)+b'\nsay = 'x'\n")
    answer, contact = automations.from_rules(business), person(business)
    begun = time.perf_counter()
    assert answer(said("a" * 4096), contact) is None
    assert time.perf_counter() - begun < 0.5


def test_a_word_of_which_nothing_is_left_starts_nothing(shop: Business):
    odd = replace(shop.rules[0], words={"en": ("🙂", "hi")})

    assert [found.rule for found in Matcher([odd]).find("🙂", "en")] == []
    assert [found.rule for found in Matcher([odd]).find("hi", "en")] == [odd]
