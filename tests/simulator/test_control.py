"""The control side, the stream, the page, and the command that starts it all."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from simulator.server import Simulator, serve
from simulator.settings import Settings
from tests.simulator.harness import ASHA, NUMBER, Client, Receiver, text

Json = dict[str, Any]


def test_it_tells_everything_at_once(client: Client, receiver: Receiver) -> None:
    client.post("/sim/say", {"person": "asha", "text": "hi"})
    state = client.get("/sim/state")
    assert state["numbers"][0] == {"id": NUMBER, "phone": "15550001111", "waba": "WABA1", "name": "Sunrise Bakery"}
    assert [person["id"] for person in state["people"]] == ["asha", "meera", "diego", "ravi", "carol"]
    (conversation,) = state["conversations"]
    assert (conversation["person"], conversation["number"], conversation["bubbles"]) == ("asha", NUMBER, 1)
    assert conversation["last"]["text"] == "hi"
    assert state["clock"]["offset_seconds"] == 0
    assert state["bot"] == receiver.url.removesuffix("/webhook")
    assert {template["name"] for template in state["templates"]} == {"order_update", "come_back", "code", "photo"}


@pytest.mark.parametrize("key", ["asha", "Asha", "447700900101", "+44 7700 900101", "GB.10000000000000000001"], ids=str)
def test_a_person_is_found_by_every_name(client: Client, key: str) -> None:
    assert client.post("/sim/say", {"person": key, "text": "hi"})["wamid"]
    assert len(client.chat("asha")["bubbles"]) == 1


def test_people_come_and_change(client: Client) -> None:
    made = client.post("/sim/people", {"name": "Asha", "phone": "+49 30 0001", "language": "de", "reads": False})
    assert (made["id"], made["phone"], made["reads"], made["user_id"][:3]) == ("asha-2", "49300001", False, "DE.")
    nameless = client.post("/sim/people", {"name": "🎈"})
    assert (nameless["id"], nameless["phone"]) == ("person", None)
    assert client.post("/sim/people", {"id": "asha-2", "name": "Ash"})["name"] == "Ash"
    assert len(client.get("/sim/people")) == 7


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"name": "X", "shoe": 42}, 400),
        ({"name": "X", "phone": ASHA}, 400),
        ({"name": "X", "user_id": "GB.10000000000000000001"}, 400),
        ({"id": "nobody", "name": "X"}, 404),
    ],
    ids=["unknown fact", "taken phone", "taken user id", "unknown id"],
)
def test_it_refuses_a_person(client: Client, facts: Json, status: int) -> None:
    assert client.ask("POST", "/sim/people", facts).status == status


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/sim/say", {"person": "nobody", "text": "x"}, 404),
        ("POST", "/sim/say", {"person": "asha", "number": "1", "text": "x"}, 404),
        ("POST", "/sim/say", {"person": "asha"}, 400),
        ("POST", "/sim/say", [], 400),
        ("POST", "/sim/say", b"{", 400),
        ("POST", "/sim/send", {"person": "asha", "message": {}}, 400),
        ("POST", "/sim/send", {"person": "asha", "message": {"type": "image", "image": {"data": "?"}}}, 400),
        ("POST", "/sim/react", {"person": "asha", "wamid": "x"}, 404),
        ("POST", "/sim/preference", {"person": "asha", "value": "maybe"}, 400),
        ("POST", "/sim/clock", {"advance_seconds": -1}, 400),
        ("POST", "/sim/clock", {"offset_seconds": "soon"}, 400),
        ("POST", "/sim/templates", {"name": "none", "status": "PAUSED"}, 404),
        ("GET", "/sim/chat?person=nobody", None, 404),
        ("GET", "/sim/media/1", None, 404),
        ("GET", "/sim/nothing", None, 404),
        ("POST", "/sim/state", {}, 404),
        ("POST", "/elsewhere", {}, 404),
    ],
)
def test_it_says_what_is_wrong(client: Client, method: str, path: str, body: Any, status: int) -> None:
    answer = client.ask(method, path, body)
    assert answer.status == status
    assert isinstance(answer.json["error"], str)


def test_the_clock_goes_forward_only(client: Client) -> None:
    before = datetime.fromisoformat(client.get("/sim/clock")["now"])
    clock = client.post("/sim/clock", {"advance_seconds": 3600})
    assert clock["offset_seconds"] == 3600
    assert 3600 <= (datetime.fromisoformat(clock["now"]) - before).total_seconds() < 3610
    assert client.post("/sim/clock", {"offset_seconds": 7200})["offset_seconds"] == 7200
    assert client.ask("POST", "/sim/clock", {"offset_seconds": 60}).status == 400
    client.post("/sim/reset")
    assert client.get("/sim/clock")["offset_seconds"] == 7200


def test_a_reset_forgets_everything_but_the_clock(client: Client) -> None:
    client.post("/sim/people", {"name": "New"})
    client.post("/sim/say", {"person": "asha", "text": "hi"})
    client.sent(text("hello"))
    client.post("/sim/faults", {"on": "messages", "kind": "500"})
    client.post("/sim/templates", {"name": "photo", "status": "PAUSED"})
    client.post("/sim/reset")
    client.idle()
    state = client.get("/sim/state")
    assert (state["conversations"], state["faults"], len(state["people"])) == ([], [], 5)
    assert {template["status"] for template in state["templates"]} == {"APPROVED"}
    assert client.get("/sim/log")["entries"] == []
    assert client.send(text("x")).code == 131047


def test_logs_are_read_from_where_one_stopped_and_keep_the_newest(settings: Settings) -> None:
    with serve(replace(settings, log_room=3)) as simulator:
        client = Client(simulator.url)
        for _ in range(5):
            client.get("/v26.0/me")
        log = client.get("/sim/log")
        assert ([entry["n"] for entry in log["entries"]], log["last"]) == ([3, 4, 5], 5)
        assert [entry["n"] for entry in client.get("/sim/log?since=4")["entries"]] == [5]
        client.connection.close()


class Watch:
    """Reads the stream of events."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        self.connection.request("GET", "/sim/stream")
        self.answer = self.connection.getresponse()

    def next(self) -> Json:
        """Return the next event."""
        line = b""
        while not line.startswith(b"data: "):
            line = self.answer.readline()
            assert line, "the stream ended"
        event: Json = json.loads(line.removeprefix(b"data: "))
        return event

    def until(self, kind: str) -> Json:
        """Return the next event of a kind."""
        while (event := self.next())["type"] != kind:
            pass
        return event


@pytest.fixture
def watch(simulator: Simulator) -> Iterator[Watch]:
    watch = Watch(simulator.url)
    yield watch
    watch.answer.close()
    watch.connection.close()


def test_who_watches_is_told(client: Client, watch: Watch) -> None:
    assert watch.answer.headers["Content-Type"].startswith("text/event-stream")
    assert watch.next() == {"type": "hello"}
    client.post("/sim/say", {"person": "asha", "text": "hi"})
    assert watch.next() == {"type": "chat", "person": "asha", "number": NUMBER}
    client.post("/sim/clock", {"advance_seconds": 5})
    assert watch.until("clock")["offset_seconds"] == 5
    client.post("/sim/people", {"name": "New"})
    assert watch.until("people")
    client.post("/sim/faults", {"on": "messages", "kind": "500"})
    assert watch.until("fault")
    client.post("/sim/reset")
    assert watch.until("reset")


def test_stopping_ends_streams_and_connections_at_once(settings: Settings) -> None:
    simulator = serve(settings)
    watch, client = Watch(simulator.url), Client(simulator.url)
    client.get("/sim/clock")
    assert watch.next() == {"type": "hello"}
    simulator.stop()
    assert watch.answer.read() == b"\n"  # the end of the event before
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        client.get("/sim/clock")
    watch.answer.close()
    watch.connection.close()
    client.connection.close()


def test_the_page_and_its_files_are_served(client: Client) -> None:
    page = client.ask("GET", "/")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["cache-control"] == "no-store"
    assert client.ask("GET", "/app.js").headers["content-type"] == "text/javascript; charset=utf-8"
    assert client.ask("GET", "/style.css").headers["content-type"] == "text/css; charset=utf-8"
    head = client.ask("HEAD", "/")
    assert (head.raw, head.headers["content-length"]) == (b"", page.headers["content-length"])


@pytest.mark.parametrize("path", ["/../server.py", "/%2e%2e/settings.py", "/missing.js", "/..%2f..%2fpyproject.toml"])
def test_nothing_else_of_the_disk_is_served(client: Client, path: str) -> None:
    assert client.ask("GET", path).status == 404


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}], ids=["another origin", "another host"]
)
def test_a_foreign_page_can_do_nothing(client: Client, headers: dict[str, str]) -> None:
    assert client.ask("POST", "/sim/reset", {}, headers).status == 403


def test_the_page_reaches_the_bot_through_it(client: Client) -> None:
    assert client.get("/sim/bot/demo/person?phone=1") == {"held": []}
    assert client.ask("GET", "/sim/bot/secret").status == 403


def test_a_bot_that_is_away_is_told(settings: Settings) -> None:
    away = Receiver()
    away.stop()
    with serve(replace(settings, webhook=away.url)) as simulator:
        client = Client(simulator.url)
        assert client.ask("GET", "/sim/bot/demo/notes").status == 502
        assert client.post("/sim/verify") == {"verified": False, "status": 0, "error": "ConnectionRefusedError"}
        client.connection.close()


def test_there_may_be_somebody_for_every_language(settings: Settings) -> None:
    with serve(replace(settings, language_people=True)) as simulator:
        client = Client(simulator.url)
        languages = [person["language"] for person in client.get("/sim/people")]
        client.connection.close()
    assert len(set(languages)) == 22
