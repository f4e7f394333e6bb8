from dataclasses import replace
from datetime import timedelta

import pytest

from bot.config.content import Rule
from bot.conversation.contact import ContactView
from bot.conversation.effects import (
    Action,
    Ask,
    ChooseLanguage,
    HandOver,
    OptIn,
    OptOut,
    RequestErasure,
    RequestExport,
    TellStatus,
)
from bot.conversation.events import MEDIA, Event, Kind
from bot.conversation.replies import Phrase
from bot.conversation.words import Scope
from tests.handlers.talk import (
    ASKED,
    AT,
    ERASED,
    HANDED_OVER,
    HELPLESS,
    NOBODY,
    START,
    STOPPED,
    answer,
    choices,
    effects,
    said,
    spoken,
    tapped,
)

# --- Near phrases


def test_a_near_phrase_holds_marketing_and_asks() -> None:
    actions = answer("please remove me from this")
    assert effects(actions) == [OptOut(Scope.MARKETING, "near"), Ask("privacy.near")]
    assert spoken(actions).text == Phrase("privacy.near")
    assert choices(spoken(actions)) == [("privacy:stop", "button.stop"), ("privacy:delete", "button.delete")]


@pytest.mark.parametrize("given", ["1", " 1. ", "૧", "1️⃣", "STOP"])
def test_the_first_choice_stops_and_the_question_is_forgotten(given: str) -> None:
    assert effects(answer(given, ASKED)) == [OptOut(Scope.ALL, "stop"), Ask("")]


@pytest.mark.parametrize("given", ["2", "२", "delete my data"])
def test_the_second_choice_erases_and_the_question_is_forgotten(given: str) -> None:
    assert effects(answer(given, ASKED)) == [RequestErasure(), Ask("")]


@pytest.mark.parametrize(("text", "contact"), [("1", NOBODY), ("2", NOBODY), ("3", ASKED), ("12", ASKED)])
def test_a_number_is_an_answer_only_to_the_question(text: str, contact: ContactView) -> None:
    assert answer(text, contact) is None


@pytest.mark.parametrize("text", ["Can you stop the pain?", "no onions", "are you closed?", "બંધ?", "hi", "", "🙂"])
def test_ordinary_talk_passes_on(text: str) -> None:
    assert answer(text) is None


def test_a_word_of_the_businesss_own_rules_means_that_rule() -> None:
    own = replace(HELPLESS, rules=(*HELPLESS.rules, Rule(id="rule.cancel", words={"en": ("Cancel",)})))
    assert answer("cancel", business=own) is None
    assert effects(answer("cancel"))[0] == OptOut(Scope.MARKETING, "near")


def test_while_a_person_has_the_chat_a_near_phrase_holds_in_silence() -> None:
    assert answer("leave me alone", HANDED_OVER) == [OptOut(Scope.MARKETING, "near")]


def test_a_title_that_is_tapped_is_never_near() -> None:
    assert answer(tapped("rule.cancel", "Cancel")) is None


# --- The ways in which a word comes


@pytest.mark.parametrize(
    "event",
    [
        *(pytest.param(said("Stop!", kind), id=f"caption of {kind}") for kind in sorted(MEDIA)),
        pytest.param(tapped("rule.bye", "STOP"), id="the title of a button"),
        pytest.param(tapped("privacy:stop", "Stop messages"), id="our button"),
        pytest.param(tapped("privacy:stop"), id="our list row, without its title"),
        pytest.param(said("🛑 ＳＴＯＰ 🛑"), id="emoji and full width"),
        pytest.param(said("s\u200bt\u200do\ufeffp"), id="zero-width joiners"),
        pytest.param(said("band karo"), id="romanised Hindi"),
        pytest.param(said("إيقاف"), id="Arabic"),
        pytest.param(said("STOP", quoted=True), id="in reply to a message"),
    ],
)
@pytest.mark.parametrize("contact", [NOBODY, HANDED_OVER], ids=["alone", "handed over"])
def test_stop_acts_however_it_comes(event: Event, contact: ContactView) -> None:
    assert effects(answer(event, contact)) == [OptOut(Scope.ALL, "stop")]


TAPS = {
    "privacy:delete": [RequestErasure()],
    "privacy:export": [RequestExport()],
    "privacy:stop_marketing": [OptOut(Scope.MARKETING, "stop_marketing")],
    "privacy:language:hi": [ChooseLanguage("hi")],
    "privacy:human": [HandOver(timedelta(hours=12))],
}


@pytest.mark.parametrize(("choice", "expected"), TAPS.items(), ids=TAPS.keys())
def test_a_choice_of_ours_acts_as_its_command(choice: str, expected: list[Action]) -> None:
    assert effects(answer(tapped(choice, "whatever it says"))) == expected


def test_a_choice_of_ours_that_no_longer_exists_passes_on() -> None:
    assert answer(tapped("privacy:gone", "STOP")) is None


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(said("STOP", forwarded=True), id="a forwarded message"),
        pytest.param(said("leave me alone", forwarded=True), id="a forwarded near phrase"),
        pytest.param(said("DELETE MY DATA", Kind.IMAGE, forwarded=True), id="a forwarded caption"),
        pytest.param(said("STOP", Kind.ECHO), id="an echo of the business's phone"),
        pytest.param(said("STOP", Kind.CONTACTS), id="a contact card"),
        pytest.param(said("stop", Kind.REACTION), id="a reaction"),
        pytest.param(said("privacy:stop"), id="the id of a choice, typed"),
        pytest.param(Event(kind=Kind.STICKER, at=AT), id="a sticker"),
    ],
)
def test_words_that_are_not_the_persons_own_never_act(event: Event) -> None:
    assert answer(event) is None


@pytest.mark.parametrize("text", ["hi", "what are your hours?", "start"])
def test_the_bot_is_silent_while_a_person_has_the_chat(text: str) -> None:
    assert answer(text, HANDED_OVER) == []


# --- After an erasure


AFTER = {
    "DELETE MY DATA": [RequestErasure()],
    "MY DATA": [RequestExport()],
    "STATUS K7QF-2M9D": [TellStatus("K7QF-2M9D")],
    "PRIVACY": [],
    "HELP": [],
    "START": [OptIn("start")],
    "STOP": [],
    "STOP MARKETING": [],
}


@pytest.mark.parametrize(("text", "expected"), AFTER.items(), ids=AFTER.keys())
def test_after_an_erasure_these_words_work(text: str, expected: list[Action]) -> None:
    actions = answer(text, ERASED)
    assert actions
    assert effects(actions) == expected


def test_stop_after_an_erasure_says_how_things_are_and_weakens_nothing() -> None:
    say = spoken(answer("stop", ERASED))
    assert say.text == Phrase("rights.erased_notice", {"telephone": HELPLESS.telephone})
    assert choices(say) == START
    assert spoken(answer("stop", ERASED, replace(HELPLESS, telephone=""))).text == Phrase("rights.erased_notice_brief")


@pytest.mark.parametrize(
    "text", ["hi", "human", "language hindi", "language", "leave me alone", "status", "why did i get this", ""]
)
def test_after_an_erasure_anything_else_is_silence(text: str) -> None:
    assert answer(text, ERASED) == []


# --- WhatsApp's own switch


def test_whatsapps_own_switch_stops_marketing_silently() -> None:
    assert answer(Event(kind=Kind.PREFERENCE, at=AT, value="stop")) == [OptOut(Scope.MARKETING, "preference")]


@pytest.mark.parametrize("value", ["resume", "signup"])
def test_a_resume_at_whatsapp_undoes_nothing_said_here(value: str) -> None:
    assert answer(Event(kind=Kind.PREFERENCE, at=AT, value=value), STOPPED) is None
