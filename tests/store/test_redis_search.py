"""Looking for ids in Redis: a search that finds what was planted, in every place and form, and only that."""

import base64
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from bot.store.redis_search import is_held

NEEDLE = "919876543210"

FORMS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda content: b"to " + content + b".",
    "zlib": lambda content: zlib.compress(b"to " + content),
    "base64": lambda content: base64.b64encode(b"to " + content),
    "base64 of zlib": lambda content: base64.b64encode(zlib.compress(b"to " + content)),
    "zlib of base64": lambda content: zlib.compress(base64.b64encode(b"to " + content)),
}
PLACES: dict[str, Callable[[Redis, bytes], Any]] = {
    "string": lambda redis, value: redis.set("rq:x", value),
    "hash value": lambda redis, value: redis.hset("rq:x", "field", value),
    "hash field": lambda redis, value: redis.hset("rq:x", mapping={value: "value"}),
    "list": lambda redis, value: redis.rpush("lethe:x", "a", value),
    "set": lambda redis, value: redis.sadd("rq:x", "a", value),
    "sorted set": lambda redis, value: redis.zadd("rq:x", {value: 1}),
    "stream": lambda redis, value: redis.xadd("rq:x", {"exc_string": value}),
}


@pytest.mark.parametrize("form", [pytest.param(form, id=name) for name, form in FORMS.items()])
@pytest.mark.parametrize("plant", [pytest.param(plant, id=name) for name, plant in PLACES.items()])
def test_what_was_planted_is_found(
    redis: Redis, plant: Callable[[Redis, bytes], Any], form: Callable[[bytes], bytes]
) -> None:
    plant(redis, form(NEEDLE.encode()))

    assert is_held(redis, ["something else", NEEDLE])
    assert not is_held(redis, ["something else"])


def test_what_stands_in_a_key_is_found(redis: Redis) -> None:
    redis.set(f"rq:job:{NEEDLE}", "value")

    assert is_held(redis, [NEEDLE])


def test_nothing_asked_is_nothing_found(redis: Redis) -> None:
    redis.set("rq:x", "value")

    assert not is_held(redis, [])
    assert not is_held(redis, [""])


def test_what_others_keep_in_the_same_redis_is_not_read(redis: Redis) -> None:
    redis.set("cache:x", NEEDLE)

    assert not is_held(redis, [NEEDLE])
