"""The handlers one after the other: privacy, rules, media, fallback."""

from collections.abc import Sequence
from pathlib import Path

import pytest

import handlers
from bot.conversation.effects import Action, OptOut
from bot.conversation.events import Event, Kind
from bot.conversation.handler import first_answer
from bot.conversation.replies import Phrase, Reply, Say
from tests.handlers.shop import opened, person, said

RULES = """
[rule.menu]
words = "hi"
say = "Hello"
choices = [{ title = "Hours", go = "rule.hours" }]
[rule.hours]
words = "hours"
say = "x"
"""
OWN = '[fallback]\nsay = "Pardon?"\nchoices = [{ title = "Menu", go = "rule.menu" }]\n'


def answer(folder: Path, event: Event, rules: str = RULES) -> Sequence[Action]:
    business = opened(folder, rules)
    return first_answer(handlers.build(business), event, person(business))


def reply(folder: Path, event: Event, rules: str = RULES) -> Reply:
    [one] = answer(folder, event, rules)
    assert isinstance(one, Reply)
    return one


def test_a_privacy_word_goes_before_every_rule(tmp_path: Path):
    rules = f'{RULES}\n[rule.all]\npattern = "[a-z ]+"\nsay = "x"\n'
    assert isinstance(answer(tmp_path, said("STOP"), rules)[0], OptOut)
    assert reply(tmp_path, said("anything"), rules).rule == "rule.all"


def test_a_rule_goes_before_the_thanks_for_media(tmp_path: Path):
    assert reply(tmp_path, said("hours", kind=Kind.IMAGE)).rule == "rule.hours"


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.VIDEO, Kind.AUDIO, Kind.DOCUMENT])
def test_media_that_nobody_claims_are_thanked_for(tmp_path: Path, kind: Kind):
    thanks = reply(tmp_path, said("", kind=kind))
    assert (thanks.rule, thanks.message) == ("media", Say(text=Phrase("media.thanks")))


@pytest.mark.parametrize(
    "kind",
    [Kind.STICKER, Kind.REACTION, Kind.EDIT, Kind.REVOKE, Kind.PREFERENCE, Kind.IDENTITY, Kind.ECHO, Kind.CALL,
     Kind.WELCOME, Kind.UNSUPPORTED],
)  # fmt: skip
def test_what_asks_for_nothing_gets_nothing(tmp_path: Path, kind: Kind):
    assert list(answer(tmp_path, said("", kind=kind))) == []


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.TAP, Kind.LOCATION, Kind.CONTACTS, Kind.ORDER, Kind.FLOW])
def test_what_nobody_understands_gets_the_fallback(tmp_path: Path, kind: Kind):
    assert reply(tmp_path, said("mumble", kind=kind)).rule == "fallback"


def test_the_fallback_offers_the_menu(tmp_path: Path):
    message = reply(tmp_path, said("mumble")).message
    assert isinstance(message, Say)
    assert message.text == Phrase("fallback.sorry")
    assert [choice.id for choice in message.choices] == ["rule.hours"]


def test_without_a_menu_the_fallback_is_a_text(tmp_path: Path):
    rules = "[rule.menu]\nwords = 'hi'\nplace = { latitude = 1, longitude = 1 }\n"
    assert reply(tmp_path, said("mumble"), rules).message == Say(text=Phrase("fallback.sorry"))


def test_a_business_says_its_own_fallback(tmp_path: Path):
    message = reply(tmp_path, said("mumble"), OWN + RULES).message
    assert isinstance(message, Say)
    assert message.text == Phrase("fallback.say")
    assert [choice.id for choice in message.choices] == ["rule.menu"]


def test_the_same_event_gets_the_same_answer(tmp_path: Path):
    business = opened(tmp_path, RULES)
    built, contact = handlers.build(business), person(business)
    assert first_answer(built, said("hi"), contact) == first_answer(built, said("hi"), contact)
