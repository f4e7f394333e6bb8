"""Messages out: what went, what did not, and what nobody knows."""

import logging
import socket

import pytest

from bot.wire.cloud import Accepted, Cloud
from bot.wire.errors import Action, Outcome, SendError
from bot.wire.render import read_mark
from tests.wire.fake_meta import ACCEPTED, FakeMeta, Reply, answer, page

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
