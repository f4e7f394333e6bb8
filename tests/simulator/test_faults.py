"""Planned misfortune happens as planned, and so often as planned."""

import http.client
import time
from typing import Any

import pytest

from tests.simulator.harness import Answer, Client, Receiver, text

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def opened(client: Client, receiver: Receiver) -> None:
    """Open Asha's service window, and forget how."""
    client.post("/sim/say", {"person": "asha", "text": "hi"})
    client.idle()
    receiver.bodies.clear()


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "429"}, 429, 130429),
        ({"kind": "500"}, 500, 131000),
        ({"kind": "code", "code": 131056}, 400, 131056),
        ({"kind": "code", "code": 190}, 401, 190),
        ({"kind": "code", "code": 131042}, 400, 131042),
    ],
    ids=["too many", "server fault", "pair rate", "token", "payment"],
)
def test_an_error_comes_once_and_nothing_is_accepted(client: Client, fault: Json, status: int, code: int) -> None:
    client.post("/sim/faults", {"on": "messages", "count": 1, **fault})
    answer = client.send(text("x"))
    assert (answer.status, answer.code) == (status, code)
    assert client.send(text("x")).status == 200
    assert [entry["accepted"] for entry in client.get("/sim/log")["entries"]] == [False, True]


def test_an_edge_answers_html(client: Client) -> None:
    client.post("/sim/faults", {"on": "messages", "kind": "502html", "count": 1})
    answer = client.send(text("x"))
    assert (answer.status, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("kind", "accepted"),
    [pytest.param("reset_before", False, id="before"), pytest.param("reset_after", True, id="after")],
)
def test_a_connection_is_reset(client: Client, receiver: Receiver, *, kind: str, accepted: bool) -> None:
    client.post("/sim/faults", {"on": "messages", "kind": kind, "count": 1})
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        client.send(text("x", biz_opaque_callback_data="ref-1"))
    client.connection.close()
    entry = client.get("/sim/log")["entries"][-1]
    assert (entry["status"], entry["accepted"], entry["ref"]) == (0, accepted, "ref-1")
    client.idle()
    assert bool(receiver.all("statuses")) is accepted


@pytest.mark.parametrize("kind", ["slow", "delay"])
def test_an_answer_takes_its_time(client: Client, kind: str) -> None:
    client.post("/sim/faults", {"on": "messages", "kind": kind, "seconds": 0.2, "count": 1})
    began = time.monotonic()
    assert client.send(text("x")).status == 200
    assert time.monotonic() - began >= 0.2


def test_an_accepted_message_may_vanish(client: Client, receiver: Receiver) -> None:
    client.post("/sim/faults", {"on": "messages", "kind": "drop", "count": 1})
    client.sent(text("x"))
    client.idle()
    assert receiver.bodies == []
    assert client.chat("asha")["bubbles"][-1]["status"] == "accepted"


def test_a_webhook_comes_twice(client: Client, receiver: Receiver) -> None:
    client.post("/sim/faults", {"on": "webhook", "kind": "duplicate", "only": "messages"})
    client.post("/sim/say", {"person": "asha", "text": "once"})
    client.sent(text("x"))
    client.idle()
    assert len(receiver.all("messages")) == 2
    assert len({message["id"] for message in receiver.all("messages")}) == 1
    assert len(receiver.all("statuses")) == 3


def test_a_webhook_is_lost_or_late(client: Client, receiver: Receiver) -> None:
    client.post("/sim/faults", [
        {"on": "webhook", "kind": "drop", "count": 1},
        {"on": "webhook", "kind": "delay", "seconds": 0.2, "count": 1},
    ])  # fmt: skip
    for word in ("lost", "late", "in time"):
        client.post("/sim/say", {"person": "asha", "text": word})
    client.idle()
    assert [message["text"]["body"] for message in receiver.all("messages")] == ["in time", "late"]


def test_reordering_changes_the_order_and_nothing_else(client: Client, receiver: Receiver) -> None:
    client.post("/sim/faults", {"on": "webhook", "kind": "reorder", "seconds": 0.2, "seed": 7})
    for count in range(20):
        client.post("/sim/say", {"person": "asha", "text": str(count)})
    client.idle()
    came = [int(message["text"]["body"]) for message in receiver.all("messages")]
    assert came != sorted(came)
    assert sorted(came) == list(range(20))


def test_a_seed_repeats_a_share(client: Client) -> None:
    def run() -> list[int]:
        fault = client.post("/sim/faults", {"on": "messages", "kind": "500", "share": 0.5, "seed": 3})
        statuses = [client.send(text("x")).status for _ in range(12)]
        client.ask("DELETE", f"/sim/faults?id={fault['id']}")
        return statuses

    first = run()
    assert first == run()
    assert set(first) == {200, 500}


def test_media_and_the_rest_of_graph_fail_on_their_own(client: Client) -> None:
    client.post("/sim/faults", [{"on": "media", "kind": "500"}, {"on": "graph", "kind": "429"}])
    media = client.ask("POST", "/v26.0/10555000111/media", b"")
    templates = client.ask("GET", "/v26.0/WABA1/message_templates")
    assert (media.status, templates.status, client.send(text("x")).status) == (500, 429, 200)
    client.ask("DELETE", "/sim/faults")
    assert client.get("/sim/faults") == []
    assert client.ask("GET", "/v26.0/WABA1/message_templates").status == 200


@pytest.mark.parametrize(
    "fault",
    [
        {"on": "messages", "kind": "earthquake"},
        {"on": "nowhere", "kind": "500"},
        {"on": "messages", "kind": "code"},
        {"on": "messages", "kind": "500", "colour": "red"},
    ],
    ids=["kind", "place", "code", "key"],
)
def test_it_refuses_a_fault_that_does_not_exist(client: Client, fault: Json) -> None:
    answer: Answer = client.ask("POST", "/sim/faults", fault)
    assert answer.status == 400
    assert answer.json["error"]
