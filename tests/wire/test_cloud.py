"""Messages out: what went, what did not, and what nobody knows."""

import ipaddress
import logging
import os
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.wire import transport
from bot.wire.cloud import Accepted, Cloud
from bot.wire.errors import Action, Outcome, SendError
from bot.wire.render import read_mark
from tests.wire.fake_meta import ACCEPTED, FakeMeta, Reply, Request, answer, page

TOKEN = "made-up-token"
PAYLOAD = {"messaging_product": "whatsapp", "to": "+15551234567", "type": "text", "text": {"body": "Grüße 🍰"}}
PAIR_RATE = {"error": {"message": "(#131056)", "type": "OAuthException", "code": 131056, "fbtrace_id": "A"}}


def post(meta: FakeMeta, *, read_timeout: float = 5.0, max_bytes: int = 1 << 20) -> Accepted:
    cloud = Cloud(meta.url, read_timeout=read_timeout, max_bytes=max_bytes)
    try:
        return cloud.post("106540352242922", TOKEN, PAYLOAD)
    finally:
        cloud.close()


def test_it_posts_the_payload_as_it_is() -> None:
    before = dict(PAYLOAD)
    with FakeMeta([Reply()]) as meta:
        assert post(meta).wamid == "wamid.A"
    (request,) = meta.requests
    assert request.line == "POST /v26.0/106540352242922/messages HTTP/1.1"
    assert request.json == PAYLOAD == before
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["host"] == meta.url.removeprefix("http://").removesuffix("/v26.0")


@pytest.mark.parametrize(
    ("contacts", "message", "accepted"),
    [
        pytest.param(
            [{"input": "+15551234567", "wa_id": "15551234567"}],
            {"id": "wamid.A"},
            Accepted(wamid="wamid.A", phone="15551234567"),
            id="to a number",
        ),
        pytest.param(
            [{"input": "US.13491208655302741918", "user_id": "US.13491208655302741918"}],
            {"id": "wamid.A", "message_status": "accepted"},
            Accepted(wamid="wamid.A", bsuid="US.13491208655302741918"),
            id="to a user id",
        ),
        pytest.param(
            [{"input": "+15551234567", "wa_id": "15551234567"}],
            {"id": "wamid.A", "message_status": "held_for_quality_assessment"},
            Accepted(wamid="wamid.A", phone="15551234567", held=True),
            id="held",
        ),
        pytest.param(
            [], {"id": "wamid.A", "message_status": "paused"}, Accepted(wamid="wamid.A", held=True), id="paused"
        ),
    ],
)
def test_it_tells_who_was_accepted(contacts: list[dict[str, str]], message: dict[str, str], accepted: Accepted) -> None:
    with FakeMeta([Reply(answer({"contacts": contacts, "messages": [message]}))]) as meta:
        assert post(meta) == accepted


def test_it_marks_a_message_read() -> None:
    with FakeMeta([Reply(answer({"success": True}))]) as meta:
        cloud = Cloud(meta.url)
        cloud.mark("106540352242922", TOKEN, read_mark("wamid.B", typing=True))
        cloud.close()
    assert meta.requests[0].json == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.B",
        "typing_indicator": {"type": "text"},
    }


@pytest.mark.parametrize(
    ("reply", "outcome", "code", "http_status"),
    [
        pytest.param(Reply(answer(PAIR_RATE, status=400)), Outcome.REFUSED, 131056, 400, id="a Graph error"),
        pytest.param(Reply(answer(PAIR_RATE, status=503)), Outcome.REFUSED, 131056, 503, id="a Graph error with 503"),
        pytest.param(Reply(answer(PAIR_RATE)), Outcome.REFUSED, 131056, 200, id="a Graph error with 200"),
        pytest.param(
            Reply(answer({"error": {"code": "x"}}, status=400)), Outcome.REFUSED, None, 400, id="a code that is none"
        ),
        pytest.param(Reply(page(b"<html>", status=502)), Outcome.UNKNOWN, None, 502, id="an HTML 502"),
        pytest.param(Reply(page(b"<html>", status=413)), Outcome.REFUSED, None, 413, id="an HTML 413"),
        pytest.param(Reply(page(b"[]")), Outcome.UNKNOWN, None, 200, id="a list"),
        pytest.param(Reply(page(b"[" * 100_000)), Outcome.UNKNOWN, None, 200, id="a depth without end"),
        pytest.param(Reply(answer({"success": True})), Outcome.UNKNOWN, None, 200, id="success without a wamid"),
        pytest.param(Reply(answer({"messages": [{"id": 7}]})), Outcome.UNKNOWN, None, 200, id="a wamid that is none"),
        pytest.param(
            Reply(page(b"", status=302, headers="Location: http://127.0.0.1:1/\r\n")),
            Outcome.REFUSED,
            None,
            302,
            id="sent elsewhere",
        ),
        pytest.param(Reply(ACCEPTED[:-5], then="close"), Outcome.UNKNOWN, None, None, id="cut JSON"),
        pytest.param(Reply(b"HTTP/1.1 200 OK\r\nConte", then="close"), Outcome.UNKNOWN, None, 200, id="cut head"),
        pytest.param(Reply(b"", then="close"), Outcome.UNKNOWN, None, None, id="closed without a word"),
        pytest.param(Reply(b"", then="reset"), Outcome.UNKNOWN, None, None, id="reset after the request"),
        pytest.param(Reply(b"SSH-2.0\r\n", then="close"), Outcome.UNKNOWN, None, None, id="another language"),
        pytest.param(
            Reply(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", then="close"),
            Outcome.UNKNOWN,
            None,
            None,
            id="cut chunk",
        ),
    ],
)
def test_it_knows_what_went_out(reply: Reply, outcome: Outcome, code: int | None, http_status: int | None) -> None:
    with FakeMeta([reply]) as meta, pytest.raises(SendError) as caught:
        post(meta)
    assert (caught.value.outcome, caught.value.code, caught.value.http_status) == (outcome, code, http_status)
    # One request: nothing is ever sent twice by the wire.
    assert len(meta.requests) == 1


def test_it_does_not_wait_for_ever() -> None:
    with FakeMeta([Reply(b"", then="silence")]) as meta, pytest.raises(SendError) as caught:
        post(meta, read_timeout=0.1)
    assert caught.value.outcome is Outcome.UNKNOWN


def test_it_reads_no_answer_larger_than_allowed() -> None:
    with FakeMeta([Reply(page(b"{" + b" " * 2048))]) as meta, pytest.raises(SendError) as caught:
        post(meta, max_bytes=1024)
    assert caught.value.outcome is Outcome.UNKNOWN


def test_it_reads_an_answer_in_chunks() -> None:
    body = b'{"messages":[{"id":"wamid.C"}]}'
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    with FakeMeta([Reply(raw)]) as meta:
        assert post(meta).wamid == "wamid.C"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("Retry-After: 30\r\n", 30.0, id="seconds"),
        pytest.param("Retry-After: 99999999\r\n", 86_400.0, id="never more than a day"),
        pytest.param("Retry-After: Sun, 22 Nov 2026 12:00:00 GMT\r\n", None, id="a date is not read"),
        pytest.param("Retry-After: -5\r\n", None, id="not in the past"),
        pytest.param("", None, id="nothing said"),
    ],
)
def test_it_passes_on_how_long_to_wait(header: str, seconds: float | None) -> None:
    error = {"error": {"code": 130429, "is_transient": True}}
    with FakeMeta([Reply(answer(error, status=429, headers=header))]) as meta, pytest.raises(SendError) as caught:
        post(meta)
    assert caught.value.retry_after == seconds
    assert caught.value.transient
    assert caught.value.policy.action is Action.SLOW_NUMBER


def test_it_says_not_sent_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(SendError) as caught:
        Cloud(f"http://127.0.0.1:{port}/v26.0").post("1", TOKEN, PAYLOAD)
    assert caught.value.outcome is Outcome.NOT_SENT


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


def test_two_clouds_do_not_mix() -> None:
    with FakeMeta([Reply()]) as one, FakeMeta([Reply(answer({"messages": [{"id": "wamid.2"}]}))]) as two:
        assert [post(one).wamid, post(two).wamid, post(one).wamid] == ["wamid.A", "wamid.2", "wamid.A"]


def test_it_tells_no_log_whom_it_writes_to(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeMeta([Reply(), Reply(answer(PAIR_RATE, status=400))]) as meta:
        post(meta)
        with pytest.raises(SendError):
            post(meta)
    assert caplog.records == []


def test_a_failure_names_neither_token_nor_number() -> None:
    with FakeMeta([Reply(answer(PAIR_RATE, status=400))]) as meta, pytest.raises(SendError) as caught:
        post(meta)
    told = f"{caught.value!r} {caught.value} {caught.value.__dict__}"
    assert TOKEN not in told
    assert "15551234567" not in told
    assert caught.value.__context__ is None
    assert TOKEN not in repr(Cloud("https://graph.facebook.com/v26.0").__dict__)


def test_it_asks_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with FakeMeta([Reply()]) as meta:
        assert post(meta).wamid == "wamid.A"


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


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with a key and a certificate for 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "authority.pem"
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def test_it_speaks_tls_with_whom_the_operator_trusts(authority: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(authority)
    with FakeMeta([Reply()], tls=server) as meta:
        cloud = Cloud(meta.url, ca_file=str(authority))
        for _ in range(3):
            assert cloud.post("1", TOKEN, PAYLOAD).wamid == "wamid.A"
        cloud.close()
        # The plain socket and the one with TLS around it.
        assert len(meta.connections) == 2


def test_it_sends_nothing_to_whom_nobody_trusts(authority: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(authority)
    with FakeMeta([Reply()], tls=server) as meta, pytest.raises(SendError) as caught:
        post(meta)
    assert caught.value.outcome is Outcome.NOT_SENT
    assert not meta.requests
