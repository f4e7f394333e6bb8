"""A form that is open: the person's message is the answer, unless it is about something else."""

from collections.abc import Sequence

from bot.config.content import Business, Form, Question, chosen
from bot.conversation.contact import ContactView
from bot.conversation.effects import Action
from bot.conversation.events import WINDOW_OPENERS, Event, Kind
from bot.conversation.forms import BACK, CANCEL, AskQuestion, CloseForm, FormView
from bot.conversation.handler import Handler
from bot.conversation.replies import Choice, Phrase, Reply, Say
from bot.conversation.text import normal
from handlers.answers import Given
from handlers.filling import Filling

PATIENCE = 3
"""After so many failed tries at a question a way out is offered."""
SAID = WINDOW_OPENERS - {Kind.CALL, Kind.WELCOME, Kind.STICKER}
"""Kinds of events that may be meant as an answer."""

_WAYS_OUT = (
    Choice(id=CANCEL, title=Phrase("button.cancel")),
    Choice(id="privacy:human", title=Phrase("button.human")),
)


def build(business: Business, rules: Handler) -> Handler:
    """Return the handler of forms; `rules` answers what is about something else."""
    return _Forms(business, rules)


class _Forms:
    def __init__(self, business: Business, rules: Handler) -> None:
        self._business = business
        self._rules = rules

    def __call__(self, event: Event, contact: ContactView, /) -> Sequence[Action] | None:
        """Take the message as the answer to the open question; without one, pass it on."""
        view = contact.form
        form = self._business.form(view.form) if view else None
        if view is None or form is None or event.kind not in SAID:
            return self._over(event, contact, None)
        if contact.local_now >= view.until:
            return self._over(event, contact, view)
        filling = Filling(self._business, form, contact, view.answers)
        question = form.question(view.question)
        if question is None or question not in form.asked(view.answers):
            # The file has changed: what was asked is asked no more.
            return list(filling.go_on())
        return self._answered(event, filling, question, view)

    def _answered(self, event: Event, filling: Filling, question: Question, view: FormView) -> Sequence[Action]:
        tapped = chosen(filling.form, event.choice)
        if tapped is not None:
            # Perhaps a button of an earlier question: she has changed her mind.
            return list(filling.keep(tapped[0], Given(tapped[1])))
        plain, words = normal(event.text), self._business.form_words
        if event.choice == CANCEL or plain in words.cancel:
            return _cancel(filling.form)
        if event.choice == BACK or plain in words.back:
            return _back(filling, question)
        read = filling.reader.read(question, event)
        if isinstance(read, Given):
            return list(filling.keep(question, read))
        return self._else(event, filling, question, view) or _again(filling, question, view, read)

    def _else(self, event: Event, filling: Filling, question: Question, view: FormView) -> Sequence[Action]:
        """Answer what is about something else, and ask again; nothing if no rule knows it."""
        actions = self._rules(event, filling.contact) or ()
        if not actions or any(isinstance(each, AskQuestion) for each in actions):
            return actions
        return [*actions, *filling.ask(question, tries=view.tries)]

    def _over(self, event: Event, contact: ContactView, view: FormView | None) -> Sequence[Action] | None:
        """Tell that a form is closed, to who answers it all the same; everything else is the rules' to answer."""
        id_ = view.form if view else event.choice.partition(":")[0]
        form = self._business.form(id_) if view or event.choice.count(":") > 1 else None
        if form is None or event.kind not in SAID or self._rules(event, contact) is not None:
            return None
        again = Choice(id=form.id, title=Phrase("button.again"))
        over = Reply(message=Say(text=Phrase("form.over"), choices=(again,)), rule=form.id)
        return [CloseForm(form=form.id, how="expired"), over] if view else [over]


def _cancel(form: Form) -> Sequence[Action]:
    say = Say(text=Phrase("form.cancelled"))
    return [CloseForm(form=form.id, how="cancelled"), Reply(message=say, rule=form.id)]


def _back(filling: Filling, question: Question) -> Sequence[Action]:
    before = filling.form.question_before(question.id, filling.answers)
    if before is None:
        return list(filling.ask(question, wrong=Phrase("form.first")))
    return list(filling.ask(before))


def _again(filling: Filling, question: Question, view: FormView, wrong: Phrase) -> Sequence[Action]:
    """Ask again, saying what is wanted; after some tries with a way out."""
    tries = view.tries + 1
    actions = list(filling.ask(question, tries=tries, wrong=wrong))
    if tries >= PATIENCE:
        actions.append(filling.says(Say(text=Phrase("form.stuck"), choices=_WAYS_OUT)))
    return actions
