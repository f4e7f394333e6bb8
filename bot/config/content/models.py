"""What may stand in a business's files: the shape of every table, as pydantic models."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from bot.config.content.hours import Hours
from bot.config.content.reading import (
    country,
    hours,
    marked,
    nights,
    one_or_more,
    per_language,
    region,
    spans,
    telephone,
    words_per_language,
    zone,
)
from bot.config.content.rules import On
from bot.config.content.spans import Span
from bot.config.content.special_days import Marked
from bot.config.durations import duration
from bot.conversation.words import Purpose

LANGUAGE = re.compile(r"[a-z]{2,3}")
NAME = r"^[a-z][a-z0-9_]{0,59}$"
BASE = r"^_[a-z][a-z0-9_]{0,59}$"
VARIABLE = r"^[A-Z][A-Z0-9_]*$"

Text = Annotated[dict[str, str], BeforeValidator(per_language)]
Words = Annotated[dict[str, tuple[str, ...]], BeforeValidator(words_per_language)]
Length = Annotated[timedelta, BeforeValidator(duration)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
LaxPurpose = Annotated[Purpose, Field(strict=False)]
Days = Annotated[tuple[Day, ...], BeforeValidator(one_or_more)]
Purposes = Annotated[tuple[LaxPurpose, ...], BeforeValidator(one_or_more)]
Names = Annotated[tuple[str, ...], BeforeValidator(one_or_more)]
Zone = Annotated[ZoneInfo, BeforeValidator(zone)]
Week = Annotated[Hours, BeforeValidator(hours)]
Spans = Annotated[tuple[Span, ...], BeforeValidator(spans)]
Nights = Annotated[tuple[Span, ...], BeforeValidator(nights)]
Country = Annotated[str, BeforeValidator(country)]
Telephone = Annotated[str, BeforeValidator(telephone)]


class Table(BaseModel):
    """A table of a file: closed, so that a misspelt key is a fault and never a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


class FactsTable(Table):
    open: bool | None = None
    weekday: Days | None = None
    language: Names | None = None
    consent: Purposes | None = None
    first_contact: bool | None = None
    ad: bool | None = None


def _title_by_language(table: Any) -> Any:
    """Read `{ en = "Hours", gu = "સમય", go = ... }` as a title in two languages."""
    if not isinstance(table, Mapping):
        return table
    titles = {key: text for key, text in table.items() if LANGUAGE.fullmatch(key) and key not in {"go", "url"}}
    rest = {key: value for key, value in table.items() if key not in titles}
    return {**rest, "title": titles} if titles and "title" not in rest else table


class ChoiceTable(Table):
    go: str
    title: Text | None = None
    describe: Text | None = None

    _titles = model_validator(mode="before")(_title_by_language)


class LinkTable(Table):
    url: str
    title: Text | None = None

    _titles = model_validator(mode="before")(_title_by_language)


class MediaTable(Table):
    link: str
    filename: str = ""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, written: Any) -> Any:
        return {"link": written} if isinstance(written, str) else written


class PlaceTable(Table):
    latitude: Annotated[float, Field(ge=-90, le=90, strict=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, strict=False)]
    name: str = ""
    address: str = ""


class CardTable(Table):
    name: str
    phone: Telephone
    organisation: str = ""
    email: str = ""


class OutsideTable(Table):
    template: str
    with_: dict[str, str] = Field(default_factory=dict, alias="with")


class Body(Table):
    """What can be said: by a rule, a case, a follow-up, the fallback."""

    say: Text | None = None
    choices: Annotated[tuple[ChoiceTable, ...], BeforeValidator(one_or_more)] = ()
    menu: Text | None = None
    footer: Text | None = None
    image: MediaTable | None = None
    video: MediaTable | None = None
    audio: MediaTable | None = None
    document: MediaTable | None = None
    sticker: MediaTable | None = None
    place: PlaceTable | None = None
    card: CardTable | None = None
    link: LinkTable | None = None
    outside: OutsideTable | None = None


class When(Table):
    if_: FactsTable = Field(default_factory=FactsTable, alias="if")
    unless: FactsTable = Field(default_factory=FactsTable)


class CaseTable(Body, When):
    pass


class LaterTable(Body):
    after: Length
    purpose: LaxPurpose = Purpose.REPLY


class RuleTable(Body, When):
    words: Words = Field(default_factory=dict)
    pattern: str = ""
    on: Annotated[tuple[On, ...], BeforeValidator(one_or_more)] = ()
    case: Annotated[tuple[CaseTable, ...], BeforeValidator(one_or_more)] = ()
    later: Annotated[tuple[LaterTable, ...], BeforeValidator(one_or_more)] = ()
    store: Literal["keep", "none"] = "keep"


class NumberTable(Table):
    phone_number_id: str = Field(pattern=VARIABLE)
    access_token: str = Field(pattern=VARIABLE)
    waba_id: str = Field(pattern=VARIABLE)


class HandOverTable(Table):
    to: Literal["staff", "phone", "webhook"]
    target: str = ""
    lasts: Length = timedelta(hours=12)

    @field_validator("target")
    @classmethod
    def _fits(cls, target: str, info: ValidationInfo) -> str:
        kind = info.data.get("to")
        if kind == "phone" and target:
            return str(telephone(target))
        if kind == "webhook" and not target.startswith("https://"):
            raise ValueError("a webhook needs an address that starts with https://")
        return target


class HolidaysTable(Table):
    """Days that beat `[hours]`: public holidays, and days by hand."""

    country: Country = ""
    region: str = ""
    open: Spans = ()
    days: Annotated[tuple[Marked, ...], BeforeValidator(marked)] = ()

    @field_validator("region")
    @classmethod
    def _of_the_country(cls, written: str, info: ValidationInfo) -> str:
        return region(info.data.get("country", ""), written) if "country" in info.data else written


class QuietTable(Table):
    """When nothing of these purposes begins; it goes when the quiet ends."""

    transactional: Nights = ()
    marketing: Nights = ()


class BusinessTable(Table):
    """The head of a business: all that stands outside `rule`, `form` and `fallback`."""

    name: str = Field(min_length=1, max_length=128)
    language: str = Field(pattern=r"^[a-z]{2,3}$")
    languages: Names = ()
    zone: Zone
    hours: Week = Field(default_factory=Hours)
    holidays: HolidaysTable = Field(default_factory=HolidaysTable)
    quiet: QuietTable = Field(default_factory=QuietTable)
    telephone: Telephone
    email: str = Field(default="", pattern=r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$")
    read_marks: bool = True
    typing: bool = False
    hand_over: HandOverTable
    number: dict[Annotated[str, Field(pattern=NAME)], NumberTable] = Field(min_length=1)
    extends: str = Field(default="", pattern=BASE)
    off: Names = ()
