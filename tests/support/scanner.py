"""The deep scan: does a file, a database or a live Redis hold somebody's data, however it is wrapped?

A plain search misses what is compressed, packed as base64 or hex, or folded by Redis. Here every layer that can be
opened is opened, wherever in the bytes it begins, and each is searched for every form of every needle.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import re2
from redis import Redis
from sqlalchemy import Engine, MetaData, select

from tests.support.needles import Needle, expression
from tests.support.unwrapping import GAP, unwrapped

DEPTH = 4
"""Layers that are opened, one inside the other."""


@dataclass(frozen=True)
class Hit:
    """What was found: in which place, through which layers, in which form. It never shows the value."""

    place: str
    needle: str
    form: str
    layers: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.needle} ({' > '.join((*self.layers, self.form))}) in {self.place}"


@dataclass(frozen=True)
class Scanner:
    """Looks for needles. Every method returns what it found; nothing found is an empty list."""

    needles: tuple[Needle, ...]

    @cached_property
    def _any(self) -> Any:
        return _compiled(expression(self.needles))

    @cached_property
    def _each(self) -> list[tuple[str, str, Any]]:
        return [
            (needle.name, form, _compiled(b"(?i)" + pattern))
            for needle in self.needles
            for form, pattern in needle.forms
        ]

    def data(self, raw: bytes, place: str = "bytes") -> list[Hit]:
        """Scan some bytes and everything that can be unwrapped from them."""
        return sorted(set(self._layer(raw, place, ())), key=str)

    def _layer(self, raw: bytes, place: str, layers: tuple[str, ...]) -> Iterator[Hit]:
        if self._any.search(raw):
            for name, form, pattern in self._each:
                if pattern.search(raw):
                    yield Hit(place, name, form, layers)
        if len(layers) < DEPTH:
            for layer, inner in unwrapped(raw):
                yield from self._layer(inner, place, (*layers, layer))

    def folders(self, *folders: Path) -> list[Hit]:
        """Scan files, every file below folders, and what they are called."""
        return [hit for folder in folders for path in _files(folder) for hit in self.file(path)]

    def file(self, path: Path) -> list[Hit]:
        """Scan one file; one that went away meanwhile holds nothing."""
        hits = self.data(str(path).encode(), f"the name of {path}")
        try:
            return hits + self.data(path.read_bytes(), str(path))
        except FileNotFoundError:
            return hits

    def redis(self, url: str) -> list[Hit]:
        """Scan a live Redis: every key and value of every database, its slow log, its channels and clients."""
        return [hit for place, raw in _redis(url) for hit in self.data(raw, place)]

    def database(self, engine: Engine) -> list[Hit]:
        """Scan a live database: every column of every row of every table, as a query reads them."""
        return [hit for place, raw in rows(engine) for hit in self.data(raw, place)]


def _compiled(pattern: bytes) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = 256 << 20
    options.never_capture = True
    return re2.compile(pattern, options)


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path


def rows(engine: Engine) -> Iterator[tuple[str, bytes]]:
    """Yield (table.column, all its values) of a live database."""
    metadata = MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            for column in table.columns:
                values = connection.execute(select(column).where(column.is_not(None))).scalars()
                yield f"{table.name}.{column.name}", GAP.join(map(_raw, values))


def _raw(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _redis(url: str) -> Iterator[tuple[str, bytes]]:
    with Redis.from_url(url) as redis:
        numbers = sorted(int(name.removeprefix("db")) for name in redis.info("keyspace"))
        beside = (redis.slowlog_get(1000), redis.pubsub_channels(), redis.client_list(), redis.function_list())
        yield "redis beside its keys", _flat(beside)
    for number in numbers:
        with Redis.from_url(url, db=number) as redis:
            for key in redis.scan_iter(count=1000):
                yield f"redis {number}: {key!r}", GAP.join((key, _flat(_value(redis, key))))


def _value(redis: Any, key: bytes) -> Any:
    """Return what a key holds; nothing if it went away meanwhile."""
    match redis.type(key):
        case b"string":
            return redis.get(key)
        case b"list":
            return redis.lrange(key, 0, -1)
        case b"set":
            return redis.smembers(key)
        case b"hash":
            return redis.hgetall(key)
        case b"zset":
            return redis.zrange(key, 0, -1, withscores=True)
        case b"stream":
            return redis.xrange(key)
        case kind:
            return kind


def _flat(value: Any) -> bytes:
    if isinstance(value, dict):
        return GAP.join(_flat(each) for pair in value.items() for each in pair)
    if isinstance(value, list | tuple | set):
        return GAP.join(map(_flat, value))
    return _raw(value)
