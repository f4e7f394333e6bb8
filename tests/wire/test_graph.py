"""The other calls of the Graph API."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
import responses
from responses import matchers
from urllib3.exceptions import MaxRetryError, NewConnectionError, ReadTimeoutError

from bot.wire.errors import Outcome, SendError
from bot.wire.graph import NUMBER_FIELDS, TEMPLATE_FIELDS, Graph
from tests.wire.fake_meta import FakeMeta, Reply, page

BASE = "https://graph.facebook.com/v26.0"
TOKEN = "made-up-token"
LIST = f"{BASE}/102290129340398/message_templates"
LOST_MARK = {"error": {"code": 131059, "message": "Bad cursor"}}
NOT_THERE = {"error": {"code": 100, "error_subcode": 33, "message": "Object does not exist"}}
EXPIRED = {"error": {"code": 190, "message": "Session has expired"}}


def listed(*names: str, after: str = "") -> dict[str, Any]:
    paging: dict[str, Any] = {"cursors": {"before": "b", "after": after or "end"}}
    if after:
        # Meta puts the token into this address, so nobody may follow it.
        paging["next"] = f"https://elsewhere.example.com/?access_token={TOKEN}&after={after}"
    return {"data": [{"id": name, "name": name} for name in names], "paging": paging}


def asked(*, after: str = "") -> Any:
    params = {"fields": TEMPLATE_FIELDS, "limit": "100"} | ({"after": after} if after else {})
    return [
        matchers.query_param_matcher(params),
        matchers.header_matcher({"Authorization": f"Bearer {TOKEN}"}),
    ]


def names(graph: Graph) -> list[str]:
    return [each["name"] for each in graph.templates("102290129340398", TOKEN)]


def test_it_lists_templates_page_by_page(meta: responses.RequestsMock, graph: Graph) -> None:
    meta.get(LIST, json=listed("a", "b", after="p2"), match=asked())
    meta.get(LIST, json=listed("c", after="p3"), match=asked(after="p2"))
    meta.get(LIST, json=listed("d"), match=asked(after="p3"))
    assert names(graph) == ["a", "b", "c", "d"]


def test_a_lost_mark_starts_the_list_again_and_nothing_comes_twice(meta: responses.RequestsMock, graph: Graph) -> None:
    meta.get(LIST, json=listed("a", "b", after="p2"), match=asked())
    meta.get(LIST, json=LOST_MARK, status=400, match=asked(after="p2"))
    meta.get(LIST, json=listed("b", "n", after="q2"), match=asked())
    meta.get(LIST, json=listed("c"), match=asked(after="q2"))
    assert names(graph) == ["a", "b", "n", "c"]


def test_a_list_that_loses_every_mark_ends(meta: responses.RequestsMock, graph: Graph) -> None:
    lost = meta.get(LIST, json=LOST_MARK, status=400)
    with pytest.raises(SendError) as caught:
        names(graph)
    assert (caught.value.code, lost.call_count) == (131059, 4)


def test_a_mark_that_leads_nowhere_ends_the_list(meta: responses.RequestsMock, graph: Graph) -> None:
    meta.get(LIST, json=listed("a", after="p2"), match=asked())
    meta.get(LIST, json=listed("b", after="p2"), match=asked(after="p2"))
    assert names(graph) == ["a", "b"]


def test_a_list_without_end_ends(meta: responses.RequestsMock, graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.wire.graph._MOST_PAGES", 3)
    for number in range(3):
        meta.get(LIST, json=listed(f"n{number}", after=f"m{number}"))
    assert names(graph) == ["n0", "n1", "n2"]


def test_it_tells_about_numbers(meta: responses.RequestsMock, graph: Graph) -> None:
    fields = {"fields": NUMBER_FIELDS}
    meta.get(f"{BASE}/1065", json={"id": "1065"}, match=[matchers.query_param_matcher(fields)])
    meta.get(
        f"{BASE}/1022/phone_numbers",
        json={"data": [{"id": "1065"}], "paging": {"cursors": {}}},
        match=[matchers.query_param_matcher(fields | {"limit": "100"})],
    )
    assert graph.number_info("1065", TOKEN) == {"id": "1065"}
    assert graph.numbers("1022", TOKEN) == [{"id": "1065"}]


def test_it_uploads_a_file_with_its_type(meta: responses.RequestsMock, graph: Graph) -> None:
    form = {"messaging_product": "whatsapp", "type": "text/plain"}
    file = {"file": ("my-data.txt", b"{}", "text/plain")}
    meta.post(f"{BASE}/1065/media", json={"id": "1037"}, match=[matchers.multipart_matcher(file, data=form)])
    assert graph.upload_media("1065", TOKEN, b"{}", "text/plain", "my-data.txt") == "1037"


@pytest.mark.parametrize(
    ("status", "answer", "deleted"),
    [
        pytest.param(200, {"success": True}, True, id="deleted"),
        pytest.param(200, {"success": False}, False, id="not deleted"),
        pytest.param(400, NOT_THERE, False, id="Meta does not know it"),
        pytest.param(404, {}, False, id="not there at all"),
    ],
)
def test_it_deletes_media(
    meta: responses.RequestsMock, graph: Graph, *, status: int, answer: dict[str, Any], deleted: bool
) -> None:
    meta.delete(f"{BASE}/1037", json=answer, status=status)
    assert graph.delete_media("1037", TOKEN) is deleted


def test_a_deletion_that_fails_is_no_deletion(meta: responses.RequestsMock, graph: Graph) -> None:
    meta.delete(f"{BASE}/1037", json=EXPIRED, status=401)
    with pytest.raises(SendError) as caught:
        graph.delete_media("1037", TOKEN)
    assert (caught.value.outcome, caught.value.code) == (Outcome.REFUSED, 190)


@pytest.mark.parametrize("deleted", [True, False])
def test_it_deletes_a_person_from_the_contact_book(
    meta: responses.RequestsMock, graph: Graph, *, deleted: bool
) -> None:
    meta.delete(
        f"{BASE}/1065/contact_book",
        json={"success": True, "deleted": deleted},
        match=[matchers.query_param_matcher({"messaging_product": "whatsapp", "bsuid": "US.1349"})],
    )
    assert graph.delete_contact("1065", TOKEN, "US.1349") is deleted


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param("<html>", 200, id="a page"),
        pytest.param("[]", 200, id="a list"),
        pytest.param("[" * 100_000, 200, id="a depth without end"),
        pytest.param("{}", 200, id="no id in it"),
        pytest.param("<html>", 502, id="an edge out of order"),
    ],
)
def test_an_answer_that_cannot_be_understood_is_unknown(
    meta: responses.RequestsMock, graph: Graph, body: str, status: int
) -> None:
    meta.post(f"{BASE}/1065/media", body=body, status=status)
    with pytest.raises(SendError) as caught:
        graph.upload_media("1065", TOKEN, b"x", "text/plain", "x.txt")
    assert caught.value.outcome is Outcome.UNKNOWN


def test_it_passes_on_how_long_to_wait(meta: responses.RequestsMock, graph: Graph) -> None:
    meta.get(f"{BASE}/1003", json={"error": {"code": 4}}, status=400, headers={"Retry-After": "60"})
    with pytest.raises(SendError) as caught:
        graph.media_url("1003", TOKEN)
    assert (caught.value.code, caught.value.retry_after) == (4, 60.0)


POOL: Any = None


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        pytest.param(requests.ConnectTimeout(), Outcome.NOT_SENT, id="nobody opens"),
        pytest.param(
            requests.ConnectionError(MaxRetryError(POOL, "/", NewConnectionError(POOL, "refused"))),
            Outcome.NOT_SENT,
            id="refused",
        ),
        pytest.param(requests.ReadTimeout(), Outcome.UNKNOWN, id="no answer"),
        pytest.param(
            requests.ConnectionError(MaxRetryError(POOL, "/", ReadTimeoutError(POOL, "/", "late"))),
            Outcome.UNKNOWN,
            id="lost on the way",
        ),
        pytest.param(requests.ConnectionError("reset"), Outcome.UNKNOWN, id="reset"),
    ],
)
def test_it_knows_what_was_not_sent(
    meta: responses.RequestsMock, graph: Graph, fault: Exception, outcome: Outcome
) -> None:
    meta.delete(f"{BASE}/1065/contact_book", body=fault)
    with pytest.raises(SendError) as caught:
        graph.delete_contact("1065", TOKEN, "US.1349")
    assert caught.value.outcome is outcome
    # requests' own error names the person and holds the token.
    assert caught.value.__context__ is None


def test_an_id_stays_one_part_of_the_address(meta: responses.RequestsMock, graph: Graph) -> None:
    meta.delete(f"{BASE}/..%2Fme%3Fx", json={"success": True})
    assert graph.delete_media("../me?x", TOKEN)


CALLS: list[Callable[[Graph], object]] = [
    lambda graph: graph.number_info("1065", TOKEN),
    lambda graph: graph.media_url("1003", TOKEN),
]


@pytest.mark.parametrize("call", CALLS)
def test_it_asks_neither_proxy_nor_netrc(call: Callable[[Graph], object], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    cookie = "Set-Cookie: a=b; Path=/\r\n"
    with FakeMeta([Reply(page(b'{"url": "https://lookaside.fbsbx.com/1"}', headers=cookie))]) as meta:
        with Graph(meta.url) as graph:
            call(graph)
            call(graph)
        assert "cookie" not in meta.requests[1].headers
        assert len(meta.connections) == 1


def test_it_refuses_a_base_that_is_not_safe() -> None:
    with pytest.raises(ValueError, match="Graph URL"):
        Graph("http://graph.facebook.com/v26.0")
