"""Templates: what fits them, who may get them, how they look."""

from typing import Any

import pytest

from tests.simulator.harness import (
    ASHA,
    DIEGO,
    MEERA,
    Client,
    Receiver,
    body_of,
    template,
)

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def opened(client: Client) -> None:
    """Open Asha's and Meera's service windows."""
    for person in ("asha", "meera"):
        client.post("/sim/say", {"person": person, "text": "hi"})
    client.idle()


@pytest.mark.parametrize(
    ("message", "code", "said"),
    [
        pytest.param(template("missing"), 132001, "does not exist in en", id="no such template"),
        pytest.param(template("order_update", language="gu"), 132001, "in gu", id="another language"),
        pytest.param(template("order_update", components=body_of("1")), 132000, "(1) does not match", id="one too few"),
        pytest.param(template("order_update", components=body_of("1", "a\nb")), 132018, "new-line", id="a line break"),
        pytest.param(template("order_update", components=body_of("1", "a     b")), 132018, "spaces", id="five spaces"),
        pytest.param(
            template("order_update", components=body_of("1", "")), 131008, "missing text", id="an empty value"
        ),
        pytest.param(template("order_update", components=body_of("1", "x" * 1024)), 132005, "too long", id="too long"),
        pytest.param(template("order_update", components=body_of("1", "2")), 131008, "index 1", id="no link suffix"),
        pytest.param(template("come_back", components=body_of("Asha")), 132012, "first_name", id="a value unnamed"),
        pytest.param(template("photo"), 132012, "expected IMAGE", id="no header image"),
        pytest.param(template("code", components=body_of("1")), 131008, "index 0", id="no code for the button"),
    ],
)
def test_it_refuses_a_template(client: Client, message: Json, code: int, said: str) -> None:
    answer = client.send(message)
    assert answer.code == code
    assert said in answer.details


def order_update(to: str = ASHA) -> Json:
    payload = {"type": "payload", "payload": "stop-all"}
    suffix = {"type": "text", "text": "12"}
    components = [
        *body_of("12", "ready"),
        {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [payload]},
        {"type": "button", "sub_type": "url", "index": "1", "parameters": [suffix]},
    ]
    return template("order_update", to=to, components=components)


def test_a_template_goes_outside_the_window_and_shows_filled_in(client: Client) -> None:
    answer = client.send(order_update(to=DIEGO))
    assert answer.json["messages"][0]["message_status"] == "accepted"
    (bubble,) = client.chat("diego")["bubbles"]
    assert (bubble["text"], bubble["header"], bubble["footer"]) == (
        "Order 12 is ready now.",
        {"text": "Your order"},
        "Sunrise",
    )
    assert bubble["template"] == {"name": "order_update", "language": "en", "category": "UTILITY"}
    assert bubble["buttons"] == [
        {"id": "stop-all", "title": "Stop", "kind": "quick_reply"},
        {"id": "Track", "title": "Track", "kind": "url", "url": "https://example.com/12"},
    ]


@pytest.mark.parametrize(
    ("status", "code"),
    [("PAUSED", 132015), ("DISABLED", 132016), ("REJECTED", 132001), ("PENDING", 132001)],
)
def test_only_approved_templates_go(client: Client, receiver: Receiver, status: str, code: int) -> None:
    client.post("/sim/templates", {"name": "order_update", "language": "en", "status": status})
    assert client.send(order_update()).code == code
    client.idle()
    events = {value["event"] for value in receiver.values("message_template_status_update")}
    assert events == {status}


def named(to: str = ASHA) -> Json:
    components = [{"type": "body", "parameters": [{"type": "text", "text": "Asha", "parameter_name": "first_name"}]}]
    return template("come_back", to=to, components=components)


def test_who_stopped_marketing_gets_none(client: Client, receiver: Receiver) -> None:
    assert client.send(named()).status == 200
    client.post("/sim/preference", {"person": "asha", "value": "stop"})
    assert client.send(named()).code == 131050
    client.post("/sim/preference", {"person": "asha", "value": "resume"})
    assert client.send(named()).status == 200
    client.idle()
    preferences = [each for value in receiver.values("user_preferences") for each in value["user_preferences"]]
    assert [each["value"] for each in preferences] == ["stop", "resume"]
    assert isinstance(preferences[0]["timestamp"], int)


def test_meta_withholds_marketing_in_the_united_states(client: Client) -> None:
    client.post("/sim/people", {"name": "Sam", "phone": "+1 202 555 0101"})
    client.post("/sim/people", {"name": "Lee", "phone": "+1 416 555 0101"})
    assert client.send(named(to="+12025550101")).code == 131049
    assert client.send(named(to="+14165550101")).status == 200


def test_a_code_goes_to_a_number_and_not_to_a_user_id(client: Client) -> None:
    button = {"type": "button", "sub_type": "url", "index": 0, "parameters": [{"type": "text", "text": "123456"}]}
    message = template("code", components=[*body_of("123456"), button])
    assert client.send(message).status == 200
    message.pop("to")
    assert client.send({**message, "recipient": MEERA}).code == 131062
