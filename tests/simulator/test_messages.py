"""What Meta accepts and refuses, and how it says so."""

import base64
from typing import Any

import pytest

from tests.simulator.harness import (
    ASHA,
    DIEGO,
    MEERA,
    NUMBER,
    Client,
    text,
)

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def opened(client: Client) -> None:
    """Open Asha's and Meera's service windows."""
    for person in ("asha", "meera"):
        client.post("/sim/say", {"person": person, "text": "hi"})
    client.idle()


def test_it_accepts_a_text_with_the_number_in_the_wamid(client: Client) -> None:
    answer = client.send(text("hello", biz_opaque_callback_data="ref-1"))
    assert answer.status == 200
    assert answer.json["messaging_product"] == "whatsapp"
    assert answer.json["contacts"] == [{"input": ASHA, "wa_id": "447700900101"}]
    (message,) = answer.json["messages"]
    assert b"447700900101" in base64.b64decode(message["id"].removeprefix("wamid."))
    bubble = client.chat("asha")["bubbles"][-1]
    assert (bubble["text"], bubble["ref"], bubble["direction"]) == ("hello", "ref-1", "out")


def test_it_answers_a_user_id_without_any_number(client: Client) -> None:
    answer = client.send({"recipient": MEERA, "type": "text", "text": {"body": "hello"}})
    assert answer.json["contacts"] == [{"input": MEERA, "user_id": MEERA}]


def test_it_prefers_the_phone_when_both_are_given(client: Client) -> None:
    answer = client.send(text("hello", recipient=MEERA))
    assert answer.json["contacts"][0]["wa_id"] == "447700900101"


def interactive(kind: str, **parts: Any) -> Json:
    return {"to": ASHA, "type": "interactive", "interactive": {"type": kind, "body": {"text": "Choose"}, **parts}}


def buttons(*titles: str) -> Json:
    replies = [{"type": "reply", "reply": {"id": f"id-{place}", "title": title}} for place, title in enumerate(titles)]
    return interactive("button", action={"buttons": replies})


def framed(header: str, footer: str) -> Json:
    message = buttons("a")
    message["interactive"] |= {"header": {"type": "text", "text": header}, "footer": {"text": footer}}
    return message


def rows(*counts: int, title: str = "Row") -> Json:
    sections = [
        {"title": f"S{place}", "rows": [{"id": f"{place}.{row}", "title": title} for row in range(count)]}
        for place, count in enumerate(counts)
    ]
    return interactive("list", action={"button": "Open", "sections": sections})


def link(label: str, url: str) -> Json:
    parameters = {"display_text": label, "url": url}
    return interactive("cta_url", action={"name": "cta_url", "parameters": parameters})


def flow(**parameters: Any) -> Json:
    return interactive("flow", action={"name": "flow", "parameters": {"flow_message_version": "3", **parameters}})


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(text("x" * 4096), id="a text of 4,096"),
        pytest.param({"to": ASHA, "type": "text", "text": {"body": "x", "preview_url": None}}, id="null is missing"),
        pytest.param({"to": ASHA, "text": {"body": "x"}}, id="text is the type when none is given"),
        pytest.param({"to": "44 7700 900-101", "type": "text", "text": {"body": "x"}}, id="a number with spaces"),
        pytest.param(buttons("a", "b", "c"), id="three buttons"),
        pytest.param(rows(5, 5), id="ten rows in two sections"),
        pytest.param(link("Open", "https://example.com/"), id="a link"),
        pytest.param(flow(flow_id="1", flow_cta="Book"), id="a flow"),
        pytest.param(interactive("location_request_message", action={"name": "send_location"}), id="a place asked for"),
        pytest.param(
            interactive("request_contact_info", action={"name": "request_contact_info"}), id="a number asked for"
        ),
        pytest.param(framed("H", "F"), id="header and footer"),
        pytest.param(
            {"to": ASHA, "type": "location", "location": {"latitude": 23.0, "longitude": "72.5"}}, id="a place"
        ),
        pytest.param(
            {"to": ASHA, "type": "contacts", "contacts": [{"name": {"formatted_name": "A", "first_name": "A"}}]},
            id="a card",
        ),
        *(
            pytest.param({"to": ASHA, "type": kind, kind: {"link": "https://example.com/f"}}, id=f"{kind} by link")
            for kind in ("image", "video", "audio", "document", "sticker")
        ),
    ],
)
def test_it_accepts(client: Client, message: Json) -> None:
    assert client.sent(message).startswith("wamid.")


@pytest.mark.parametrize(
    ("message", "code", "said"),
    [
        pytest.param({"type": "text", "text": {"body": "x"}}, 100, "to is required", id="nobody"),
        pytest.param({"to": 44, "type": "text", "text": {"body": "x"}}, 100, "must be a string", id="a bare number"),
        pytest.param(text("x", recipient_type="group"), 131020, "no groups", id="a group"),
        pytest.param({"to": ASHA, "type": "fax", "fax": {}}, 100, "must be one of", id="an unknown type"),
        pytest.param({"to": ASHA, "type": "text"}, 131008, "mandatory", id="no content"),
        pytest.param({"to": ASHA, "type": "text", "text": "x"}, 100, "JSON object", id="content that is no object"),
        pytest.param({"to": ASHA, "type": "text", "text": {}}, 100, "['body'] is required", id="no body"),
        pytest.param(text(" "), 131009, "empty", id="an empty body"),
        pytest.param(text("x" * 4097), 100, "4096", id="a text too long"),
        pytest.param(text("x") | {"text": {"body": "x", "colour": "red"}}, 100, "Unexpected key", id="an unknown key"),
        pytest.param(text("x", biz_opaque_callback_data="r" * 513), 100, "512", id="a reference too long"),
        pytest.param(text("x", context={}), 100, "message_id", id="a context without a message"),
        pytest.param(buttons("a", "b", "c", "d"), 131009, "count", id="four buttons"),
        pytest.param(buttons(), 131009, "count", id="no button"),
        pytest.param(buttons("x" * 21), 131009, "Max length: 20", id="a title too long"),
        pytest.param(buttons("a", "a"), 131009, "unique", id="a title twice"),
        pytest.param(rows(6, 5), 131009, "row count", id="eleven rows"),
        pytest.param(rows(1, title="x" * 25), 131009, "Max length: 24", id="a row too long"),
        pytest.param(rows(*[1] * 11), 131009, "sections", id="eleven sections"),
        pytest.param(link("x" * 21, "https://example.com"), 131009, "Max length: 20", id="a link's label too long"),
        pytest.param(link("x", "ftp://example.com"), 100, "not a valid URL", id="a link that is none"),
        pytest.param(flow(flow_cta="Book"), 100, "exactly one of flow_id", id="a flow without its id"),
        pytest.param(interactive("wheel", action={}), 100, "must be one of", id="an unknown interactive"),
        pytest.param(interactive("list", header={"type": "image"}, action={}), 131009, "Header", id="a list's image"),
        pytest.param({"to": ASHA, "type": "image", "image": {}}, 100, "exactly one", id="an image from nowhere"),
        pytest.param({"to": ASHA, "type": "image", "image": {"id": "1"}}, 100, "not a valid", id="an unknown media id"),
        pytest.param({"to": ASHA, "type": "location", "location": {"latitude": 91, "longitude": 0}}, 131009, "between",
                     id="a place off the globe"),
        pytest.param({"to": ASHA, "type": "contacts", "contacts": [{"name": {"formatted_name": "A"}}]}, 131009, "name",
                     id="a card with one name"),
        pytest.param({"to": ASHA, "type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}}, 131009,
                     "does not exist", id="a reaction to nothing"),
        pytest.param(text("x", to="+4400000"), 131026, "undeliverable", id="nobody's number"),
        pytest.param(text("x", to=MEERA), 131026, "undeliverable", id="a user id in to"),
        pytest.param({"recipient": "US.1", "type": "text", "text": {"body": "x"}}, 131026, "undeliv", id="nobody's id"),
        pytest.param(text("x", to="15550001111"), 131021, "", id="the sender"),
        pytest.param(text("x", to=DIEGO), 131047, "24 hours", id="a closed window"),
    ],
)  # fmt: skip
def test_it_refuses(client: Client, message: Json, code: int, said: str) -> None:
    answer = client.send(message)
    assert (answer.status >= 400, answer.code) == (True, code)
    assert said in answer.details
    error = answer.json["error"]
    assert error["type"] == "OAuthException"
    assert error["fbtrace_id"]
    assert not client.get("/sim/log")["entries"][-1]["accepted"]


def test_it_refuses_a_body_that_is_no_json(client: Client) -> None:
    assert client.ask("POST", f"/v26.0/{NUMBER}/messages", b"{oops").code == 100


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        pytest.param(f"/v26.0/{NUMBER}/messages", {"Authorization": "Bearer wrong"}, 401, 190, id="a wrong token"),
        pytest.param(f"/v26.0/{NUMBER}/messages", {"Authorization": "Bearer wröng"}, 401, 190, id="an odd token"),
        pytest.param("/v26.0/999/messages", {}, 400, 100, id="a number that is not ours"),
        pytest.param(f"/v14.0/{NUMBER}/messages", {}, 400, 2500, id="an expired version"),
    ],
)
def test_it_turns_away(client: Client, path: str, headers: dict[str, str], status: int, code: int) -> None:
    raw = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    answer = client.ask("POST", path, {"messaging_product": "whatsapp", **text("x")}, raw)
    assert (answer.status, answer.code) == (status, code)
