"""Law 6: every table knows its retention class, its eraser and its export name; every column says what it holds."""

import re
from dataclasses import fields

import pytest
from sqlalchemy import Column
from sqlmodel import SQLModel

from bot.store.columns import Eraser, Holds, Keeping
from bot.store.models import TABLES

pytestmark = pytest.mark.laws

every_table = pytest.mark.parametrize("model", TABLES, ids=lambda model: str(model.__tablename__))


def columns(model: type[SQLModel]) -> list[Column[object]]:
    return list(SQLModel.metadata.tables[str(model.__tablename__)].columns)


def keeping(model: type[SQLModel]) -> Keeping:
    kept = getattr(model, "keeping", None)
    assert isinstance(kept, Keeping), "say `keeping: ClassVar[Keeping] = Keeping(...)`"
    return kept


def test_the_registry_names_every_table_once() -> None:
    assert sorted(str(model.__tablename__) for model in TABLES) == sorted(SQLModel.metadata.tables)


@every_table
def test_a_table_says_how_it_is_kept(model: type[SQLModel]) -> None:
    kept = keeping(model)

    assert re.fullmatch("[a-z]+", kept.retention)
    assert isinstance(kept.eraser, Eraser)
    assert re.fullmatch("[a-z_]*", kept.export)


@every_table
def test_a_column_says_what_it_holds(model: type[SQLModel]) -> None:
    silent = [column.name for column in columns(model) if not isinstance(column.info.get("holds"), Holds)]

    assert silent == []


@every_table
def test_contents_and_keys_are_bytes_and_the_rest_is_not(model: type[SQLModel]) -> None:
    """What is sealed or wrapped is binary; a text column cannot hold it by mistake, nor a binary one hold it open."""
    sealed = {Holds.SEALED, Holds.KEY}
    wrong = [
        column.name
        for column in columns(model)
        if (column.type.python_type is bytes) is not (column.info["holds"] in sealed)
    ]

    assert wrong == []


@every_table
def test_what_points_to_a_contact_has_an_eraser(model: type[SQLModel]) -> None:
    points = "contact_id" in [column.name for column in columns(model)] or model.__tablename__ == "contacts"

    assert (keeping(model).eraser in {Eraser.DELETE, Eraser.DETACH}) is points


@every_table
def test_what_holds_contents_is_erased_or_ends_by_itself(model: type[SQLModel]) -> None:
    holds = {column.info["holds"] for column in columns(model)}

    assert Holds.SEALED not in holds or keeping(model).eraser in {Eraser.DELETE, Eraser.ITSELF}


@every_table
def test_what_is_deleted_with_the_contact_is_found_quickly(model: type[SQLModel]) -> None:
    if keeping(model).eraser not in {Eraser.DELETE, Eraser.DETACH} or model.__tablename__ == "contacts":
        return
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    leading = {next(iter(index.columns)).name for index in table.indexes} | {next(iter(table.primary_key)).name}

    assert "contact_id" in leading


def test_no_two_tables_share_a_name_in_the_export() -> None:
    names = [keeping(model).export for model in TABLES if keeping(model).export]

    assert len(names) == len(set(names))


def test_keeping_has_no_fourth_field_that_this_law_does_not_check() -> None:
    assert [field.name for field in fields(Keeping)] == ["retention", "eraser", "export"]


def test_a_column_without_what_it_holds_cannot_be_declared() -> None:
    from bot.store import columns as declare  # noqa: PLC0415  the name is taken here

    with pytest.raises(TypeError):
        declare.text()
