"""A form under way: which question comes, what is said when all is answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.config.content import Business, Form, Question, Reminder
from bot.conversation.contact import ContactView
from bot.conversation.effects import Action, Later
from bot.conversation.forms import AskQuestion, CloseForm, KeepAnswer, Tag, TellStaff
from bot.conversation.replies import Message, Phrase, Reply, Say
from bot.conversation.words import Purpose
from handlers.answers import Given, Reader
from handlers.phrasing import template_with, unwanted, with_values

NOT_ASKED = "–"
"""Shown for a question that was not asked."""


@dataclass(frozen=True, slots=True)
class Filling:
    """A form with the answers that a person has given so far."""

    business: Business
    form: Form
    contact: ContactView
    answers: Mapping[str, str]

    @property
    def reader(self) -> Reader:
        """Who reads this person's answers."""
        return Reader(self.business, self.contact)

    def keep(self, question: Question, given: Given) -> Iterator[Action]:
        """Yield the answer to keep and what comes next."""
        yield KeepAnswer(
            form=self.form.id, question=question.id, value=given.value, keep=self.form.keep, media=given.media
        )
        yield from replace(self, answers={**self.answers, question.id: given.value}).go_on()

    def go_on(self) -> Iterator[Action]:
        """Yield the next question, or the end."""
        question = self.form.open_question(self.answers)
        yield from self._done() if question is None else self.ask(question)

    def ask(self, question: Question, *, tries: int = 0, wrong: Phrase | None = None) -> Iterator[Action]:
        """Yield the question, behind what was wrong with the last answer."""
        yield AskQuestion(form=self.form.id, question=question.id, lasts=self.form.lasts, tries=tries)
        if wrong is not None:
            yield self.says(Say(text=wrong))
        yield self.says(with_values(question.says, self.shown()))

    def says(self, message: Message) -> Reply:
        """Return a message of the form."""
        return Reply(message=message, rule=self.form.id, store=self.form.store)

    def shown(self) -> Mapping[str, str]:
        """Return the answers as people read them, by question id."""
        counted, reader = self.form.counted(self.answers), self.reader
        return {
            each.id: reader.shown(each, counted[each.id]) if each.id in counted else NOT_ASKED
            for each in self.form.questions
        }

    def _done(self) -> Iterator[Action]:
        done, values = self.form.done, self.shown()
        answered = frozenset(self.form.counted(self.answers))
        yield CloseForm(form=self.form.id, how="done", answered=answered)
        yield self.says(with_values(done.message, values))
        if done.tells_staff:
            yield TellStaff(self.form.id)
        if done.tag:
            yield Tag(done.tag)
        if done.later is not None and not unwanted(done.later.purpose, self.contact):
            yield from self._later(done.later, values)

    def _later(self, reminder: Reminder, values: Mapping[str, str]) -> Iterator[Action]:
        after = self._wait(reminder)
        if after is None or after <= timedelta(0):
            return
        known = self.business.values(self.contact.language, self.contact.local_now, _one_line(values))
        for message in reminder.answer.messages:
            reply = Reply(
                message=with_values(message, values),
                rule=self.form.id,
                purpose=reminder.purpose,
                outside=template_with(reminder.answer.outside, known),
            )
            yield Later(id=reminder.id, after=after, reply=reply, purpose=reminder.purpose, stays=_stays(reminder))

    def _wait(self, reminder: Reminder) -> timedelta | None:
        """Return how long it is until the reminder; None if the day was not asked for."""
        if not reminder.before:
            return reminder.lasts
        named = self.form.counted(self.answers).get(reminder.before)
        if named is None:
            return None
        midnight = datetime.combine(date.fromisoformat(named), time.min, tzinfo=self.business.zone)
        return midnight.astimezone(UTC) - reminder.lasts - self.contact.local_now.astimezone(UTC)


def opening(business: Business, form: Form, contact: ContactView) -> Iterator[Action]:
    """Yield the beginning of a form; one that is open goes on where it was."""
    view = contact.form
    if view is not None and view.form == form.id and contact.local_now < view.until:
        yield from Filling(business, form, contact, view.answers).go_on()
        return
    new = Filling(business, form, contact, {})
    begun = list(new.go_on())
    yield from begun[:1]
    if form.opening is not None:
        yield new.says(form.opening)
    yield from begun[1:]


def _stays(reminder: Reminder) -> bool:
    """Tell whether it is of use even when the person has written meanwhile: it is about what was agreed."""
    return reminder.purpose is Purpose.TRANSACTIONAL


def _one_line(values: Mapping[str, str]) -> Mapping[str, str]:
    """Return the values as a template takes them: without line breaks and runs of spaces."""
    return {name: " ".join(value.split()) for name, value in values.items()}
