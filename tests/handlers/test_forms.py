"""A form under way: branches, back, cancel, other questions, time, changed files, its end; without a database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.config.content import Business
from bot.conversation.effects import Action, Later, OptOut
from bot.conversation.events import Event, Kind, Media
from bot.conversation.forms import AskQuestion, CloseForm, FormView, KeepAnswer, Tag, TellStaff
from bot.conversation.handler import first_answer
from bot.conversation.replies import Reply, Say
from handlers import build
from tests.handlers.shop import NOON, opened, person, said

RULES = """
[rule.menu]
words = "menu"
say = "Hello"
choices = [{ title = "Order", go = "form.cake" }, { title = "Hours", go = "rule.hours" }]
[rule.hours]
words = "hours"
say = "{hours.week}"
"""
CAKE = """
[form.cake]
words = "order cake"
say = "Let us begin."
lasts = "2 h"
ask.kind = { say = "Which?", choices = [{ is = "ready", title = "Ready" }, { is = "photo", title = "My photo" }] }
ask.photo = { say = "Send it", takes = "image", if.kind = "photo" }
ask.frame = { say = "A frame around it?", takes = "yes_no", unless.kind = "ready" }
ask.gold = { say = "Gold?", takes = "yes_no", if.frame = true }
ask.day = { say = "Which day?", takes = "date", from = "tomorrow" }
[form.cake.done]
say = "{kind}, {gold}, {day}"
tell = "staff"
tag = "baked"
later = { before = "{day}", hours = 18, template = "order_update", with = { order = "{day}" } }

[form.visit]
words = "how was it"
ask.why = { say = "Tell us" }
done = { tell = "staff" }
"""
PHOTO = Event(kind=Kind.IMAGE, at=NOON, media=Media(id="m1", mime_type="image/jpeg"))


@dataclass
class Talk:
    """A person and a business; what the handlers ask to keep is kept here."""

    business: Business
    now: datetime = NOON
    view: FormView | None = None
    kept: Mapping[str, frozenset[str]] = field(default_factory=dict)
    actions: Sequence[Action] = ()

    def says(self, what: Event | str) -> list[str]:
        """Let the person say something and return what is said to her, in the business's words."""
        contact = person(self.business, self.now, form=self.view)
        event = what if isinstance(what, Event) else said(what)
        self.actions = list(first_answer(build(self.business), event, contact))
        for action in self.actions:
            self._carry_out(action)
        says = [each.message for each in self.actions if isinstance(each, Reply)]
        return [self.business.text(each.text, "en", contact.local_now) for each in says if isinstance(each, Say)]

    def taps(self, choice: str) -> list[str]:
        return self.says(Event(kind=Kind.TAP, at=NOON, choice=choice, text="x"))

    def waits(self, how_long: timedelta) -> None:
        self.now += how_long

    def _carry_out(self, action: Action) -> None:
        match action:
            case AskQuestion():
                same = self.view is not None and self.view.form == action.form and self.now < self.view.until
                answers = self.view.answers if self.view and same else {}
                until = self.now + action.lasts
                self.view = FormView(
                    form=action.form, question=action.question, until=until, answers=answers, tries=action.tries
                )
            case KeepAnswer():
                assert self.view is not None
                self.view = replace(self.view, answers={**self.view.answers, action.question: action.value})
            case CloseForm():
                self.view = None
                self.kept = {**self.kept, action.how: action.answered}

    def did(self, kind: type[Action]) -> list[Action]:
        return [each for each in self.actions if isinstance(each, kind)]


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return Talk(opened(tmp_path, RULES, **{"forms.toml": CAKE}))


def test_a_form_goes_from_its_first_question_to_its_end(talk: Talk):
    assert talk.says("order cake") == ["Let us begin.", "Which?"]
    assert talk.taps("form.cake:kind:ready") == ["Which day?"]
    assert talk.says("friday") == ["Ready, –, Friday, 6 March 2026"]
    assert talk.view is None
    assert talk.kept == {"done": {"kind", "day"}}
    assert talk.did(TellStaff) == [TellStaff("form.cake")]
    assert talk.did(Tag) == [Tag("baked")]


def test_it_reminds_so_long_before_the_day_and_not_when_that_is_over(talk: Talk):
    talk.says("order cake")
    talk.taps("form.cake:kind:ready")
    talk.says("friday")

    [later] = talk.did(Later)
    assert isinstance(later, Later)
    assert talk.now + later.after == datetime.fromisoformat("2026-03-05T06:00:00+05:30")
    assert later.stays
    assert later.reply.outside is not None
    assert later.reply.outside.values == {"order": "Friday, 6 March 2026"}

    talk.says("order cake")
    talk.taps("form.cake:kind:ready")
    talk.says("tomorrow")
    assert talk.did(Later) == []


def test_a_choice_leads_there(talk: Talk):
    assert talk.taps("form.cake") == ["Let us begin.", "Which?"]


def test_branches_hang_on_branches(talk: Talk):
    talk.says("order cake")
    assert talk.says("my photo") == ["Send it"]
    assert talk.says(PHOTO) == ["A frame around it?"]
    assert talk.says("yes") == ["Gold?"]
    assert talk.says("no") == ["Which day?"]


def test_back_asks_the_question_before_and_another_answer_leaves_what_hung_on_the_first(talk: Talk):
    talk.says("order cake")
    talk.says("my photo")
    talk.says(PHOTO)
    assert talk.says("back") == ["Send it"]
    assert talk.says("BACK!") == ["Which?"]
    assert talk.says("back") == ["This is the first question.", "Which?"]
    assert talk.taps("form.cake:kind:ready") == ["Which day?"]
    talk.says("friday")
    assert talk.kept["done"] == {"kind", "day"}


def test_a_button_of_an_earlier_question_changes_that_answer(talk: Talk):
    talk.says("order cake")
    talk.says("my photo")
    assert talk.taps("form.cake:kind:ready") == ["Which day?"]


@pytest.mark.parametrize("word", ["cancel", "CANCEL", "End", "quit", "never mind", "abbrechen", "રદ કરો", "取消"])
def test_words_that_cancel_end_the_form_and_keep_nothing(talk: Talk, word: str):
    talk.says("order cake")
    assert talk.says(word) == ["Cancelled. Your answers are deleted."]
    assert talk.view is None
    assert talk.kept == {"cancelled": frozenset()}


def test_outside_a_form_cancel_is_what_it_always_was(talk: Talk):
    talk.says("cancel")
    assert [each.scope for each in talk.actions if isinstance(each, OptOut)] == ["marketing"]


def test_stop_stops_and_ends_the_form(talk: Talk):
    talk.says("order cake")
    talk.says("STOP")
    assert [each.scope for each in talk.actions if isinstance(each, OptOut)] == ["all"]
    assert talk.view is None


@pytest.mark.parametrize("word", ["HELP", "PRIVACY", "HUMAN", "MY DATA"])
def test_privacy_words_act_as_always_and_the_form_stays(talk: Talk, word: str):
    talk.says("order cake")
    opened_form = talk.view
    talk.says(word)
    assert talk.actions
    assert talk.view == opened_form


@pytest.mark.parametrize("what", ["hours", "what are your hours?", Event(kind=Kind.TAP, at=NOON, choice="rule.hours")])
def test_something_else_is_answered_and_the_question_asked_again(talk: Talk, what: Event | str):
    talk.says("order cake")
    answer = talk.says(what)
    assert answer[0].startswith("Mon")
    assert answer[1:] == ["Which?"]
    assert talk.view is not None
    assert talk.view.tries == 0


def test_what_is_no_answer_is_asked_again_and_after_three_tries_there_is_a_way_out(talk: Talk):
    talk.says("order cake")
    again = ["Please tap one of the choices.", "Which?"]
    assert talk.says("hm") == again
    assert talk.says("hm") == again
    assert talk.says("hm") == [*again, "Shall we leave it? Send BACK for the question before."]
    ways = talk.did(Reply)[-1]
    assert isinstance(ways, Reply)
    assert isinstance(ways.message, Say)
    assert [each.id for each in ways.message.choices] == ["form:cancel", "privacy:human"]
    assert talk.taps("form:cancel") == ["Cancelled. Your answers are deleted."]


def test_an_answer_sets_the_tries_back(talk: Talk):
    talk.says("order cake")
    talk.says("hm")
    talk.says("ready")
    assert talk.view is not None
    assert talk.view.tries == 0


def test_a_form_that_has_lapsed_is_told_and_can_begin_anew(talk: Talk):
    talk.says("order cake")
    talk.waits(timedelta(hours=2))
    assert talk.says("ready") == ["This form is no longer open."]
    assert talk.kept == {"expired": frozenset()}
    assert talk.taps("form.cake") == ["Let us begin.", "Which?"]


def test_after_a_lapse_rules_answer_as_ever(talk: Talk):
    talk.says("order cake")
    talk.waits(timedelta(hours=3))
    assert talk.says("hours")[0].startswith("Mon")
    assert len(talk.did(Reply)) == 1


def test_a_button_of_a_form_that_is_over_opens_nothing(talk: Talk):
    assert talk.taps("form.cake:kind:ready") == ["This form is no longer open."]
    assert talk.view is None


def test_opening_it_again_goes_on_where_it_was(talk: Talk):
    talk.says("order cake")
    talk.says("ready")
    assert talk.taps("form.cake") == ["Which day?"]


def test_another_form_takes_its_place(talk: Talk):
    talk.says("order cake")
    talk.says("ready")
    assert talk.says("how was it") == ["Tell us"]
    assert talk.view is not None
    assert (talk.view.form, talk.view.answers) == ("form.visit", {})
    assert talk.says("Fine: hours and all") == ["Thank you, we have got it."]


@pytest.mark.parametrize("kind", [Kind.REACTION, Kind.EDIT, Kind.ECHO])
def test_what_asks_for_nothing_is_no_failed_try(talk: Talk, kind: Kind):
    talk.says("order cake")
    assert talk.says(Event(kind=kind, at=NOON, value="x")) == []


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        pytest.param('ask.day = { say = "Which day?"', 'ask.date = { say = "When?"', "When?", id="a question renamed"),
        pytest.param('"ready"', '"made"', "Which?", id="a choice that is gone"),
    ],
)
def test_a_changed_file_asks_on_where_it_can(talk: Talk, tmp_path: Path, old: str, new: str, asked: str):
    talk.says("order cake")
    talk.says("ready")
    changed = CAKE.replace(old, new).replace("{day}", "{date}" if asked == "When?" else "{day}")
    talk.business = opened(tmp_path, RULES, **{"forms.toml": changed})
    assert talk.says("friday")[-1] == asked


def test_a_form_that_is_gone_from_the_files_is_forgotten(talk: Talk, tmp_path: Path):
    talk.says("order cake")
    talk.business = opened(
        tmp_path, RULES.replace("form.cake", "form.pie"), **{"forms.toml": CAKE.replace("form.cake", "form.pie")}
    )
    assert talk.says("hours")[0].startswith("Mon")


def test_a_form_may_end_with_a_word_and_remind_later_or_not_at_all(tmp_path: Path):
    plain = """
    [form.call]
    words = "call me"
    ask.soon = { say = "Today?", takes = "yes_no" }
    ask.day = { say = "Which day?", takes = "date", unless.soon = true }
    [form.call.done]
    say = "Noted"
    later = { LATER, template = "order_update", with = { order = "1" } }
    """
    rules = '[rule.hours]\nwords = "hours"\nsay = "{hours.week}"\n'
    after = Talk(opened(tmp_path / "after", rules, **{"forms.toml": plain.replace("LATER", 'after = "2 h"')}))
    before = Talk(
        opened(tmp_path / "before", rules, **{"forms.toml": plain.replace("LATER", 'before = "{day}", hours = 1')})
    )
    for talk in (after, before):
        talk.says("call me")
        assert talk.says("yes") == ["Noted"]
        assert talk.did(TellStaff) == talk.did(Tag) == []
        talk.actions = [each for each in talk.actions if isinstance(each, Later)]

    assert [later.after for later in after.actions if isinstance(later, Later)] == [timedelta(hours=2)]
    assert before.actions == [], "the day was not asked for"
