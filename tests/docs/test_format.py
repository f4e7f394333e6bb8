"""`docs/format.md` is one business: it is good, its script plays, and every key that the loader takes stands in it."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from bot.config.chat import SENT
from bot.config.commands import _KINDS
from bot.config.content import load, source
from bot.config.content.business import COMPUTED
from bot.config.content.models import LaterTable, RuleTable
from bot.config.content.rules import On
from bot.config.content.tables import Tables, shapes
from bot.config.policy import _ContactTable, _PeriodTable, _PolicyTable, _SubprocessorTable
from bot.doors import playing

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "format.md").read_text("utf-8")
BLOCK = re.compile(r"^```\w+ (?P<file>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
ID = "sunrise_bakery"

Key = tuple[str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of businesses that the page describes; blocks of one file follow one another.

    A file whose name does not say so (`_bakery/rules.toml`) is the business's.
    """
    home = tmp_path_factory.mktemp("businesses")
    for block in BLOCK.finditer(PAGE):
        path = home / block["file"] if block["file"].startswith("_") else home / ID / block["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(block["text"])
    return home


def declared(model: type[BaseModel]) -> Iterator[Key]:
    """Yield the keys that a table and those inside it may have, each with the class that declares it."""
    for name, field in model.model_fields.items():
        owner = next(each for each in model.__mro__ if name in each.__annotations__)
        yield owner.__name__, field.alias or name
        for inner in models_in(field.annotation):
            yield from declared(inner)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def used(value: Any) -> Iterator[Key]:
    """Yield the keys that were written."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        for name in value.model_fields_set:
            owner = next(each for each in type(value).__mro__ if name in each.__annotations__)
            yield owner.__name__, fields[name].alias or name
            yield from used(getattr(value, name))
    elif isinstance(value, dict):
        yield from (key for each in value.values() for key in used(each))
    elif isinstance(value, tuple):
        yield from (key for each in value for key in used(each))


def test_its_business_has_no_fault(folder: Path) -> None:
    assert set(load(folder).businesses) == {ID}


def test_its_script_says_what_the_bot_says(folder: Path) -> None:
    business = load(folder).businesses[ID]
    scripts = sorted((folder / ID).glob("*.chat"))

    assert scripts
    assert [playing.play(folder, business, script) for script in scripts] == [[] for _ in scripts]


def test_every_key_of_the_tables_stands_in_it(folder: Path) -> None:
    """Whatever the loader reads into a table is known, whatever the table is called."""
    tables = shapes(source.read(folder / ID))
    written = {key for each in fields(tables) for key in used(getattr(tables, each.name))}
    models = {model for hint in get_type_hints(Tables).values() for model in models_in(hint)}
    known = {key for model in models for key in declared(model)}

    assert models
    assert known - written == set()


@pytest.mark.parametrize(
    ("path", "model"),
    [
        pytest.param((), _PolicyTable, id="the policy"),
        pytest.param(("contact",), _ContactTable, id="the contact"),
        pytest.param(("subprocessors", 0), _SubprocessorTable, id="a subprocessor"),
    ],
)
def test_every_key_of_the_policy_stands_in_it(
    folder: Path, path: tuple[str | int, ...], model: type[BaseModel]
) -> None:
    table: Any = tomllib.loads((folder / ID / "privacy.toml").read_text("utf-8"))
    for key in path:
        table = table[key]

    assert set(table) == set(model.model_fields)


def test_every_key_of_a_period_stands_in_it(folder: Path) -> None:
    table = tomllib.loads((folder / ID / "privacy.toml").read_text("utf-8"))

    assert {key for period in table["retention"].values() for key in period} == set(_PeriodTable.model_fields)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(get_args(On), id="what starts a rule"),
        pytest.param([f"{{{name}}}" for name in COMPUTED], id="values"),
        pytest.param([kind.removeprefix("near.") for kind in _KINDS], id="kinds of privacy words"),
        pytest.param(sorted(SENT), id="what a person in a script can send"),
        pytest.param(["near", "names"], id="tables of privacy words"),
    ],
)
def test_every_word_of_a_closed_list_stands_in_it(words: list[str]) -> None:
    assert [word for word in words if f"`{word}`" not in PAGE] == []


@pytest.mark.parametrize(
    ("model", "key"),
    [pytest.param(RuleTable, "store", id="store"), pytest.param(LaterTable, "purpose", id="purpose of a follow-up")],
)
def test_every_value_it_names_is_taken(model: type[BaseModel], key: str) -> None:
    comment = re.search(rf"^{key} .*#.*", PAGE, re.MULTILINE)

    assert comment is not None
    wanted = {"say": "Hello", "after": "2 h"} if model is LaterTable else {"say": "Hello", "words": "hi"}
    for value in re.findall(r'"([a-z]+)"', comment[0]):
        model.model_validate({**wanted, key: value})
