"""From the table of a form to the form: texts become phrases, options become choices."""

from collections.abc import Iterator
from datetime import timedelta

from bot.config.content.build import Builder
from bot.config.content.forms import CHOICE, NO, YES, Bounds, Done, Form, Question, Reminder, choice_of
from bot.config.content.forms_tables import FormTable, QuestionTable, ReminderTable
from bot.config.content.models import Text
from bot.config.content.rules import Answer
from bot.conversation.replies import Choice, Phrase, Say, Template
from bot.conversation.words import Store

DONE = Phrase("form.done")
MENU = Phrase("button.menu")
BUTTONS = 3


def texts_of(table: FormTable, path: str) -> Iterator[tuple[str, Text]]:
    """Yield the inline texts of a form, each under the path at which a locale file would have it."""
    own = {"say": table.say, "done.say": table.done.say}
    own["done.later.say"] = table.done.later.say if table.done.later else None
    for name, question in table.ask.items():
        own |= {f"ask.{name}.say": question.say, f"ask.{name}.menu": question.menu}
        for count, option in enumerate(question.choices, 1):
            own[f"ask.{name}.choices.{count}"] = option.title
            own[f"ask.{name}.describe.{count}"] = option.describe
    yield from ((f"{path}.{key}", text) for key, text in own.items() if text is not None)


def form(builder: Builder, id_: str, table: FormTable) -> Form:
    """Build a form from its table."""
    path = f"form.{id_}"
    opening = f"{path}.say"
    return Form(
        start=builder.rule(path, table.start),
        questions=tuple(_question(builder, path, name, each) for name, each in table.ask.items()),
        done=_done(builder, table, f"{path}.done"),
        opening=Say(text=Phrase(opening)) if opening in builder.keys else None,
        keep=table.keep,
        lasts=table.lasts,
        store=Store(table.store),
    )


def _question(builder: Builder, form_path: str, name: str, table: QuestionTable) -> Question:
    path = f"{form_path}.ask.{name}"
    options = tuple(each.is_ for each in table.choices)
    choices = tuple(
        _choice(builder, path, count, choice_of(form_path, name, each.is_))
        for count, each in enumerate(table.choices, 1)
    )
    if table.takes == "yes_no":
        options = (YES, NO)
        choices = tuple(Choice(id=choice_of(form_path, name, each), title=Phrase(f"form.{each}")) for each in options)
    menu = Phrase(f"{path}.menu") if f"{path}.menu" in builder.keys else MENU if len(choices) > BUTTONS else None
    return Question(
        id=name,
        takes=CHOICE if table.choices else table.takes or "text",
        says=Say(text=Phrase(f"{path}.say"), choices=choices, menu=menu),
        options=options,
        bounds=Bounds(first=table.from_, last=table.to, least=table.min, most=table.max),
        given={question: frozenset(values) for question, values in table.if_.items()},
        unless={question: frozenset(values) for question, values in table.unless.items()},
    )


def _choice(builder: Builder, path: str, count: int, id_: str) -> Choice:
    describe = f"{path}.describe.{count}"
    description = Phrase(describe) if describe in builder.keys else None
    return Choice(id=id_, title=Phrase(f"{path}.choices.{count}"), description=description)


def _done(builder: Builder, table: FormTable, path: str) -> Done:
    said = Phrase(f"{path}.say") if f"{path}.say" in builder.keys else DONE
    return Done(
        message=Say(text=said),
        tells_staff=table.done.tell == "staff",
        later=_reminder(builder, table.done.later, f"{path}.later") if table.done.later else None,
        tag=table.done.tag,
    )


def _reminder(builder: Builder, table: ReminderTable, path: str) -> Reminder:
    said = f"{path}.say"
    outside = Template(name=table.template, values=table.with_) if table.template else None
    return Reminder(
        id=path,
        before=table.before.strip("{}"),
        lasts=timedelta(hours=table.hours) if table.before else table.after or timedelta(),
        answer=Answer(messages=(Say(text=Phrase(said)),) if said in builder.keys else (), outside=outside),
        purpose=table.purpose,
    )
