"""What Meta accepts and refuses, and how it says so."""

import base64
import threading
from typing import Any

import pytest

from simulator.settings import Settings
from tests.simulator.harness import (
    ASHA,
    CAROL,
    DIEGO,
    MEERA,
    NUMBER,
    TOKEN,
    Client,
    Receiver,
    body_of,
    template,
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


def test_the_window_closes_a_day_after_the_last_message_and_opens_again(client: Client) -> None:
    client.post("/sim/clock", {"advance_seconds": 24 * 3600 + 1})
    assert client.send(text("late")).code == 131047
    client.post("/sim/say", {"person": "asha", "text": "still there?"})
    assert client.send(text("yes")).status == 200


def test_a_window_is_of_one_number_only(client: Client) -> None:
    assert client.send(text("from the other number"), number="10555000222").code == 131047


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
