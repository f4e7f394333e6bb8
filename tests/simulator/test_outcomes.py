"""What becomes of sends: windows, limits, errors that come late, many at once."""

import threading

import pytest

from simulator.settings import Settings
from tests.simulator.harness import (
    ASHA,
    CAROL,
    DIEGO,
    MEERA,
    TOKEN,
    Client,
    Receiver,
    text,
)


@pytest.fixture(autouse=True)
def opened(client: Client) -> None:
    """Open Asha's and Meera's service windows."""
    for person in ("asha", "meera"):
        client.post("/sim/say", {"person": person, "text": "hi"})
    client.idle()


def test_the_window_closes_a_day_after_the_last_message_and_opens_again(client: Client) -> None:
    client.post("/sim/clock", {"advance_seconds": 24 * 3600 + 1})
    assert client.send(text("late")).code == 131047
    client.post("/sim/say", {"person": "asha", "text": "still there?"})
    assert client.send(text("yes")).status == 200


def test_a_window_is_of_one_number_only(client: Client) -> None:
    assert client.send(text("from the other number"), number="10555000222").code == 131047


def test_an_error_comes_by_a_receipt_if_the_person_says_so(client: Client, receiver: Receiver) -> None:
    client.post("/sim/people", {"id": "diego", "async_errors": True})
    wamid = client.sent(text("too late", to=DIEGO, biz_opaque_callback_data="r9"))
    client.idle()
    (status,) = receiver.all("statuses")
    assert (status["id"], status["status"], status["biz_opaque_callback_data"]) == (wamid, "failed", "r9")
    assert status["errors"][0]["code"] == 131047
    assert status["recipient_id"] == "34600000103"
    assert "recipient_user_id" not in status
    assert "contacts" not in receiver.values()[-1]
    assert client.chat("diego")["bubbles"][-1]["error"]["code"] == 131047


def test_a_person_may_be_out_of_reach_for_any_reason(client: Client, receiver: Receiver) -> None:
    client.post("/sim/people", {"id": "asha", "fails": 131049})
    client.sent(text("hello"))
    client.idle()
    assert [status["errors"][0]["code"] for status in receiver.all("statuses")] == [131049]
    client.post("/sim/people", {"id": "asha", "fails": None, "on_whatsapp": False})
    assert client.send(text("hello")).code == 131026


def test_more_than_the_burst_to_one_person_is_too_many(client: Client) -> None:
    codes = [client.send(text(str(count))).status for count in range(46)]
    assert codes == [200] * 45 + [400]
    assert client.send(text("x")).code == 131056
    assert client.send({"recipient": MEERA, "type": "text", "text": {"body": "x"}}).status == 200
    client.post("/sim/clock", {"advance_seconds": 6})
    assert client.send(text("x")).status == 200
    assert client.send(text("x")).code == 131056


def test_a_number_has_a_throughput(client: Client) -> None:
    client.post("/sim/limits", {"throughput": 5, "pair_seconds": 0})
    answers = [client.send(text(str(count))) for count in range(20)]
    refused = [answer for answer in answers if answer.status != 200]
    assert refused
    assert {(answer.status, answer.code, answer.headers["retry-after"]) for answer in refused} == {(429, 130429, "1")}


def test_marking_as_read_marks_what_came_before_too(client: Client) -> None:
    first = client.post("/sim/say", {"person": "asha", "text": "1"})["wamid"]
    second = client.post("/sim/say", {"person": "asha", "text": "2"})["wamid"]
    typing = {"status": "read", "message_id": second, "typing_indicator": {"type": "text"}}
    assert client.send(typing).json == {"success": True}
    shown = {bubble["wamid"]: bubble["status"] for bubble in client.chat("asha")["bubbles"]}
    assert (shown[first], shown[second]) == ("read", "read")
    assert client.send({"status": "read", "message_id": "wamid.none"}).code == 131009
    assert client.send({"status": "deleted", "message_id": first}).code == 100


def test_a_reaction_sits_on_the_message_and_is_told_as_sent_only(client: Client, receiver: Receiver) -> None:
    target = client.post("/sim/say", {"person": "asha", "text": "cake!"})["wamid"]
    reaction = {"to": ASHA, "type": "reaction", "reaction": {"message_id": target, "emoji": "🎂"}}
    wamid = client.sent(reaction)
    client.idle()
    assert client.chat("asha")["bubbles"][-1]["reactions"] == [{"by": "business", "emoji": "🎂"}]
    assert receiver.statuses(wamid) == ["sent"]
    client.sent({**reaction, "reaction": {"message_id": target, "emoji": ""}})
    assert client.chat("asha")["bubbles"][-1]["reactions"] == []


def test_many_threads_send_at_once_and_nothing_is_lost(client: Client, receiver: Receiver, settings: Settings) -> None:
    client.post("/sim/limits", {"throughput": 100_000, "pair_seconds": 0})
    wamids: list[str] = []

    def work(name: int) -> None:
        mine = Client(client.url)
        wamids.extend(mine.sent(text(f"{name}.{count}")) for count in range(25))
        mine.connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.idle()
    assert len(set(wamids)) == 200
    assert {wamid for wamid in wamids if receiver.statuses(wamid) == ["sent", "delivered", "read"]} == set(wamids)
    log = client.get("/sim/log")["entries"]
    assert [entry["n"] for entry in log] == list(range(1, 201))
    assert all(entry["accepted"] for entry in log)
    assert TOKEN not in str(log)
    assert settings.receipts == ("sent", "delivered", "read")


def test_a_phone_that_is_off_gets_its_messages_when_it_comes_on(client: Client, receiver: Receiver) -> None:
    client.post("/sim/say", {"person": "carol", "text": "hi"})
    wamid = client.sent(text("hello", to=CAROL))
    client.idle()
    assert receiver.statuses(wamid) == ["sent"]
    client.post("/sim/people", {"id": "carol", "delivers": True})
    client.idle()
    assert receiver.statuses(wamid) == ["sent", "delivered", "read"]
