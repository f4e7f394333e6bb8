"""The schema for editors says what the loader takes, and explains every key."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from bot.config.content.forms_tables import FormTable
from bot.config.content.loader import SHIPPED
from bot.config.content.models import Body, BusinessTable, LinkTable, MediaTable, NumberTable, PlaceTable, RuleTable
from bot.config.content.schema import HOVERS, hover, schema
from bot.doors.cli import main
from tests.config.conftest import FILES
from tests.docs.test_format import models_in

SCHEMA = schema()
PLAIN = frozenset({LinkTable, MediaTable, NumberTable, PlaceTable})
"""Tables whose keys say it all."""
CLINIC = SHIPPED.parents[1] / "examples" / "clinic" / "_clinic"
BAKERY = SHIPPED.parent / "sunrise_bakery"


def tables(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for inner in models_in(field.annotation):
            yield from tables(inner)


def faults(value: Any, wanted: Any, path: str = "") -> Iterator[str]:
    """Yield where a value is not as the schema has it; as much of JSON Schema as ours uses."""
    if wanted is True:
        return
    wanted = {**SCHEMA["definitions"][wanted["$ref"].rpartition("/")[2]], **wanted} if "$ref" in wanted else wanted
    if "anyOf" in wanted and all(list(faults(value, each, path)) for each in wanted["anyOf"]):
        yield path
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "number": int | float, "integer": int}
    if "type" in wanted and not isinstance(value, kinds[wanted["type"]]):
        yield path
    elif isinstance(value, list):
        yield from (f for each in value for f in faults(each, wanted.get("items", {}), path))
    elif isinstance(value, dict):
        yield from (f"{path}.{key} missing" for key in wanted.get("required", ()) if key not in value)
        rest = wanted.get("additionalProperties", {})
        patterned = next(iter(wanted.get("patternProperties", {}).values()), None)
        for key, each in value.items():
            inner = wanted.get("properties", {}).get(key, patterned if patterned is not None else rest)
            yield from [f"{path}.{key}"] if inner is False else faults(each, inner, f"{path}.{key}")


def files() -> Iterator[tuple[str, str]]:
    yield from (
        (f"bakery {path.name}", path.read_text("utf-8")) for path in BAKERY.glob("*.toml") if path.stem != "privacy"
    )
    yield from (
        (f"clinic {path.stem}", path.read_text("utf-8")) for path in CLINIC.glob("*.toml") if path.stem != "privacy"
    )
    yield from ((name, FILES[name]) for name in ("business.toml", "rules.toml"))


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in files()])
def test_it_takes_what_the_loader_takes(text: str):
    assert list(faults(tomllib.loads(text), SCHEMA)) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param("telefone = 1", ".telefone", id="a misspelt key"),
        pytest.param("typing = 1", ".typing", id="another kind of value"),
        pytest.param("[rule.x]\nwords = 3", ".rule.x.words", id="words of numbers"),
        pytest.param(
            "[rule.x]\nchoices = [{ title = 'A', goes = 'rule.y' }]", ".rule.x.choices", id="a misspelt choice"
        ),
        pytest.param(
            "[form.x]\nask.y = { takse = 'date' }\n[form.x.done]", ".form.x.ask.y.takse", id="a misspelt question"
        ),
        pytest.param("[[rule.x.case]]\nif.opened = true", ".rule.x.case", id="a misspelt fact"),
    ],
)
def test_it_marks_what_the_loader_refuses(text: str, where: str):
    assert list(faults(tomllib.loads(text), SCHEMA)) == [where]


def test_every_key_is_explained():
    models = {each for root in (BusinessTable, RuleTable, FormTable, Body) for each in tables(root)} - PLAIN
    keys = [(model, field.alias or name) for model in models for name, field in model.model_fields.items()]
    plain = {"CardTable"}

    assert [
        f"{model.__name__}.{key}" for model, key in keys if not hover(model, key) and model.__name__ not in plain
    ] == []


def test_nothing_is_explained_that_is_not_there():
    every = {
        each for root in (BusinessTable, RuleTable, FormTable, Body) for model in tables(root) for each in model.__mro__
    }
    fields = {
        f"{each.__name__}.{field.alias or name}"
        for each in every
        for name, field in getattr(each, "model_fields", {}).items()
    }

    assert set(HOVERS) - fields == set()


def test_the_command_prints_it():
    assert json.loads(CliRunner().invoke(main, ["schema"]).stdout) == SCHEMA
