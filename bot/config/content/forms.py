"""The forms of a business, as values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from bot.config.content.rules import Answer, Rule
from bot.conversation.replies import Choice, Message, Say
from bot.conversation.words import Purpose, Store

Takes = Literal["text", "number", "date", "phone", "email", "place", "image", "document", "yes_no"]
"""Kinds of answers that are not chosen from a list."""

Kind = Takes | Literal["choice"]
CHOICE: Literal["choice"] = "choice"
YES, NO = "yes", "no"

Day = date | int
"""A day, or so many days from today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """From when to when, how little and how much (of a text: characters); None = no bound."""

    first: Day | None = None
    last: Day | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, what answers it, and when it is asked at all.

    `options` are the values behind the choices, in their order. `given` and `unless` hold, by earlier question, the
    answers that are wanted and those that are not.
    """

    id: str
    takes: Kind
    says: Say
    options: tuple[str, ...] = ()
    bounds: Bounds = field(default_factory=Bounds)
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unless: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def applies(self, answers: Mapping[str, str]) -> bool:
        """Tell whether it is to be asked after these answers."""
        wanted = all(answers.get(question) in values for question, values in self.given.items())
        return wanted and not any(answers.get(question) in values for question, values in self.unless.items())

    @property
    def titles(self) -> Mapping[str, Choice]:
        """The choices by the option behind each."""
        return dict(zip(self.options, self.says.choices, strict=True))

    def knows(self, value: str) -> bool:
        """Tell whether a kept answer still is one: choices may have changed since."""
        return value in self.options if self.options else True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What is said some time after the form, or so long before the day that a question asked for."""

    id: str
    before: str
    lasts: timedelta
    answer: Answer
    purpose: Purpose = Purpose.TRANSACTIONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What happens when all is answered."""

    message: Message
    tells_staff: bool = False
    later: Reminder | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Questions in their order. `start` is the rule that opens the form; it says nothing itself."""

    start: Rule
    questions: tuple[Question, ...]
    done: Done
    opening: Message | None = None
    keep: str
    lasts: timedelta
    store: Store = Store.KEEP

    @property
    def id(self) -> str:
        """Return `form.<name>`."""
        return self.start.id

    def question(self, id_: str) -> Question | None:
        """Return a question by its id; a changed file may not have it any more."""
        return next((each for each in self.questions if each.id == id_), None)

    def asked(self, answers: Mapping[str, str]) -> Iterable[Question]:
        """Yield the questions that are asked after these answers, answered or not, in their order.

        An answer counts only if its own question is asked: what hangs on one that is not any more is not either.
        """
        counted: dict[str, str] = {}
        for question in self.questions:
            if question.applies(counted):
                yield question
                value = answers.get(question.id)
                if value is not None and question.knows(value):
                    counted[question.id] = value

    def counted(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Return the answers that count."""
        return {
            each.id: answers[each.id]
            for each in self.asked(answers)
            if each.id in answers and each.knows(answers[each.id])
        }

    def open_question(self, answers: Mapping[str, str]) -> Question | None:
        """Return the first question that waits for an answer; None when all is answered."""
        counted = self.counted(answers)
        return next((each for each in self.asked(answers) if each.id not in counted), None)

    def question_before(self, id_: str, answers: Mapping[str, str]) -> Question | None:
        """Return the question that was asked before this one, if it is not the first."""
        ids = [each.id for each in self.asked(answers)]
        at = ids.index(id_) if id_ in ids else 0
        return self.question(ids[at - 1]) if at else None


def choice_of(form: str, question: str, option: str) -> str:
    """Return the id behind a choice of a question."""
    return f"{form}:{question}:{option}"


def chosen(form: Form, choice: str) -> tuple[Question, str] | None:
    """Return the question and the option behind what was tapped, if it is a choice of this form."""
    name, _, rest = choice.partition(":")
    question, _, option = rest.partition(":")
    found = form.question(question) if name == form.id else None
    return (found, option) if found is not None and option in found.options else None
