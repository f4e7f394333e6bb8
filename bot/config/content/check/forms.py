"""Forms: questions that can be asked and answered, an end that is reached, data that has a period."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.config.content.check import limits
from bot.config.content.check.draft import Draft
from bot.config.content.forms import Bounds, Day, Form, Question
from bot.config.content.forms_tables import FormTable, QuestionTable, ReminderTable
from bot.config.faults import Fault, nearest
from bot.config.policy import STAND_IN
from bot.conversation.words import Purpose

LONGEST = timedelta(days=30)
DAYS_OF = frozenset({"date"})
AMOUNTS_OF = frozenset({"number", "text"})
PURPOSES = frozenset({Purpose.REPLY, Purpose.TRANSACTIONAL, Purpose.MARKETING})
_SOME_DAY = date(2026, 1, 1)


def check(draft: Draft) -> Iterator[Fault]:
    """Yield what is wrong with the forms of a business."""
    for form in draft.business.forms:
        table = draft.tables.forms[form.id.removeprefix("form.")]
        yield from _keep(draft, form)
        if not timedelta(0) < form.lasts <= LONGEST:
            yield draft.fault(f"{form.id}.lasts", "must be more than nothing and at most 30 days", 'write "24 h"')
        for name, question in table.ask.items():
            yield from _question(draft, form, name, question)
        yield from _done(draft, form, table)


def _keep(draft: Draft, form: Form) -> Iterator[Fault]:
    policy = draft.business.policy
    if policy is STAND_IN:
        return
    if form.keep not in policy.retention:
        remedy = f'add {form.keep} = {{ days = 90, en = "..." }} below [retention] in privacy.toml'
        yield draft.fault(f"{form.id}.keep", f"privacy.toml has no period for {form.keep!r}", remedy)
    for language in draft.business.languages:
        if form.keep in policy.retention and not draft.business.catalogue.has(f"data.{form.keep}", language):
            remedy = f"add {language} to retention.{form.keep} in privacy.toml: the notice says it"
            yield draft.fault(f"{form.id}.keep", f"{form.keep!r} has no name in {language!r}", remedy)


def _question(draft: Draft, form: Form, name: str, table: QuestionTable) -> Iterator[Fault]:
    path = f"{form.id}.ask.{name}"
    if table.choices and table.takes:
        yield draft.fault(path, "has choices and takes something else", "keep one of the two")
    options = [each.is_ for each in table.choices]
    for option in sorted({each for each in options if options.count(each) > 1}):
        yield draft.fault(f"{path}.choices", f"two choices are {option!r}", "give each its own `is`")
    if len(options) > limits.ROWS:
        remedy = f"keep the {limits.ROWS} that matter, or ask twice"
        yield draft.fault(f"{path}.choices", f"has {len(options)} choices; a list holds {limits.ROWS}", remedy)
    question = form.question(name)
    if question is not None:
        yield from _bounds(draft, path, table, question)
        yield from _conditions(draft, form, path, table)


def _bounds(draft: Draft, path: str, table: QuestionTable, question: Question) -> Iterator[Fault]:
    for key, bound, kinds in (
        ("from", table.from_, DAYS_OF),
        ("to", table.to, DAYS_OF),
        ("min", table.min, AMOUNTS_OF),
        ("max", table.max, AMOUNTS_OF),
    ):
        if bound is not None and question.takes not in kinds:
            remedy = f"take it out, or ask for a {' or a '.join(sorted(kinds))}"
            yield draft.fault(f"{path}.{key}", f"bounds no answer that is a {question.takes}", remedy)
    if _crossed(question.bounds):
        yield draft.fault(path, "no answer lies between its bounds", "let the first be smaller than the second")


def _crossed(bounds: Bounds) -> bool:
    amounts = bounds.least is not None and bounds.most is not None and bounds.least > bounds.most
    same_kind = type(bounds.first) is type(bounds.last)
    return amounts or (
        same_kind and bounds.first is not None and bounds.last is not None and _at(bounds.first) > _at(bounds.last)
    )


def _at(day: Day) -> date:
    return _SOME_DAY + timedelta(days=day) if isinstance(day, int) else day


def _conditions(draft: Draft, form: Form, path: str, table: QuestionTable) -> Iterator[Fault]:
    """Demand that conditions look back, at a question with answers to choose from."""
    ids = [each.id for each in form.questions]
    here = path.rpartition(".")[2]
    for name, conditions in (("if", table.if_), ("unless", table.unless)):
        for asked, values in conditions.items():
            key, earlier = f"{path}.{name}.{asked}", form.question(asked)
            if earlier is None:
                yield draft.fault(key, f"there is no question {asked!r}", nearest(asked, ids[: ids.index(here)]))
            elif ids.index(asked) >= ids.index(here):
                wrong = "asks about itself" if asked == here else f"{asked!r} comes after it: a circle"
                yield draft.fault(key, wrong, "ask about a question that stands before this one")
            elif not earlier.options:
                yield draft.fault(key, f"{asked!r} has no choices to compare with", 'use choices or takes = "yes_no"')
            else:
                for value in sorted(set(values) - set(earlier.options)):
                    yield draft.fault(key, f"{value!r} is no choice of {asked!r}", nearest(value, earlier.options))


def _done(draft: Draft, form: Form, table: FormTable) -> Iterator[Fault]:
    done = table.done
    if not (done.tell or done.later or done.tag or f"{form.id}.done.say" in draft.keys):
        remedy = 'write done = { tell = "staff" }, or say, later or tag'
        yield draft.fault(f"{form.id}.done", "nothing comes of it", remedy)
    if done.later is not None:
        yield from _later(draft, form, done.later)


def _later(draft: Draft, form: Form, later: ReminderTable) -> Iterator[Fault]:
    path = f"{form.id}.done.later"
    if bool(later.before) == (later.after is not None):
        yield draft.fault(path, "needs before or after, one of them", 'write before = "{day}", hours = 18')
    days = [each.id for each in form.questions if each.takes == "date"]
    asked = later.before.strip("{}")
    if later.before and asked not in days:
        yield draft.fault(f"{path}.before", f"{later.before} is no question for a date", nearest(asked, days))
    if later.hours and not later.before:
        yield draft.fault(f"{path}.hours", "counts back from a day, and there is no before", 'add before = "{day}"')
    if later.with_ and not later.template:
        yield draft.fault(f"{path}.with", "fills a template, and there is none", 'add template = "..."')
    if not later.template and (later.before or (later.after or timedelta()) >= timedelta(days=1)):
        yield draft.fault(f"{path}.template", "is missing: the window may be closed by then", 'add template = "..."')
    if later.purpose not in PURPOSES:
        yield draft.fault(f"{path}.purpose", f"{later.purpose!r} is no purpose of a follow-up", nearest("", PURPOSES))
