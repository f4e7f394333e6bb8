"""One business: from its folder to a value, with every fault noted on the way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.config import policy
from bot.config.catalogue import FIRST, Catalogue
from bot.config.commands import Commands
from bot.config.content import bases, definitions
from bot.config.content.build import Builder
from bot.config.content.business import Business, HandOverTo, NumberNames
from bot.config.content.check import check
from bot.config.content.check.draft import Draft
from bot.config.content.day_names import day_names
from bot.config.content.definitions import Definition
from bot.config.content.form_words import FormWords
from bot.config.content.forms_build import form
from bot.config.content.hours import Hours
from bot.config.content.models import BusinessTable, OutsideTable, QuietTable, Text
from bot.config.content.quiet import Quiet
from bot.config.content.special_days import SpecialDays
from bot.config.content.tables import Tables, shapes
from bot.config.faults import Fault


@dataclass(frozen=True, slots=True)
class Common:
    """What the program brings along: the folder of defaults, its sentences, its privacy words."""

    folder: Path
    sentences: Catalogue
    commands: Commands
    form_words: FormWords = field(default_factory=FormWords)

    @classmethod
    def load(cls, folder: Path) -> "Common":
        """Read the defaults once for all businesses."""
        return cls(folder, Catalogue.load(folder), Commands.load(folder), FormWords.load(folder))

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the defaults themselves."""
        for fault in (*self.sentences.faults, *self.commands.faults, *self.form_words.faults):
            yield _of(self.folder, fault)


def assemble(folder: Path, common: Common, faults: list[Fault]) -> Business:
    """Return the business of a folder and note every fault; with any fault it is fit for checks only."""
    tables = shapes(bases.read(folder))
    written = tables.source
    templates = definitions.read(written.folders, written.faults)
    kept = frozenset(table.keep for table in tables.forms.values())
    promises = policy.load(common.folder, folder, written.faults, bases=written.bases, own_classes=kept)
    promises = promises or policy.STAND_IN
    catalogue = _catalogue(tables, templates, common.sentences, promises)
    commands = Commands.load(common.folder, *written.folders)
    written.faults += [_of(folder, fault) for fault in commands.faults[len(common.commands.faults) :]]
    business = _business(tables, catalogue, commands, templates, promises, common.form_words)
    faults += written.faults
    if written.whole:
        faults += check(Draft.of(tables, business, common.sentences))
    return business


def _of(folder: Path, fault: Fault) -> Fault:
    return Fault(f"{folder.name}/{fault.file}", fault.key or "-", fault.wrong, fault.right)


def _catalogue(
    tables: Tables, templates: tuple[Definition, ...], sentences: Catalogue, promises: policy.Policy
) -> Catalogue:
    """Lay the texts of every folder over the program's own: a base's first, the business's last."""
    written, catalogue = tables.source, sentences
    derived = list(_from_templates(tables, templates))
    tables.from_templates = frozenset(key for key, _ in derived)
    named = [(f"data.{name}", dict(texts)) for name, texts in promises.named.items()]
    texts = [*tables.texts(), *derived, *named]
    for folder in written.folders:
        noted = len(catalogue.faults)
        inline = _inline((key, text) for key, text in texts if written.file(key).startswith(f"{folder.name}/"))
        said = frozenset(key for by_key in inline.values() for key in by_key)
        catalogue = catalogue.without(said).over(folder, inline, default=tables.head.language)
        written.faults += [_of(folder, fault) for fault in catalogue.faults[noted:]]
    return catalogue


def _inline(texts: Iterable[tuple[str, Text]]) -> dict[str, dict[str, str]]:
    """Return the texts that stand beside rules, by language and key."""
    inline: dict[str, dict[str, str]] = {}
    for key, by_language in texts:
        for language, text in by_language.items():
            inline.setdefault(language, {})[key] = text
    return inline


def _from_templates(tables: Tables, templates: tuple[Definition, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the texts of follow-ups that name just a template: inside the window its own words are said."""
    written = frozenset[str]().union(*(files.keys() for files in tables.source.locales.values()))
    for key, outside in _wordless(tables):
        if key not in written:
            same = [one for one in templates if one.get("name") == outside.template]
            texts = {str(one.get("language")): definitions.as_text(one, outside.with_) for one in same}
            # Without a definition there is one fault already: the template.
            yield key, texts or {"*": outside.template}


def _wordless(tables: Tables) -> Iterator[tuple[str, OutsideTable]]:
    """Yield the follow-ups of rules and forms that name a template and have no words beside them."""
    for id_, rule in tables.rules.items():
        for count, later in enumerate(rule.later, 1):
            if later.outside is not None and later.say is None:
                yield f"rule.{id_}.later.{count}.say", later.outside
    for id_, table in tables.forms.items():
        reminder = table.done.later
        if reminder is not None and reminder.outside is not None and reminder.say is None:
            yield f"form.{id_}.done.later.say", reminder.outside


def _business(
    tables: Tables,
    catalogue: Catalogue,
    commands: Commands,
    templates: tuple[Definition, ...],
    promises: policy.Policy,
    words: FormWords,
) -> Business:
    head, off = tables.head, frozenset(tables.head.off)
    builder = Builder(catalogue.keys(), _longest(catalogue))
    rules = (builder.rule(f"rule.{id_}", table) for id_, table in tables.rules.items())
    forms = (form(builder, id_, table) for id_, table in tables.forms.items())
    languages = tuple(dict.fromkeys((head.language, *head.languages)))
    return Business(
        id=tables.source.id,
        name=head.name,
        language=head.language,
        languages=languages,
        zone=head.zone,
        hours=_hours(head),
        quiet=Quiet(head.zone, {name: getattr(head.quiet, name) for name in QuietTable.model_fields}),
        telephone=head.telephone,
        email=head.email,
        read_marks=head.read_marks,
        typing=head.typing,
        hand_over=HandOverTo(kind=head.hand_over.to, target=head.hand_over.target, lasts=head.hand_over.lasts),
        numbers=tuple(NumberNames(name=name, **one.model_dump()) for name, one in head.number.items()),
        rules=tuple(rule for rule in rules if rule.id not in off),
        forms=tuple(form for form in forms if form.id not in off),
        fallback=builder.answer((tables.fallback, "fallback")) if tables.fallback else None,
        catalogue=catalogue,
        commands=commands,
        templates=templates,
        policy=promises,
        form_words=words,
        day_names={each: day_names(each, head.telephone, words.ahead.get(each, {})) for each in {*languages, FIRST}},
    )


def _hours(head: BusinessTable) -> Hours:
    days = head.holidays
    return Hours(head.hours.days, SpecialDays(days.country, days.region, days.open, days.days))


def _longest(catalogue: Catalogue) -> dict[str, int]:
    longest: dict[str, int] = {}
    for texts in catalogue.texts.values():
        for key, text in texts.items():
            longest[key] = max(longest.get(key, 0), len(text))
    return longest
