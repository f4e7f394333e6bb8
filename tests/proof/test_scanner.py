"""The scanner finds what it must find: a proof by scan is worth no more than this."""

import base64
import random
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import create_engine

from bot.store.valkey import EmbeddedValkey
from simulator.wamid import wamid as make_wamid
from tests.proof.planted import BSUID, FILLING, NAME, PHONE, PLANTED, SAID, TEXT, WAMID
from tests.support import needles
from tests.support.scanner import Scanner

SCANNER = Scanner((
    needles.phone(PHONE),
    needles.text("name", NAME),
    needles.text("text", TEXT),
    needles.text("bsuid", BSUID),
    *needles.wamid(WAMID),
))  # fmt: skip


@pytest.mark.parametrize("raw", PLANTED.values(), ids=PLANTED)
def test_it_finds_in_a_file(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    among = {
        "alone": raw,
        "among bytes": FILLING + b"\0" + raw + b"\0" + FILLING,
        "among words": b"some words, then: " + raw + b" and more of them.\n",
    }
    for name, content in among.items():
        (tmp_path / "deep" / "er" / name).write_bytes(content)

    assert {Path(hit.place).name for hit in SCANNER.folders(tmp_path)} == set(among)


@pytest.mark.parametrize("raw", PLANTED.values(), ids=PLANTED)
def test_it_finds_in_a_live_redis(raw: bytes, redis: Redis, valkey: str) -> None:
    redis.hset("job", mapping={"data": FILLING + b"\0" + raw + b"\0"})

    assert SCANNER.redis(valkey)


PUT: dict[str, Callable[[Redis], object]] = {
    "a key": lambda redis: redis.set(f"x:{PHONE}", 1),
    "a string": lambda redis: redis.set("x", PHONE),
    "a list": lambda redis: redis.rpush("x", "1", PHONE, "2"),
    "a set": lambda redis: redis.sadd("x", PHONE),
    "a field": lambda redis: redis.hset("x", PHONE, "1"),
    "a sorted set": lambda redis: redis.zadd("x", {PHONE: 1}),
    "a score": lambda redis: redis.zadd("x", {"a": float(PHONE)}),
    "a stream": lambda redis: redis.xadd("x", {"exc_string": base64.b64encode(zlib.compress(PHONE.encode()))}),
    "the name of a client": lambda redis: redis.client_setname(f"worker-{PHONE}"),
}


@pytest.mark.parametrize("put", PUT.values(), ids=PUT)
def test_it_finds_wherever_redis_keeps_something(put: Callable[[Redis], object], valkey: str) -> None:
    with Redis.from_url(valkey, single_connection_client=True) as redis:
        redis.flushall()
        put(redis)

        assert SCANNER.redis(valkey)


def test_it_finds_in_another_database_of_redis(redis: Redis, valkey: str) -> None:
    with Redis.from_url(valkey, db=3) as third:
        third.set("x", PHONE)

    assert SCANNER.redis(valkey)


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(tmp_path / "valkey")
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("write", ["save", "bgrewriteaof"])
def test_it_finds_what_redis_has_folded_into_a_dump(write: str, own_valkey: EmbeddedValkey, tmp_path: Path) -> None:
    said = "".join(f"{number} to be, to be, {PHONE[:6]} {PHONE[6:]} " for number in range(40))
    with Redis.from_url(own_valkey.url) as redis:
        redis.set("x", said * 5)
        redis.execute_command(write)
        while (
            redis.info("persistence")["aof_rewrite_in_progress"] or redis.info("persistence")["rdb_bgsave_in_progress"]
        ):
            pass
    dumps = [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes()[:5] in {b"REDIS", b"VALKE"}]

    assert dumps
    assert any("lzf" in hit.layers for path in dumps for hit in SCANNER.file(path))


def test_it_finds_in_the_free_pages_of_sqlite(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "some.db") as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("CREATE TABLE said (body TEXT)")
        connection.execute("INSERT INTO said VALUES (?)", [SAID])
        connection.commit()
        connection.execute("DELETE FROM said")
        connection.commit()

    assert SCANNER.folders(tmp_path)


@pytest.mark.parametrize(
    "value", [SAID, SAID.encode(), zlib.compress(SAID.encode()), int(PHONE)], ids=["text", "bytes", "packed", "number"]
)
def test_it_finds_in_the_rows_of_a_database(value: object, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "some.db") as connection:
        connection.execute("CREATE TABLE said (id INTEGER, body)")
        connection.execute("INSERT INTO said VALUES (1, ?)", [value])
    connection.close()
    engine = create_engine(f"sqlite:///{tmp_path / 'some.db'}")

    assert {hit.place for hit in SCANNER.database(engine)} == {"said.body"}

    engine.dispose()


def test_it_finds_in_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / f"export-{PHONE}.txt").touch()

    assert SCANNER.folders(tmp_path)


def test_a_hit_tells_the_way_to_it_and_not_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(base64.b64encode(zlib.compress(f"call {PHONE}".encode())))

    (hit,) = SCANNER.folders(tmp_path)

    assert (hit.needle, hit.layers, hit.form) == ("phone", ("base64", "zlib"), "written")
    assert PHONE not in str(hit)


@pytest.mark.parametrize("seed", range(3))
def test_it_finds_nothing_in_random_bytes(seed: int) -> None:
    assert SCANNER.data(random.Random(seed).randbytes(2_000_000)) == []


def test_it_finds_nothing_in_random_texts() -> None:
    chance = random.Random(5)
    digits = "".join(chance.choices("0123456789", k=500_000))
    packed = base64.b64encode(chance.randbytes(300_000))

    assert SCANNER.data(f"{digits} {chance.randbytes(200_000).hex()} ".encode() + packed) == []


def test_it_finds_nothing_of_somebody_else(tmp_path: Path, redis: Redis, valkey: str) -> None:
    other = "447700900714"
    (tmp_path / "file").write_bytes(make_wamid(other, outbound=True).encode() + zlib.compress(b"Zephyrine"))
    redis.set("x", other)

    assert SCANNER.folders(tmp_path) == []
    assert SCANNER.redis(valkey) == []
