"""What comes to the bot: signed, in Meta's shapes, again until it is taken."""

import json
from dataclasses import replace
from typing import Any

import pytest

from simulator.envelope import Update, dump, envelope
from simulator.server import serve
from simulator.settings import Settings
from tests.simulator.harness import (
    MEERA,
    NUMBER,
    OTHER_NUMBER,
    Client,
    Receiver,
    text,
)

Json = dict[str, Any]


def test_a_text_comes_in_metas_envelope(client: Client, receiver: Receiver) -> None:
    wamid = client.post("/sim/say", {"person": "asha", "text": "hällo / 👋"})["wamid"]
    client.idle()
    (body,) = receiver.bodies
    (entry,) = body["entry"]
    (change,) = entry["changes"]
    assert (body["object"], entry["id"], change["field"]) == ("whatsapp_business_account", "WABA1", "messages")
    value = change["value"]
    assert value["metadata"] == {"display_phone_number": "15550001111", "phone_number_id": NUMBER}
    ids = {"wa_id": "447700900101", "user_id": "GB.10000000000000000001"}
    assert value["contacts"] == [{"profile": {"name": "Asha"}, **ids}]
    (message,) = value["messages"]
    assert message.pop("timestamp").isdigit()
    assert message == {
        "from": "447700900101",
        "from_user_id": "GB.10000000000000000001",
        "id": wamid,
        "type": "text",
        "text": {"body": "hällo / 👋"},
    }
    assert receiver.refused == []


def test_json_is_escaped_as_meta_escapes_it() -> None:
    assert dump({"body": "é / 👋"}) == rb'{"body":"\u00e9 \/ \ud83d\udc4b"}'


def test_who_has_a_user_id_only_shows_no_number_anywhere(client: Client, receiver: Receiver) -> None:
    client.post("/sim/say", {"person": "meera", "text": "કેમ છો"})
    client.idle()
    wamid = client.sent({"recipient": MEERA, "type": "text", "text": {"body": "મજામાં"}})
    client.idle()
    (message,) = receiver.all("messages")
    assert message["from_user_id"] == MEERA
    assert "from" not in message
    for value in receiver.values():
        assert value["contacts"] == [{"profile": {"name": "Meera", "username": "meera.makes"}, "user_id": MEERA}]
    assert receiver.statuses(wamid) == ["sent", "delivered", "read"]
    assert all("recipient_id" not in status for status in receiver.all("statuses"))


def test_a_username_hides_a_number_until_the_business_writes_to_it(client: Client, receiver: Receiver) -> None:
    client.post("/sim/people", {"name": "Nina", "phone": "+44 7700 900150", "username": "nina"})
    client.post("/sim/say", {"person": "nina", "text": "hi"})
    client.idle()
    assert "from" not in receiver.all("messages")[-1]
    client.sent(text("hi", to="+447700900150"))
    client.post("/sim/say", {"person": "nina", "text": "again"})
    client.idle()
    assert receiver.all("messages")[-1]["from"] == "447700900150"


def test_what_is_not_taken_comes_again_as_it_was(client: Client, receiver: Receiver) -> None:
    receiver.answers = [503, 202, 500]
    client.post("/sim/say", {"person": "asha", "text": "hi"})
    client.idle()
    tries = client.get("/sim/webhooks")["entries"]
    assert [(each["try"], each["status"]) for each in tries] == [(1, 503), (2, 202), (3, 500), (4, 200)]
    assert len({json.dumps(each["body"]) for each in tries}) == 1
    assert len(receiver.bodies) == 1


def test_a_bot_that_is_away_gets_everything_when_it_is_back(settings: Settings, receiver: Receiver) -> None:
    away = Receiver()
    url = away.url
    away.stop()
    with serve(replace(settings, webhook=url)) as simulator:
        client = Client(simulator.url)
        client.post("/sim/say", {"person": "asha", "text": "anybody?"})
        assert client.get("/sim/idle?timeout=0.05") == {"idle": False, "pending": 2}
        assert client.get("/sim/webhooks")["entries"][0]["error"] == "ConnectionRefusedError"
        client.post("/sim/reset")
        assert client.get("/sim/idle?timeout=5") == {"idle": True, "pending": 0}
        client.connection.close()


def test_updates_of_a_conversation_keep_their_order(client: Client, receiver: Receiver) -> None:
    for count in range(30):
        for person in ("asha", "meera", "diego"):
            client.post("/sim/say", {"person": person, "text": str(count)})
    client.idle()
    for user_id in ("GB.10000000000000000001", MEERA, "ES.10000000000000000003"):
        mine = [each["text"]["body"] for each in receiver.all("messages") if each["from_user_id"] == user_id]
        assert mine == [str(count) for count in range(30)]


def test_updates_that_wait_in_line_are_put_into_one_body(settings: Settings, receiver: Receiver) -> None:
    with serve(replace(settings, workers=1)) as simulator:
        client = Client(simulator.url)
        receiver.answers = [503]  # while this one waits for its next try, the worker is free again
        people = [client.post("/sim/people", {"name": f"P{count}"})["id"] for count in range(12)]
        with simulator.state.lock:
            for person in people:
                simulator.state.tell(
                    simulator.state.numbers[NUMBER],
                    simulator.state.people.find(person) or pytest.fail("nobody"),
                    contacts=[{"user_id": person}],
                    messages=[{"id": person}],
                )
        client.idle()
        client.connection.close()
    assert sorted(each["id"] for each in receiver.all("messages")) == sorted(people)
    assert len(receiver.bodies) < len(people)


def update(kind: str, name: str, number: str = NUMBER, *, contacts: bool = True) -> Update:
    value: Json = {"metadata": {"phone_number_id": number}, kind: [{"id": name}]}
    if contacts:
        value["contacts"] = [{"user_id": name}]
    return Update(waba="W" + number[-1], field="messages", value=value, lane=name, at=0)


def test_only_what_is_alike_shares_a_value() -> None:
    updates = [
        update("messages", "a"),
        update("messages", "b"),
        update("messages", "system", contacts=False),
        update("statuses", "c"),
        update("statuses", "d"),
        update("messages", "e", OTHER_NUMBER),
    ]
    body = envelope(updates)
    assert [entry["id"] for entry in body["entry"]] == ["W1", "W2"]
    values = [change["value"] for change in body["entry"][0]["changes"]]
    shapes = [[each["id"] for key in ("messages", "statuses") for each in value.get(key, [])] for value in values]
    assert shapes == [["a", "b"], ["system"], ["c", "d"]]
    assert [contact["user_id"] for contact in values[0]["contacts"]] == ["a", "b"]
    assert "contacts" not in values[1]
    assert updates[0].value["messages"] == [{"id": "a"}]  # a duplicate of it may still be on its way


def test_account_fields_carry_a_time_and_no_number(client: Client, receiver: Receiver) -> None:
    changed = {"name": "order_update", "status": "PAUSED", "category": "MARKETING", "quality": "RED"}
    client.post("/sim/templates", changed)
    client.idle()
    entries = [entry for body in receiver.bodies for entry in body["entry"]]
    assert {entry["id"] for entry in entries} == {"WABA1", "WABA2"}
    assert all(isinstance(entry["time"], int) for entry in entries)
    (status, _), (category, _), (quality, _) = (
        receiver.values(field)
        for field in (
            "message_template_status_update",
            "template_category_update",
            "message_template_quality_update",
        )
    )
    assert "metadata" not in status
    assert isinstance(status["message_template_id"], int)
    assert (status["event"], status["message_template_language"]) == ("PAUSED", "en")
    assert (category["previous_category"], category["new_category"]) == ("UTILITY", "MARKETING")
    assert (quality["previous_quality_score"], quality["new_quality_score"]) == ("UNKNOWN", "RED")


def test_an_account_that_is_not_subscribed_hears_nothing(client: Client, receiver: Receiver) -> None:
    client.ask("DELETE", "/v26.0/WABA1/subscribed_apps")
    client.post("/sim/say", {"person": "asha", "text": "unheard"})
    client.post("/v26.0/WABA1/subscribed_apps")
    client.post("/sim/say", {"person": "asha", "text": "heard"})
    client.idle()
    assert [message["text"]["body"] for message in receiver.all("messages")] == ["heard"]


@pytest.mark.parametrize(
    ("sign", "status"),
    [pytest.param(True, 200, id="signed"), pytest.param(False, 401, id="unsigned"), ("wrong", 401)],
)
def test_anything_may_be_posted_raw(client: Client, sign: object, status: int) -> None:
    assert client.post("/sim/raw", {"body": {"object": "x", "entry": []}, "sign": sign})["status"] == status


def test_the_handshake_is_done_as_meta_does_it(client: Client) -> None:
    assert client.post("/sim/verify") == {"verified": True, "status": 200}


def test_a_message_of_the_future_clock_is_stamped_so(client: Client, receiver: Receiver) -> None:
    client.post("/sim/say", {"person": "asha", "text": "now"})
    client.post("/sim/clock", {"advance_seconds": 3600})
    client.post("/sim/say", {"person": "asha", "text": "later"})
    client.idle()
    now, later = (int(message["timestamp"]) for message in receiver.all("messages"))
    assert 3600 <= later - now <= 3610
