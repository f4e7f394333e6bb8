"""What people do: taps, reactions, media, changed numbers; and what the chat then shows."""

import base64
from typing import Any

import pytest

from tests.simulator.harness import ASHA, DIEGO, NUMBER, Client, Receiver, body_of, template, text

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def opened(client: Client, receiver: Receiver) -> None:
    """Open Asha's service window, and forget how."""
    client.post("/sim/say", {"person": "asha", "text": "hi"})
    client.idle()
    receiver.bodies.clear()


def interactive(content: Json) -> Json:
    return {"to": ASHA, "type": "interactive", "interactive": {"body": {"text": "Choose"}, **content}}


def replies(*titles: str) -> Json:
    made = [{"type": "reply", "reply": {"id": title.lower(), "title": title}} for title in titles]
    return interactive({"type": "button", "action": {"buttons": made}})


def rows(*titles: str) -> Json:
    made = [{"id": title.lower(), "title": title, "description": "nice"} for title in titles]
    return interactive({"type": "list", "action": {"button": "Menu", "sections": [{"title": "All", "rows": made}]}})


@pytest.mark.parametrize(
    ("choice", "picked"),
    [
        pytest.param({}, {"id": "cake", "title": "Cake"}, id="the first"),
        pytest.param({"index": 1}, {"id": "bread", "title": "Bread"}, id="by place"),
        pytest.param({"id": "bread"}, {"id": "bread", "title": "Bread"}, id="by id"),
        pytest.param({"id": "Bread"}, {"id": "bread", "title": "Bread"}, id="by title"),
    ],
)
def test_a_tap_on_a_button(client: Client, receiver: Receiver, choice: Json, picked: Json) -> None:
    wamid = client.sent(replies("Cake", "Bread"))
    client.post("/sim/tap", {"person": "asha", **choice})
    client.idle()
    (message,) = receiver.all("messages")
    assert message["interactive"] == {"type": "button_reply", "button_reply": picked}
    assert message["context"] == {"from": "15550001111", "id": wamid}
    assert client.chat("asha")["bubbles"][-1]["text"] == picked["title"]


def test_a_tap_on_a_row_of_an_older_list(client: Client, receiver: Receiver) -> None:
    wamid = client.sent(rows("Cake", "Bread"))
    client.sent(replies("Yes"))
    client.post("/sim/tap", {"person": "asha", "wamid": wamid, "id": "bread"})
    client.idle()
    row = {"id": "bread", "title": "Bread", "description": "nice"}
    assert receiver.all("messages")[0]["interactive"] == {"type": "list_reply", "list_reply": row}
    shown = client.chat("asha")["bubbles"][1]["list"]
    assert shown["button"] == "Menu"
    assert shown["rows"][0] == {"id": "cake", "title": "Cake", "description": "nice", "section": "All"}


def test_a_tap_on_a_templates_quick_reply_opens_the_window(client: Client, receiver: Receiver) -> None:
    suffix = {"type": "button", "sub_type": "url", "index": 1, "parameters": [{"type": "text", "text": "12"}]}
    client.sent(template("order_update", to=DIEGO, components=[*body_of("12", "ready"), suffix]))
    assert client.chat("diego")["window_until"] is None
    assert client.post("/sim/tap", {"person": "diego", "id": "Track"}) == {"opened": "https://example.com/12"}
    assert client.chat("diego")["window_until"] is None
    client.post("/sim/tap", {"person": "diego"})
    client.idle()
    assert receiver.all("messages")[0]["button"] == {"payload": "Stop", "text": "Stop"}
    assert client.send(text("hola", to=DIEGO)).status == 200


@pytest.mark.parametrize(
    ("content", "response", "kind"),
    [
        ({"type": "location_request_message", "action": {"name": "send_location"}}, {}, "location"),
        ({"type": "request_contact_info", "action": {"name": "request_contact_info"}}, {}, "contacts"),
    ],
)
def test_a_tap_answers_what_was_asked_for(
    client: Client, receiver: Receiver, content: Json, response: Json, kind: str
) -> None:
    client.sent(interactive(content))
    client.post("/sim/tap", {"person": "asha", "response": response})
    client.idle()
    message = receiver.all("messages")[0]
    assert message["type"] == kind
    assert "context" in message
    if kind == "contacts":
        assert message["contacts"][0]["origin"] == "contact_request"


def test_a_flow_is_answered_as_a_form(client: Client, receiver: Receiver) -> None:
    parameters = {"flow_message_version": "3", "flow_id": "1", "flow_cta": "Book"}
    client.sent(interactive({"type": "flow", "action": {"name": "flow", "parameters": parameters}}))
    client.post("/sim/tap", {"person": "asha", "response": {"day": "Monday"}})
    client.idle()
    reply = receiver.all("messages")[0]["interactive"]["nfm_reply"]
    assert (reply["name"], reply["response_json"]) == ("flow", '{"day": "Monday"}')


def test_what_is_not_there_cannot_be_tapped(client: Client) -> None:
    assert client.ask("POST", "/sim/tap", {"person": "asha"}).status == 404
    client.sent(replies("Cake"))
    answer = client.ask("POST", "/sim/tap", {"person": "asha", "id": "bread"})
    assert (answer.status, "'Cake'" in answer.json["error"]) == (404, True)
    assert client.ask("POST", "/sim/tap", {"person": "diego"}).status == 404


def test_a_reaction_and_its_taking_back_open_no_window(client: Client, receiver: Receiver) -> None:
    client.sent(replies("Cake"))
    client.post("/sim/clock", {"advance_seconds": 25 * 3600})
    client.post("/sim/react", {"person": "asha", "emoji": "👍"})
    assert client.chat("asha")["bubbles"][-1]["reactions"] == [{"by": "person", "emoji": "👍"}]
    client.post("/sim/react", {"person": "asha", "emoji": ""})
    client.idle()
    first, second = (message["reaction"] for message in receiver.all("messages"))
    assert first["emoji"] == "👍"
    assert "emoji" not in second
    assert client.send(text("x")).code == 131047


@pytest.mark.parametrize("kind", ["image", "video", "audio", "document", "sticker"])
def test_media_come_with_an_id_that_opens(client: Client, receiver: Receiver, kind: str) -> None:
    client.post("/sim/send", {"person": "asha", "message": {"type": kind}})
    client.idle()
    media = receiver.all("messages")[0][kind]
    node = client.get(f"/v26.0/{media['id']}")
    raw = client.ask("GET", node["url"].removeprefix(client.url)).raw
    assert int(node["file_size"]) == len(raw)
    assert base64.b64decode(media["sha256"]).hex() == node["sha256"]
    shown = client.chat("asha")["bubbles"][-1]["media"]
    assert client.ask("GET", shown["url"], headers={"Authorization": ""}).raw == raw


def test_media_may_bring_their_own_bytes_and_caption(client: Client, receiver: Receiver) -> None:
    data = base64.b64encode(b"%PDF-1.4 a list of cakes").decode()
    content = {"data": data, "mime_type": "application/pdf", "filename": "cakes.pdf", "caption": "these?"}
    client.post("/sim/send", {"person": "asha", "message": {"type": "document", "document": content}})
    client.idle()
    document = receiver.all("messages")[0]["document"]
    assert (document["mime_type"], document["filename"], document["caption"]) == (
        "application/pdf",
        "cakes.pdf",
        "these?",
    )
    assert "data" not in document


@pytest.mark.parametrize(
    ("asked", "context"),
    [
        ({"forwarded": True}, {"forwarded": True}),
        ({"forwarded": "often"}, {"frequently_forwarded": True}),
        ({"context": {"from": "1", "id": "wamid.x"}}, {"from": "1", "id": "wamid.x"}),
        ({"context": "wamid.x"}, {"from": "15550001111", "id": "wamid.x"}),
    ],
    ids=["forwarded", "often forwarded", "a context as given", "an answer to a message"],
)
def test_a_message_has_its_context(client: Client, receiver: Receiver, asked: Json, context: Json) -> None:
    message = {"type": "text", "text": {"body": "see above"}}
    client.post("/sim/send", {"person": "asha", "message": message, **asked})
    client.idle()
    assert receiver.all("messages")[0]["context"] == context


@pytest.mark.parametrize(
    "message",
    [
        {"type": "location", "location": {"latitude": 23.0, "longitude": 72.5, "name": "Home"}},
        {"type": "contacts", "contacts": [{"name": {"formatted_name": "Kiran"}, "phones": [{"phone": "+91 1"}]}]},
        {"type": "order", "order": {"catalog_id": "1", "product_items": []}},
        {"type": "unsupported", "errors": [{"code": 131051}], "unsupported": {"type": "poll_creation"}},
        {"type": "request_welcome"},
        {"type": "text", "text": {"body": "in a group"}, "group_id": "G1"},
    ],
    ids=lambda message: message["type"],
)
def test_every_type_passes_as_it_stands(client: Client, receiver: Receiver, message: Json) -> None:
    client.post("/sim/send", {"person": "asha", "message": message})
    client.idle()
    told = receiver.all("messages")[0]
    assert {key: told[key] for key in message} == message
    assert client.chat("asha")["bubbles"][-1]["type"] == message["type"]


def test_a_message_in_a_group_opens_no_window(client: Client) -> None:
    message = {"type": "text", "text": {"body": "hola"}, "group_id": "G1"}
    client.post("/sim/send", {"person": "diego", "message": message})
    assert client.send(text("hola", to=DIEGO)).code == 131047


def test_an_old_timestamp_and_a_known_id_are_passed_on(client: Client, receiver: Receiver) -> None:
    message = {"type": "text", "text": {"body": "late"}, "timestamp": "1700000000", "id": "wamid.same"}
    client.post("/sim/send", {"person": "diego", "message": message})
    client.idle()
    told = receiver.all("messages")[0]
    assert (told["timestamp"], told["id"]) == ("1700000000", "wamid.same")
    assert client.send(text("hola", to=DIEGO)).code == 131047


def test_what_was_written_can_be_edited_and_taken_back(client: Client, receiver: Receiver) -> None:
    wamid = client.post("/sim/say", {"person": "asha", "text": "two caks"})["wamid"]
    better = {"type": "text", "text": {"body": "two cakes"}}
    edit = {"type": "edit", "edit": {"original_message_id": wamid, "message": better}}
    client.post("/sim/send", {"person": "asha", "message": edit})
    bubble = client.chat("asha")["bubbles"][-1]
    assert (bubble["wamid"], bubble["text"], bubble["edited"]) == (wamid, "two cakes", True)
    client.post(
        "/sim/send", {"person": "asha", "message": {"type": "revoke", "revoke": {"original_message_id": wamid}}}
    )
    bubble = client.chat("asha")["bubbles"][-1]
    assert (bubble["wamid"], bubble["text"], bubble["deleted"]) == (wamid, "", True)
    client.idle()
    assert len({message["id"] for message in receiver.all("messages")}) == 3


def test_a_changed_number_is_told_twice_and_makes_another_person_of_it(client: Client, receiver: Receiver) -> None:
    person = client.post("/sim/change-number", {"person": "asha", "phone": "+44 7700 900199"})
    client.idle()
    (value,) = receiver.values("messages")
    assert "contacts" not in value
    (message,) = value["messages"]
    assert (message["from"], message["system"]["wa_id"]) == ("447700900101", "447700900199")
    assert (message["system"]["type"], message["system"]["user_id"]) == ("user_changed_number", person["user_id"])
    (update,) = receiver.values("user_id_update")
    ids = update["user_id_update"][0]["user_id"]
    assert ids == {"previous": "GB.10000000000000000001", "current": person["user_id"]}
    assert update["metadata"]["phone_number_id"] == NUMBER
    assert client.send(text("x", to=ASHA)).code == 131026
    assert client.send(text("x", to="+447700900199")).status == 200


def test_who_shows_no_number_changes_the_user_id_alone(client: Client, receiver: Receiver) -> None:
    person = client.post("/sim/change-number", {"person": "meera"})
    client.idle()
    (message,) = receiver.all("messages")
    assert (message["system"]["type"], message["system"]["user_id"]) == ("user_changed_user_id", person["user_id"])
    assert person["user_id"].startswith("IN.")
    assert "wa_id" not in message["system"]
    assert message["from_user_id"] == "IN.10000000000000000002"
