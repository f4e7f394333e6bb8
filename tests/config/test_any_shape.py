"""Whatever stands in the files, the answer is content or faults; nothing crashes."""

import copy
import json
import tomllib
from collections.abc import Iterator
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from bot.config.content import ConfigError, Fault, load
from tests.config.conftest import FILES, PRIVACY, RULES, write

FULL = """
[rule.full]
words = ["x"]
pattern = 'y(?P<n>[0-9])'
on = ["image"]
if = { open = true, weekday = ["mon"], language = ["en"], consent = ["marketing"], first_contact = true, ad = false }
unless = { open = false }
say = "s"
choices = [{ title = "t", go = "rule.full", describe = "d" }]
menu = "m"
footer = "f"
image = "https://a.example/p"
place = { latitude = 1, longitude = 2, name = "n", address = "a" }
card = { name = "n", phone = "+917948900000" }
outside = { template = "order_update", with = { order = "1" } }
case = [{ if = { open = true }, say = "c" }]
later = [{ after = "2 h", say = "l", purpose = "reply" }]
store = "keep"
[fallback]
say = "s"
"""
PROMISES = """
[retention]
content = { days = 3, action = "delete" }
[[subprocessors]]
name = "n"
what = "w"
where = "x"
hosts = ["h"]
[purposes]
reply = { en = "x" }
"""
SHAPES: list[Any] = [
    5,
    "zz",
    [],
    {},
    True,
    1.5,
    [1],
    {"a": 1},
    {"en": 5},
    [{}],
    {"en": ["a"]},
    date(2026, 1, 1),
    {"": ""},
]
WHOLE = {
    "business.toml": FILES["business.toml"],
    "rules.toml": RULES + FULL,
    "privacy.toml": PRIVACY + PROMISES,
}


def paths(table: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, value in table.items() if isinstance(table, dict) else enumerate(table):
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*above, key))


def spoilt(table: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = inner = copy.deepcopy(table)
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


def toml(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case bool() | str():
            return json.dumps(value)
        case _:
            return str(value)


def faults_in(folder: Path) -> tuple[Fault, ...]:
    try:
        load(folder)
    except ConfigError as error:
        return error.faults
    return ()


@pytest.mark.parametrize("file", WHOLE)
def test_a_value_of_any_shape_is_a_fault_or_none(tmp_path: Path, file: str):
    table = tomllib.loads(WHOLE[file])
    for path, value in zip(paths(table), cycle(SHAPES), strict=False):
        lines = (f"{json.dumps(key)} = {toml(one)}" for key, one in spoilt(table, path, value).items())
        write(tmp_path, {**FILES, "rules.toml": RULES + FULL, file: "\n".join(lines)})
        for one in faults_in(tmp_path):
            assert all((one.file, one.key, one.wrong, one.right)), (path, value)


@pytest.mark.parametrize(
    "length", ["5", "[]", "{}", "true", "1.5", "2026-01-01", '""', '"h"', '"1 fortnight"', '"999999 weeks"']
)
def test_what_is_no_length_of_time_is_a_fault(tmp_path: Path, length: str):
    rule = f'[rule.x]\nwords = "xy"\nsay = "x"\n[rule.x.later]\nsay = "x"\nafter = {length}\n'
    write(tmp_path, {**FILES, "rules.toml": RULES + rule})
    with pytest.raises(ConfigError) as error:
        load(tmp_path)
    assert [one.key for one in error.value.faults] == ["rule.x.later.1.after"]


@pytest.mark.parametrize("group", ["rule", "number"])
def test_an_empty_id_is_a_fault(tmp_path: Path, group: str):
    write(tmp_path, {**FILES, "more.toml": f'[{group}.""]\n'})
    with pytest.raises(ConfigError) as error:
        load(tmp_path)
    assert any(one.file == "shop/more.toml" for one in error.value.faults), error.value
