"""Files that people sent: fetched from Meta and from nobody else."""

import json

import pytest
import responses
from responses import matchers

from bot.wire.errors import Outcome, SendError
from bot.wire.graph import Graph
from tests.wire.fake_meta import FakeMeta, Reply, page

BASE = "https://graph.facebook.com/v26.0"
TOKEN = "made-up-token"
EXPIRED = {"error": {"code": 190, "message": "Session has expired"}}
FILE = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1003"


def test_it_fetches_a_file(meta: responses.RequestsMock, graph: Graph) -> None:
    meta.get(f"{BASE}/1003", json={"url": FILE, "mime_type": "image/jpeg", "id": "1003"})
    meta.get(FILE, body=b"x" * 1000, match=[matchers.header_matcher({"Authorization": f"Bearer {TOKEN}"})])
    assert graph.download(graph.media_url("1003", TOKEN), TOKEN, max_bytes=1000) == b"x" * 1000


def test_it_fetches_no_more_than_allowed(meta: responses.RequestsMock, graph: Graph) -> None:
    meta.get(FILE, body=b"x" * 1001)
    with pytest.raises(ValueError, match="larger"):
        graph.download(FILE, TOKEN, max_bytes=1000)


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        pytest.param(404, "<html>", Outcome.REFUSED, id="the address is too old"),
        pytest.param(401, json.dumps(EXPIRED), Outcome.REFUSED, id="the token is too old"),
        pytest.param(302, "", Outcome.REFUSED, id="sent elsewhere"),
        pytest.param(503, "", Outcome.UNKNOWN, id="out of order"),
        pytest.param(206, "{}", Outcome.UNKNOWN, id="half a file"),
    ],
)
def test_a_file_that_does_not_come_is_no_file(
    meta: responses.RequestsMock, graph: Graph, status: int, body: str, outcome: Outcome
) -> None:
    meta.get(FILE, body=body, status=status, headers={"Location": "https://example.com/"} if status == 302 else {})
    with pytest.raises(SendError) as caught:
        graph.download(FILE, TOKEN, max_bytes=1000)
    assert (caught.value.outcome, caught.value.http_status) == (outcome, status)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://example.com/file", id="somebody else"),
        pytest.param("https://fbsbx.com.example.com/file", id="a name that looks like Meta's"),
        pytest.param("https://notfacebook.com/file", id="a name that ends like Meta's"),
        pytest.param("http://lookaside.fbsbx.com/file", id="no TLS"),
        pytest.param("http://127.0.0.1/file", id="this machine, when Meta is elsewhere"),
        pytest.param("file:///etc/passwd", id="no web at all"),
        pytest.param("https://graph.facebook.com@example.com/file", id="a name before the name"),
    ],
)
def test_the_token_goes_to_nobody_else(meta: responses.RequestsMock, graph: Graph, url: str) -> None:
    with pytest.raises(ValueError, match="not Meta's"):
        graph.download(url, TOKEN, max_bytes=1000)
    assert not meta.calls


def test_it_fetches_files_from_a_simulated_meta() -> None:
    with FakeMeta([Reply(page(b"file"))]) as meta, Graph(meta.url) as graph:
        assert graph.download(meta.url + "/files/1", TOKEN, max_bytes=10) == b"file"


def test_a_file_that_breaks_off_is_no_file() -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfile"
    with FakeMeta([Reply(cut, then="close")]) as meta, Graph(meta.url) as graph, pytest.raises(SendError) as caught:
        graph.download(meta.url + "/files/1", TOKEN, max_bytes=10)
    assert caught.value.outcome is Outcome.UNKNOWN
