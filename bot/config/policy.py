"""What a business promises about people's data: `privacy.toml`, over the defaults that ship with the program.

The notice, the retention jobs and the answers in the chat all read this; none repeats a period or a purpose.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.config import toml
from bot.config.content.reading import one_or_more, per_language, telephone
from bot.config.content.shape import Complaint, validate
from bot.config.faults import Fault
from bot.conversation.words import Purpose

FILE = "privacy.toml"
LONGEST = timedelta(days=3660)
Action = Literal["delete", "anonymise"]


@dataclass(frozen=True, slots=True)
class Period:
    """How long data of a class is kept, and what is done with it then."""

    lasts: timedelta
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyContact:
    """Whom a person asks about her data."""

    name: str
    email: str
    telephone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subprocessor:
    """Somebody who handles data for the business: who, what for, where, and the hosts that are called."""

    name: str
    what: str
    where: str
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The promises of one business. `purposes` says why, by purpose and language (`*` serves all)."""

    controller: str
    contact: PrivacyContact
    purposes: Mapping[Purpose, Mapping[str, str]]
    retention: Mapping[str, Period]
    response_days: int
    age_line: int
    first_contact_notice: bool
    subprocessors: tuple[Subprocessor, ...]
    version: str
    named: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What classes of the business's own are called, by class and language."""

    def period(self, data_class: str) -> Period:
        """Return how long a data class is kept; a class that the files do not name is a KeyError."""
        return self.retention[data_class]

    def period_of(self, data_class: str, otherwise: str) -> Period:
        """Return how long data are kept whose class a business may have named itself, and may have taken out since."""
        return self.retention.get(data_class) or self.retention[otherwise]


STAND_IN = Policy(
    controller="-",
    contact=PrivacyContact(name="-", email="-"),
    purposes={},
    retention={},
    response_days=30,
    age_line=0,
    first_contact_notice=True,
    subprocessors=(),
    version="",
)
"""What a broken policy is replaced by, so that the rest of the files is checked all the same."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _ContactTable(_Table):
    name: str = Field(min_length=1)
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    telephone: Annotated[str, BeforeValidator(lambda written: written and telephone(written))] = ""
    address: str = ""


def _title_by_language(table: Any) -> Any:
    """Read `{ days = 90, en = "your orders" }` as a period with a name."""
    if not isinstance(table, Mapping):
        return table
    titles = {key: text for key, text in table.items() if isinstance(key, str) and len(key) <= 3}  # noqa: PLR2004 ISO 639
    rest = {key: value for key, value in table.items() if key not in titles}
    return {**rest, "title": titles} if titles and "title" not in rest else table


class _PeriodTable(_Table):
    days: int = Field(default=0, ge=0)
    hours: int = Field(default=0, ge=0)
    action: Action = "delete"
    title: Annotated[dict[str, str], BeforeValidator(per_language)] | None = None

    _titles = model_validator(mode="before")(_title_by_language)

    @model_validator(mode="after")
    def _bounded(self) -> "_PeriodTable":
        if not timedelta(0) < timedelta(days=self.days, hours=self.hours) <= LONGEST:
            raise ValueError(f"write days or hours, more than nothing and at most {LONGEST.days} days")
        return self


class _SubprocessorTable(_Table):
    name: str = Field(min_length=1)
    what: str = Field(min_length=1)
    where: str = Field(min_length=1)
    hosts: Annotated[tuple[str, ...], BeforeValidator(one_or_more)] = ()


class _PolicyTable(_Table):
    controller: str = Field(min_length=1)
    contact: _ContactTable
    purposes: dict[Annotated[Purpose, Field(strict=False)], Annotated[dict[str, str], BeforeValidator(per_language)]]
    retention: dict[str, _PeriodTable]
    response_days: int = Field(ge=1, le=30)
    age_line: int = Field(ge=0, le=21)
    first_contact_notice: bool
    subprocessors: Annotated[tuple[_SubprocessorTable, ...], BeforeValidator(one_or_more)] = ()


def load(
    common: Path, folder: Path, faults: list[Fault], *, bases: Sequence[Path] = (), own_classes: Collection[str] = ()
) -> Policy | None:
    """Read a business's policy over its bases' and the defaults; None, and faults, when there is none to keep."""
    files = [each / FILE for each in (*bases, folder) if (each / FILE).is_file()]
    name = _name(files[-1] if files else folder / FILE)
    if not files:
        faults.append(Fault(name, "-", "is missing", "write who is responsible and whom people ask"))
        return None
    defaults = toml.read(common / FILE, _name(common / FILE), faults)
    own: dict[str, Any] = {}
    for file in files:
        own = _over(own, toml.read(file, _name(file), faults))
    complaints: list[Complaint] = []
    table = validate(_PolicyTable, _over(defaults, own), "", complaints)
    complaints += _unknown_classes(own, frozenset(defaults.get("retention", {})) | frozenset(own_classes))
    faults += [Fault(name, *complaint) for complaint in complaints]
    return None if table is None else _policy(table)


def _name(file: Path) -> str:
    return f"{file.parent.name}/{FILE}"


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a business's tables over the defaults, key by key: a period is replaced whole, who helps us is added."""
    merged = dict(base)
    for key, value in own.items():
        under = base.get(key)
        if isinstance(value, Mapping) and isinstance(under, Mapping):
            merged[key] = {**under, **value}
        elif isinstance(value, list) and isinstance(under, list):
            merged[key] = [*under, *value]
        else:
            merged[key] = value
    return merged


def _unknown_classes(own: Mapping[str, Any], known: frozenset[str]) -> Iterator[Complaint]:
    classes = own.get("retention", {})
    for name in classes if isinstance(classes, Mapping) else ():
        if name not in known:
            yield f"retention.{name}", "is no class of data", f"known are: {', '.join(sorted(known))}"


def _policy(table: _PolicyTable) -> Policy:
    written = json.dumps(table.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return Policy(
        controller=table.controller,
        contact=PrivacyContact(**table.contact.model_dump()),
        purposes=table.purposes,
        retention={
            name: Period(timedelta(days=one.days, hours=one.hours), one.action) for name, one in table.retention.items()
        },
        response_days=table.response_days,
        age_line=table.age_line,
        first_contact_notice=table.first_contact_notice,
        subprocessors=tuple(Subprocessor(**one.model_dump()) for one in table.subprocessors),
        named={name: one.title for name, one in table.retention.items() if one.title},
        version=hashlib.sha256(written.encode()).hexdigest()[:12],
    )
