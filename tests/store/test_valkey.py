"""The embedded Valkey: on a socket, keeps its data, evicts nothing."""

from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.store.valkey import EmbeddedValkey


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    first = EmbeddedValkey(tmp_path)
    with Redis.from_url(first.start()) as client:
        client.set("key", "value")
    first.stop()
    second = EmbeddedValkey(tmp_path)

    with Redis.from_url(second.start()) as client:
        assert client.get("key") == b"value"
    second.stop()


def test_it_listens_on_a_socket_of_its_owner_only_and_on_no_port(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    with Redis.from_url(server.start()) as client:
        settings = client.config_get("*")
    server.stop()

    assert settings["port"] == "0"
    assert settings["unixsocketperm"] == "700"
    assert (settings["maxmemory-policy"], settings["appendonly"]) == ("noeviction", "yes")


def test_a_folder_with_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path / ("long" * 30))
    url = server.start()
    with Redis.from_url(url) as client:
        assert client.ping()
    server.stop()

    assert len(url) < 108


def test_stopping_twice_is_no_fault(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    url = server.start()
    assert server.runs()
    server.stop()
    server.stop()

    assert not server.runs()
    with pytest.raises(RedisConnectionError), Redis.from_url(url) as client:
        client.ping()


def test_a_socket_is_put_where_its_path_is_short_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    server = EmbeddedValkey(deep)
    server.start()
    try:
        assert server.runs()
        assert len(server.url) < 110
    finally:
        server.stop()
