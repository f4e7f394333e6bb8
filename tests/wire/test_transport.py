"""Connections: kept, seen dead, never shared, and open to nobody but Meta."""

import os
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.wire import transport
from bot.wire.cloud import Cloud
from bot.wire.errors import Outcome, SendError
from bot.wire.graph import Graph
from tests.wire.fake_meta import FakeMeta, Reply, Request, answer

TOKEN = "made-up-token"
PAYLOAD = {"messaging_product": "whatsapp", "to": "+15551234567", "type": "text", "text": {"body": "Hello"}}
PAIR_RATE = {"error": {"code": 131056}}


def test_it_keeps_one_connection_for_many_messages() -> None:
    with FakeMeta([Reply()]) as meta:
        cloud = Cloud(meta.url)
        for _ in range(20):
            cloud.post("1", TOKEN, PAYLOAD)
        cloud.close()
    assert (len(meta.requests), len(meta.connections)) == (20, 1)


def test_it_keeps_the_connection_after_a_refusal() -> None:
    with FakeMeta([Reply(answer(PAIR_RATE, status=400)), Reply()]) as meta:
        cloud = Cloud(meta.url)
        with pytest.raises(SendError):
            cloud.post("1", TOKEN, PAYLOAD)
        cloud.post("1", TOKEN, PAYLOAD)
        cloud.close()
    assert len(meta.connections) == 1


@pytest.mark.parametrize("end", ["close", "reset"])
def test_it_sees_that_a_kept_connection_is_dead_before_it_writes(end: str) -> None:
    with FakeMeta([Reply(then=end), Reply()]) as meta:
        cloud = Cloud(meta.url)
        cloud.post("1", TOKEN, PAYLOAD)
        assert meta.closed.wait(5)
        cloud.post("1", TOKEN, PAYLOAD)
        cloud.close()
    assert (len(meta.requests), len(meta.connections)) == (2, 2)


def test_it_does_not_send_again_when_a_kept_connection_dies_after_the_request() -> None:
    with FakeMeta([Reply(), Reply(b"", then="reset"), Reply()]) as meta:
        cloud = Cloud(meta.url)
        cloud.post("1", TOKEN, PAYLOAD)
        with pytest.raises(SendError) as caught:
            cloud.post("1", TOKEN, PAYLOAD)
        cloud.close()
    assert caught.value.outcome is Outcome.UNKNOWN
    assert len(meta.requests) == 2


def test_it_takes_a_new_connection_when_a_kept_one_does_not_take_the_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with FakeMeta([Reply(then="reset"), Reply()]) as meta:
        cloud = Cloud(meta.url)
        cloud.post("1", TOKEN, PAYLOAD)
        assert meta.closed.wait(5)
        # As if the end came between the look and the write.
        monkeypatch.setattr(transport, "_readable", lambda _line: False)
        cloud.post("1", TOKEN, PAYLOAD)
        cloud.close()
    assert (len(meta.requests), len(meta.connections)) == (2, 2)


def test_it_says_not_sent_when_no_connection_takes_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeMeta([Reply()]) as meta:
        cloud = Cloud(meta.url)
        real = socket.create_connection

        def half_closed(address: tuple[str, int], timeout: float) -> socket.socket:
            line = real(address, timeout)
            line.shutdown(socket.SHUT_WR)
            return line

        monkeypatch.setattr(socket, "create_connection", half_closed)
        with pytest.raises(SendError) as caught:
            cloud.post("1", TOKEN, PAYLOAD)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert not meta.requests


def test_it_leaves_a_connection_that_rested_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeMeta([Reply()]) as meta:
        cloud = Cloud(meta.url)
        cloud.post("1", TOKEN, PAYLOAD)
        monkeypatch.setattr(transport, "_LONGEST_IDLE", 0.0)
        cloud.post("1", TOKEN, PAYLOAD)
        cloud.close()
    assert len(meta.connections) == 2


def test_a_child_process_takes_no_connection_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeMeta([Reply()]) as meta:
        cloud = Cloud(meta.url)
        cloud.post("1", TOKEN, PAYLOAD)
        parent = os.getpid()
        monkeypatch.setattr(os, "getpid", lambda: parent + 1)
        cloud.post("1", TOKEN, PAYLOAD)
        cloud.close()
    assert len(meta.connections) == 2


def test_every_thread_gets_its_own_answer() -> None:
    def echo(request: Request) -> Reply:
        return Reply(answer({"messages": [{"id": request.json["text"]["body"]}]}))

    def send(number: int) -> bool:
        text = f"wamid.{number}"
        return cloud.post("1", TOKEN, {"text": {"body": text}}).wamid == text

    with FakeMeta(echo) as meta:
        cloud = Cloud(meta.url)
        with ThreadPoolExecutor(16) as pool:
            assert all(pool.map(send, range(400)))
        cloud.close()
    assert len(meta.connections) <= 16


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://graph.facebook.com/v26.0", id="no TLS"),
        pytest.param("http://10.0.0.1/v26.0", id="no TLS in the house"),
        pytest.param("http://localhost.example.com/v26.0", id="a name that looks local"),
        pytest.param("ftp://127.0.0.1/v26.0", id="another protocol"),
        pytest.param("https:///v26.0", id="no host"),
        pytest.param("https://me:secret@graph.facebook.com/v26.0", id="a password"),
        pytest.param("https://graph.facebook.com/v26.0?a=b", id="a query"),
    ],
)
def test_it_refuses_a_base_that_is_not_safe(url: str) -> None:
    with pytest.raises(ValueError, match="Graph URL"):
        Cloud(url)


@pytest.mark.parametrize(
    "url", ["http://localhost:1/v26.0", "http://[::1]:1/v26.0", "https://graph.facebook.com/v26.0/"]
)
def test_it_takes_https_and_loopback(url: str) -> None:
    Cloud(url).close()


@pytest.mark.parametrize(
    ("number_id", "token"),
    [
        pytest.param("1/../2", TOKEN, id="a number id with a path"),
        pytest.param("", TOKEN, id="no number id"),
        pytest.param("1", "a\r\nX-Other: b", id="a token with a line break"),
        pytest.param("1", "tökén", id="a token that is not ASCII"),
    ],
)
def test_it_writes_no_request_that_is_not_one(number_id: str, token: str) -> None:
    with FakeMeta([Reply()]) as meta:
        with pytest.raises(ValueError, match=r"^(not the id of a number|the address or the token)"):
            Cloud(meta.url).post(number_id, token, PAYLOAD)
        assert not meta.requests


def test_it_speaks_tls_with_whom_the_operator_trusts(authority: Path, tls: ssl.SSLContext) -> None:
    with FakeMeta([Reply()], tls=tls) as meta:
        cloud = Cloud(meta.url, ca_file=str(authority))
        for _ in range(3):
            assert cloud.post("1", TOKEN, PAYLOAD).wamid == "wamid.A"
        cloud.close()
        # The plain socket and the one with TLS around it.
        assert len(meta.connections) == 2


def test_it_sends_nothing_to_whom_nobody_trusts(tls: ssl.SSLContext) -> None:
    with FakeMeta([Reply()], tls=tls) as meta, pytest.raises(SendError) as caught:
        Cloud(meta.url).post("1", TOKEN, PAYLOAD)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert not meta.requests


def test_the_other_calls_trust_the_same(authority: Path, tls: ssl.SSLContext) -> None:
    with FakeMeta([Reply(answer({"id": "1065"}))], tls=tls) as meta:
        with Graph(meta.url, ca_file=str(authority)) as graph:
            assert graph.number_info("1065", TOKEN) == {"id": "1065"}
        with Graph(meta.url) as graph, pytest.raises(SendError) as caught:
            graph.number_info("1065", TOKEN)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert len(meta.requests) == 1
