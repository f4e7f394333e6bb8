"""Looking for ids in all that we have in Redis, in clear and as RQ encodes things: zlib, base64, one in the other."""

import base64
import binascii
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from redis import Redis

OURS = ("rq:*", "lethe:*")
"""All keys that we, and RQ for us, ever write."""

READERS: dict[Any, Callable[[Redis, bytes], Any]] = {
    b"string": lambda redis, key: redis.get(key),
    b"hash": lambda redis, key: redis.hgetall(key),
    b"list": lambda redis, key: redis.lrange(key, 0, -1),
    b"set": lambda redis, key: redis.smembers(key),
    b"zset": lambda redis, key: redis.zrange(key, 0, -1),
    b"stream": lambda redis, key: redis.xrange(key),
}


def is_held(redis: Redis, ids: Iterable[str]) -> bool:
    """Return whether any of the ids stands anywhere; redis-py's errors pass through."""
    needles = [each.encode() for each in ids if each]
    contents = (content for pattern in OURS for content in _contents(redis, pattern))
    return bool(needles) and any(
        needle in form for content in contents for form in _forms(content) for needle in needles
    )


def _contents(redis: Redis, pattern: str) -> Iterator[bytes]:
    for key in redis.scan_iter(match=pattern, count=1000):
        yield key
        # A key that ended meanwhile has the type "none".
        if read := READERS.get(redis.type(key)):
            yield from _flat(read(redis, key))


def _flat(value: Any) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        yield from _flat([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple | set):
        for each in value:
            yield from _flat(each)


def _forms(content: bytes) -> Iterator[bytes]:
    yield content
    unpacked = _unzipped(content)
    yield unpacked
    for layer in (content, unpacked):
        decoded = _decoded(layer)
        yield decoded
        yield _unzipped(decoded)


def _unzipped(content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error:
        return b""


def _decoded(content: bytes) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error:
        return b""
