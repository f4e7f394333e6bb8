"""The tables of a business that have the right shape."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.config.content import forms_build
from bot.config.content.build import texts_of
from bot.config.content.forms_tables import FormTable
from bot.config.content.models import Body, BusinessTable, RuleTable, Text
from bot.config.content.shape import MISSING, Complaint, validate
from bot.config.content.source import Source

NOT_HEAD = frozenset({"rule", "form", "fallback"})
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
    forms: dict[str, FormTable] = field(default_factory=dict)
    fallback: Body | None = None
    from_templates: frozenset[str] = frozenset()
    """Keys of texts that were taken from a template's body."""

    def texts(self) -> Iterator[tuple[str, Text]]:
        """Yield every text that stands beside the rules, with its key."""
        for path, body in self.bodies().items():
            yield from texts_of(body, path)
        for id_, form in self.forms.items():
            yield from forms_build.texts_of(form, f"form.{id_}")

    def bodies(self) -> Mapping[str, Body]:
        """Return every body that says something, by the path of its texts."""
        rules: dict[str, Body] = {f"rule.{id_}": table for id_, table in self.rules.items()}
        return rules if self.fallback is None else {**rules, "fallback": self.fallback}


def shapes(written: Source) -> Tables:
    """Read every table; what has not the right shape is a fault of the source, and left out."""
    complaints: list[Complaint] = []
    tables = Tables(written, _head(written, complaints))
    for id_, raw in written.table("rule").items():
        table = validate(RuleTable, raw, f"rule.{id_}", complaints)
        if table is not None:
            tables.rules[id_] = table
    for id_, raw in written.table("form").items():
        form = validate(FormTable, raw, f"form.{id_}", complaints)
        if form is not None:
            tables.forms[id_] = form
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
        if not written.whole:
            complaints[noted:] = [one for one in complaints[noted:] if one[1] != MISSING]
        sound = {key: value for key, value in raw.items() if key not in broken}
        hours = {"hours": {"daily": "09:00-18:00"}} if "hours" in broken else {}
        table = BusinessTable.model_validate({**_STAND_INS, **hours, **sound})
    return table
