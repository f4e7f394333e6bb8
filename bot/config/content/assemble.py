"""One business: from its folder to a value, with every fault noted on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.config import policy
from bot.config.catalogue import Catalogue
from bot.config.commands import Commands
from bot.config.content import definitions, source
from bot.config.content.build import Builder, texts_of
from bot.config.content.business import Business, HandOverTo, NumberNames
from bot.config.content.models import Body, BusinessTable, RuleTable
from bot.config.content.shape import Complaint, validate
from bot.config.content.source import Source
from bot.config.faults import Fault

NOT_HEAD = frozenset({"rule", "form", "fallback", "extends"})
_STAND_INS: Mapping[str, Any] = {
    "name": "?",
    "language": "en",
    "zone": "UTC",
    "telephone": "+15550001111",
    "hand_over": {"to": "staff"},
    "number": {"main": {"phone_number_id": "A", "access_token": "A", "waba_id": "A"}},
}
"""What a broken head is replaced by, so that the rest of the files is checked all the same."""


@dataclass(slots=True)
class Tables:
    """The tables of a business that have the right shape."""

    source: Source
    head: BusinessTable
    rules: dict[str, RuleTable] = field(default_factory=dict)
    fallback: Body | None = None

    def bodies(self) -> Mapping[str, Body]:
        """Return every body that says something, by the path of its texts."""
        rules: dict[str, Body] = {f"rule.{id_}": table for id_, table in self.rules.items()}
        return rules if self.fallback is None else {**rules, "fallback": self.fallback}


def assemble(folder: Path, common: Path, sentences: Catalogue, faults: list[Fault]) -> Business | None:
    """Return the business of a folder; None when its policy is so wrong that there is none. Faults are noted."""
    tables = _shapes(source.read(folder))
    written = tables.source
    templates = definitions.read(folder, written.faults)
    catalogue = sentences.over(folder, _inline(tables, templates), default=tables.head.language)
    written.faults += [_of(folder, fault) for fault in catalogue.faults[len(sentences.faults) :]]
    commands = Commands.load(common, folder)
    written.faults += [_of(folder, fault) for fault in commands.faults]
    promises = policy.load(common, folder, frozenset(), written.faults)
    faults += written.faults
    if promises is None:
        return None
    return _business(tables, catalogue, commands, templates, promises)


def _inline(tables: Tables, templates: tuple[definitions.Definition, ...]) -> dict[str, dict[str, str]]:
    """Return the texts that stand beside the rules, by language and key."""
    inline: dict[str, dict[str, str]] = {}
    texts = [found for path, body in tables.bodies().items() for found in texts_of(body, path)]
    for key, by_language in (*texts, *_from_templates(tables, templates)):
        for language, text in by_language.items():
            inline.setdefault(language, {})[key] = text
    return inline


def _from_templates(
    tables: Tables, templates: tuple[definitions.Definition, ...]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the texts of follow-ups that name just a template: inside the window its own words are said."""
    for id_, rule in tables.rules.items():
        for count, later in enumerate(rule.later, 1):
            key = f"rule.{id_}.later.{count}.say"
            if later.outside and later.say is None and not any(key in keys for keys in tables.source.locales.values()):
                same = (one for one in templates if one.get("name") == later.outside.template)
                yield key, {str(one["language"]): definitions.as_text(one, later.outside.with_) for one in same}


def _of(folder: Path, fault: Fault) -> Fault:
    return Fault(f"{folder.name}/{fault.file}", fault.key or "-", fault.wrong, fault.right)


def _shapes(written: Source) -> Tables:
    complaints: list[Complaint] = []
    tables = Tables(written, _head(written, complaints))
    for id_, raw in written.table("rule").items():
        table = validate(RuleTable, raw, f"rule.{id_}", complaints)
        if table is not None:
            tables.rules[id_] = table
    if "fallback" in written.tables:
        tables.fallback = validate(Body, written.tables["fallback"], "fallback", complaints)
    for complaint in complaints:
        written.fault(*complaint)
    return tables


def _head(written: Source, complaints: list[Complaint]) -> BusinessTable:
    raw = {key: value for key, value in written.tables.items() if key not in NOT_HEAD}
    noted = len(complaints)
    table = validate(BusinessTable, raw, "", complaints)
    if table is None:
        broken = {key.partition(".")[0] for key, *_ in complaints[noted:]}
        sound = {key: value for key, value in raw.items() if key not in broken}
        table = BusinessTable.model_validate({**_STAND_INS, **sound})
    return table


def _business(
    tables: Tables,
    catalogue: Catalogue,
    commands: Commands,
    templates: tuple[definitions.Definition, ...],
    promises: policy.Policy,
) -> Business:
    head, off = tables.head, frozenset(tables.head.off)
    builder = Builder(catalogue.keys(), _longest(catalogue))
    rules = (builder.rule(id_, table) for id_, table in tables.rules.items())
    return Business(
        id=tables.source.id,
        name=head.name,
        language=head.language,
        languages=tuple(dict.fromkeys((head.language, *head.languages))),
        zone=head.zone,
        hours=head.hours,
        telephone=head.telephone,
        email=head.email,
        read_marks=head.read_marks,
        typing=head.typing,
        hand_over=HandOverTo(kind=head.hand_over.to, target=head.hand_over.target, lasts=head.hand_over.lasts),
        numbers=tuple(NumberNames(name=name, **one.model_dump()) for name, one in head.number.items()),
        rules=tuple(rule for rule in rules if rule.id not in off),
        fallback=builder.answer((tables.fallback, "fallback")) if tables.fallback else None,
        catalogue=catalogue,
        commands=commands,
        templates=templates,
        policy=promises,
    )


def _longest(catalogue: Catalogue) -> dict[str, int]:
    longest: dict[str, int] = {}
    for texts in catalogue.texts.values():
        for key, text in texts.items():
            longest[key] = max(longest.get(key, 0), len(text))
    return longest
