"""How a column is declared: with its type and with what it holds (law 6).

A column that does not say what it holds, from the closed list of `Holds`, cannot be declared; a table that does not
say its retention class, its eraser and its export name fails the laws' tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Dialect, Integer, LargeBinary, Text, TypeDecorator
from sqlmodel import Field

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Holds(StrEnum):
    """What a column may hold; nothing else exists, so no column holds a number, a name, a text or a wamid in clear."""

    ID = "a random id or a row number"
    HASH = "a keyed hash of an identifier or a wamid"
    SEALED = "contents, sealed under a key of the contact, the envelope or the event"
    KEY = "a wrapped key"
    TIME = "a moment"
    STATE = "a state, a reason or a kind, from a list of ours"
    COUNT = "a number of things"
    BUSINESS = "a name, a text or an id of the business's own"


class Eraser(StrEnum):
    """What an erasure does with the rows of a table."""

    DELETE = "rows of the contact are deleted"
    DETACH = "the reference to the contact is cleared; what stays says nothing of a person"
    OUTLIVES = "keyed hashes that must outlive the erasure"
    NOBODY = "holds nothing of a person"
    ITSELF = "part of the procedure; ends with it"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a table is kept: its retention class (`privacy.toml`), its eraser, its name in an export ("" = not part)."""

    retention: str
    eraser: Eraser
    export: str = ""


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as whole microseconds since 1970; the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """Turn the moment into microseconds; a naive datetime is a TypeError."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        """Turn microseconds into a moment in UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


RowNumber = BigInteger().with_variant(Integer, "sqlite")


def _declare(kind: Any) -> Callable[..., Any]:
    def declare(holds: Holds, **options: Any) -> Any:
        options.setdefault("nullable", False)
        column = Column(options.pop("type_", kind), info={"holds": holds}, **options)
        default = options.get("default", ...)  # for the model; the column's own serves statements written in Core
        if default is not ...:
            return Field(default=default, sa_column=column)
        return Field(default=None, sa_column=column) if column.nullable else Field(sa_column=column)

    return declare


text = _declare(Text)
blob = _declare(LargeBinary)
moment = _declare(Moment)
number = _declare(BigInteger)
flag = _declare(Boolean)


def row_number() -> Any:
    """Declare the primary key that the database counts up: the order of arrival."""
    return Field(
        default=None,
        sa_column=Column(RowNumber, primary_key=True, autoincrement=True, info={"holds": Holds.ID}),
    )
