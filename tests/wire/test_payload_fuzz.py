"""Webhooks of anything at all."""

import json
from dataclasses import astuple
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wire.payload import read
from tests.wire.webhooks import FILES, NOW, load

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800\0")
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """Give a documented webhook with some of its parts replaced by anything at all."""
    data = load(draw(st.sampled_from(sorted(FILES))))
    for _ in range(draw(st.integers(1, 4))):
        node: Any = data
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if not isinstance(node[key], dict | list) or draw(st.integers(0, 5)) == 0:
                node[key] = draw(anything)
                break
            node = node[key]
    return json.dumps(data).encode()


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [each for part in value for each in strings(part)] if isinstance(value, tuple) else []


@settings(max_examples=400, deadline=None)
@given(raw=spoilt() | st.binary() | anything.map(lambda value: json.dumps(value).encode()))
def test_it_never_fails_and_gives_nothing_that_cannot_be_stored(raw: bytes) -> None:
    reading = read(raw, now=NOW)
    assert not reading.skipped["fault"]
    made: tuple[Any, ...] = (*reading.arrivals, *reading.receipts, *reading.templates, *reading.accounts)
    for text in [each for value in made for each in strings(astuple(value))]:
        assert "\0" not in text
        text.encode()
    for arrival in reading.arrivals:
        assert arrival.sender.known
        assert arrival.event.at <= NOW
        assert arrival.natural_key != f"{arrival.number_id}|"
