"""A business before it is checked: its tables beside what was built from them."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.config.catalogue import Catalogue
from bot.config.content.business import Business
from bot.config.content.forms import Form
from bot.config.content.models import Body
from bot.config.content.rules import EVERY_LANGUAGE, Answer, Rule
from bot.config.content.tables import Tables
from bot.config.faults import Fault


@dataclass(frozen=True, slots=True)
class Spoken:
    """An answer, where it stands, and the rule that gives it (None: the fallback, a form)."""

    path: str
    answer: Answer
    rule: Rule | None
    values: frozenset[str] = frozenset()
    """Values that are there besides: answers to the questions of a form."""

    @property
    def outside(self) -> str:
        """Where the template stands: in its own table, in a form beside the rest."""
        return self.path if self.path.startswith("form.") else f"{self.path}.outside"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the checks look at."""

    tables: Tables
    business: Business
    keys: frozenset[str]
    """The keys of all texts."""
    shipped: frozenset[str]
    """The keys of the program's own sentences, which a business may say its way."""
    targets: frozenset[str]
    """Where choices lead."""
    plain: frozenset[str]
    """The keys of texts that serve all languages."""

    @classmethod
    def of(cls, tables: Tables, business: Business, sentences: Catalogue) -> "Draft":
        """Look once at what several checks ask for."""
        bodies = (body for _, body in bodies_of(tables))
        return cls(
            tables,
            business,
            keys=business.catalogue.keys(),
            shipped=sentences.keys(),
            targets=frozenset(choice.go for body in bodies for choice in body.choices),
            plain=frozenset(key for key, texts in tables.texts() if EVERY_LANGUAGE in texts),
        )

    def fault(self, key: str, wrong: str, right: str) -> Fault:
        """Return a fault at a key of the business's own files."""
        return Fault(self.tables.source.file(key), key, wrong, right)

    def text_fault(self, key: str, language: str, wrong: str, right: str) -> Fault:
        """Return a fault of a text, in the file where it stands: beside the rule or in a locale file."""
        source = self.tables.source
        if file := source.locales.get(language, {}).get(key):
            return Fault(file, key, wrong, right)
        if key in self.plain:
            return self.fault(key, wrong, right)
        return self.fault(f"{key}.{language}", wrong, right)

    def languages(self, key: str) -> frozenset[str]:
        """Return the languages that may stand at a key: the business's, and in a base those of the base."""
        source = self.tables.source
        return frozenset(self.business.languages) | (frozenset() if source.owns(key) else source.spare)

    def spoken(self) -> Iterator[Spoken]:
        """Yield every answer of the business."""
        for rule in self.business.rules:
            yield Spoken(rule.id, rule.answer, rule)
            for count, case in enumerate(rule.cases, 1):
                yield Spoken(f"{rule.id}.case.{count}", case.answer, rule)
            for later in rule.later:
                yield Spoken(later.id, later.answer, rule)
        for form in self.business.forms:
            yield from _of_form(form)
        if self.business.fallback is not None:
            yield Spoken("fallback", self.business.fallback, None)

    def bodies(self) -> Iterator[tuple[str, Body]]:
        """Yield every table that says something, with its path; cases and follow-ups too."""
        yield from bodies_of(self.tables)


def _of_form(form: Form) -> Iterator[Spoken]:
    """Yield what a form says; a question may name the answers before it."""
    if form.opening is not None:
        yield Spoken(form.id, Answer(messages=(form.opening,)), None)
    answered: frozenset[str] = frozenset()
    for question in form.questions:
        yield Spoken(f"{form.id}.ask.{question.id}", Answer(messages=(question.says,)), None, answered)
        answered |= {question.id}
    yield Spoken(f"{form.id}.done", Answer(messages=(form.done.message,)), None, answered)
    if form.done.later is not None:
        yield Spoken(form.done.later.id, form.done.later.answer, None, answered)


def bodies_of(tables: Tables) -> Iterator[tuple[str, Body]]:
    """Yield every table of a business that says something, with its path."""
    for path, body in tables.bodies().items():
        yield path, body
        for group in ("case", "later"):
            for count, inner in enumerate(getattr(body, group, ()), 1):
                yield f"{path}.{group}.{count}", inner
