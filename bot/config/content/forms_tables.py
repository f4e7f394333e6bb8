"""What may stand in a form: the shape of its tables, as pydantic models."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from bot.config.content.forms import NO, YES, Takes
from bot.config.content.models import (
    LANGUAGE,
    NAME,
    LaxPurpose,
    Length,
    OutsideTable,
    RuleTable,
    Table,
    Text,
    When,
    Words,
)
from bot.config.content.reading import one_or_more
from bot.config.content.rules import On
from bot.conversation.words import Purpose

_NOT_TITLES = frozenset({"is"})
_AHEAD = re.compile(r"(\d{1,3}) *(days?|weeks?)", re.ASCII)
_DAYS = {"today": 0, "tomorrow": 1}
_VALUE = r"^\{[a-z][a-z0-9_]*\}$"


def day(written: Any) -> Any:
    """Read a bound of days: "today", "tomorrow", "3 days", "2 weeks", or a date as TOML or ISO writes it."""
    if isinstance(written, date) and not isinstance(written, datetime):
        return written
    if isinstance(written, str) and written in _DAYS:
        return _DAYS[written]
    ahead = _AHEAD.fullmatch(written) if isinstance(written, str) else None
    if ahead is not None:
        return int(ahead[1]) * (7 if ahead[2].startswith("w") else 1)
    try:
        return date.fromisoformat(written)
    except (TypeError, ValueError) as error:
        raise ValueError('write "today", "tomorrow", "3 days" or a date: 2026-12-24') from error


def wanted(written: Any) -> Any:
    """Read which answers are wanted: one, several, true or false."""
    words = {True: YES, False: NO}
    return tuple(words[each] if isinstance(each, bool) else each for each in one_or_more(written))


DayBound = Annotated[date | int | None, BeforeValidator(day)]
Number = Annotated[float | None, Field(strict=False)]
Wanted = Annotated[tuple[str, ...], BeforeValidator(wanted)]
Name = Annotated[str, Field(pattern=NAME)]


def _titles(table: Any) -> Any:
    """Read `{ is = "ready", en = "Ready" }` as an option with a title."""
    if not isinstance(table, Mapping):
        return table
    found = {key: text for key, text in table.items() if LANGUAGE.fullmatch(key) and key not in _NOT_TITLES}
    rest = {key: value for key, value in table.items() if key not in found}
    return {**rest, "title": found} if found and "title" not in rest else table


class OptionTable(Table):
    is_: Name = Field(alias="is")
    title: Text | None = None
    describe: Text | None = None

    _read = model_validator(mode="before")(_titles)


class QuestionTable(Table):
    say: Text | None = None
    choices: Annotated[tuple[OptionTable, ...], BeforeValidator(one_or_more)] = ()
    menu: Text | None = None
    takes: Takes | None = None
    from_: DayBound = Field(default=None, alias="from")
    to: DayBound = None
    min: Number = None
    max: Number = None
    if_: dict[str, Wanted] = Field(default_factory=dict, alias="if")
    unless: dict[str, Wanted] = Field(default_factory=dict)


class ReminderTable(Table):
    """`before = "{day}"` with `hours`, or `after`."""

    before: str = Field(default="", pattern=rf"^$|{_VALUE}")
    hours: Annotated[float, Field(ge=0, strict=False)] = 0
    after: Length | None = None
    say: Text | None = None
    template: str = ""
    with_: dict[str, str] = Field(default_factory=dict, alias="with")
    purpose: LaxPurpose = Purpose.TRANSACTIONAL

    @property
    def outside(self) -> OutsideTable | None:
        """The template that goes when the window is closed."""
        return OutsideTable(template=self.template, **{"with": self.with_}) if self.template else None


class DoneTable(Table):
    say: Text | None = None
    tell: Literal["", "staff"] = ""
    later: ReminderTable | None = None
    tag: str = Field(default="", pattern=rf"^$|{NAME}")


class FormTable(When):
    words: Words = Field(default_factory=dict)
    on: Annotated[tuple[On, ...], BeforeValidator(one_or_more)] = ()
    say: Text | None = None
    keep: str = Field(default="forms", pattern=r"^[a-z]+$")
    lasts: Length = timedelta(hours=24)
    store: Literal["keep", "none"] = "keep"
    ask: dict[Name, QuestionTable] = Field(min_length=1)
    done: DoneTable

    @property
    def start(self) -> RuleTable:
        """What opens it, as a rule that says nothing."""
        conditions: dict[str, Any] = {"if": self.if_, "unless": self.unless}
        return RuleTable(words=self.words, on=self.on, store=self.store, **conditions)
