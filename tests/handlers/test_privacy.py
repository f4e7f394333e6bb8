from dataclasses import replace

import pytest

from bot.conversation.contact import ContactView
from bot.conversation.effects import ChooseLanguage, HandOver, OptIn, OptOut, RequestErasure, RequestExport, TellStatus
from bot.conversation.replies import Phrase, Reply, Say
from bot.conversation.words import Command, Scope
from handlers import privacy
from tests.handlers.talk import (
    AT,
    BAKERY,
    ERASED,
    HANDED_OVER,
    HELPFUL,
    HELPLESS,
    NO_OFFERS,
    START,
    STOPPED,
    answer,
    choices,
    effects,
    spoken,
    tapped,
)


def test_stop_stops_everything_and_names_start() -> None:
    actions = answer("STOP")
    assert effects(actions) == [OptOut(Scope.ALL, "stop")]
    assert spoken(actions).text == Phrase("privacy.stopped")
    assert choices(spoken(actions)) == START


def test_stop_marketing_stops_marketing_only() -> None:
    actions = answer("stop marketing")
    assert effects(actions) == [OptOut(Scope.MARKETING, "stop_marketing")]
    assert spoken(actions).text == Phrase("privacy.stopped_marketing")
    assert choices(spoken(actions)) == START


def test_who_stopped_all_is_not_told_that_orders_still_come() -> None:
    actions = answer("stop marketing", STOPPED)
    assert effects(actions) == [OptOut(Scope.MARKETING, "stop_marketing")]
    assert spoken(actions).text == Phrase("privacy.stopped")


def test_a_second_stop_is_confirmed_again() -> None:
    assert answer("stop", STOPPED) == answer("stop")


def test_delete_my_data_acts_at_once_and_leaves_the_words_to_the_erasure() -> None:
    assert answer("DELETE MY DATA") == [RequestErasure()]


def test_my_data_asks_for_the_export() -> None:
    assert answer("my data") == [RequestExport()]


@pytest.mark.parametrize("contact", [STOPPED, NO_OFFERS, ERASED])
def test_start_lifts_what_stands(contact: ContactView) -> None:
    actions = answer("START", contact)
    assert effects(actions) == [OptIn("start")]
    assert spoken(actions).text == Phrase("privacy.started")


def test_start_with_nothing_to_lift_is_an_ordinary_word() -> None:
    assert answer("start") is None


def test_privacy_names_whom_to_ask() -> None:
    assert spoken(answer("privacy")).text == Phrase(
        "privacy.notice", {"contact": "Nila Shah, privacy@sunrise-bakery.example"}
    )


def test_help_is_the_businesss_own_first() -> None:
    assert answer("help", business=HELPFUL) is None
    assert spoken(answer("help", business=HELPLESS)).text == Phrase("privacy.help")


@pytest.mark.parametrize("contact", [HANDED_OVER, ERASED])
def test_help_is_ours_where_rules_are_silent(contact: ContactView) -> None:
    assert spoken(answer("help", contact, HELPFUL)).text == Phrase("privacy.help")


def test_human_hands_over_for_as_long_as_the_business_says() -> None:
    actions = answer("human")
    assert effects(actions) == [HandOver(HELPLESS.hand_over.lasts)]
    assert spoken(actions).text == Phrase("privacy.human_call", {"telephone": HELPLESS.telephone})


def test_human_names_no_telephone_where_there_is_none() -> None:
    assert spoken(answer("human", business=replace(HELPLESS, telephone=""))).text == Phrase("privacy.human")


@pytest.mark.parametrize("code", ["K7QF-2M9D", "k7qf2m9d", "ABCD-EFGH-JKLM"])
def test_status_tells_the_state_of_a_code(code: str) -> None:
    assert answer(f"status {code}") == [TellStatus(code.upper())]


@pytest.mark.parametrize("rest", ["", "order", "12345678", "deliveries", "of my order", "K7Q", "a_b_c_d_1_2"])
def test_what_is_no_code_is_an_ordinary_word(rest: str) -> None:
    assert answer(f"status {rest}") is None


@pytest.mark.parametrize("text", ["language gujarati", "LANGUAGE ગુજરાતી", "language gu", "ભાષા Gujarati"])
def test_language_is_chosen_by_name(text: str) -> None:
    actions = answer(text)
    assert effects(actions) == [ChooseLanguage("gu")]
    assert spoken(actions).text == Phrase("language.gu.chosen")


@pytest.mark.parametrize("text", ["language", "भाषा", "language russian"])
def test_languages_are_offered_where_none_is_named_or_it_is_not_spoken_here(text: str) -> None:
    say = spoken(answer(text))
    assert say.text == Phrase("privacy.languages")
    assert choices(say) == [(f"privacy:language:{code}", f"language.{code}.name") for code in ("en", "gu", "hi")]
    assert say.menu == Phrase("button.menu")


def test_a_list_holds_ten_languages_at_most() -> None:
    many = replace(HELPLESS, languages=tuple(f"x{letter}" for letter in "abcdefghijklm"))
    assert len(spoken(answer("language", business=many)).choices) == 10


@pytest.mark.parametrize("text", ["language school", "language barrier is hard"])
def test_language_followed_by_something_else_is_an_ordinary_word(text: str) -> None:
    assert answer(text) is None


def test_language_is_an_ordinary_word_where_there_is_only_one() -> None:
    assert answer("language", business=replace(HELPLESS, languages=("en",))) is None


@pytest.mark.parametrize("text", ["correct name Asha", "restrict", "resume", "object marketing", "why did I get this"])
def test_words_that_can_do_nothing_yet_are_ordinary(text: str) -> None:
    assert answer(text) is None


# --- What is said exists


@pytest.mark.parametrize("language", ["en", "hi", "gu", "es", "pt", "fr", "de", "ar", "ru", "zh"])
def test_every_phrase_exists_and_every_value_is_given(language: str) -> None:
    texts = ["privacy", "help", "start", "stop", "human", "language", "language gu", "leave me alone", "stop marketing"]
    computed = {"notice.link": "https://example.org/privacy/x"}
    for text in texts:
        for reply in answer(text, NO_OFFERS) or ():
            if isinstance(reply, Reply) and isinstance(reply.message, Say):
                say = reply.message
                phrases = [say.text, *(choice.title for choice in say.choices), *filter(None, [say.menu])]
                shown = [
                    BAKERY.text(replace(each, values={**computed, **each.values}), language, AT) for each in phrases
                ]
                assert [each for each in shown if "{" in each] == []


@pytest.mark.parametrize("command", list(Command))
def test_the_handler_answers_alike_every_time(command: Command) -> None:
    handler = privacy.build(HELPLESS)
    event = tapped(f"privacy:{command}")
    assert handler(event, STOPPED) == handler(event, STOPPED)
