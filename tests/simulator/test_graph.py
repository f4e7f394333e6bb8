"""Graph beyond messages: media, templates, numbers, accounts, the token, the contact book."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from simulator.server import serve
from simulator.settings import Settings
from tests.simulator.harness import ASHA, NUMBER, TOKEN, Answer, Client, Receiver, text

Json = dict[str, Any]

PDF = b"%PDF-1.4\r\n--odd\r\n\x00\xff bytes\n\r\n"


def form(data: bytes, mime_type: str, product: str = "whatsapp") -> tuple[bytes, str]:
    edge = "----edge7"
    fields = (
        f'--{edge}\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\n{product}\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.b"\r\nContent-Type: {mime_type}\r\n\r\n'
    )
    return fields.encode() + data + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def upload(client: Client, data: bytes = PDF, mime_type: str = "application/pdf", product: str = "whatsapp") -> Answer:
    body, content_type = form(data, mime_type, product)
    return client.ask("POST", f"/v26.0/{NUMBER}/media", body, {"Content-Type": content_type})


def test_media_are_uploaded_looked_up_loaded_sent_and_deleted(client: Client) -> None:
    media_id = upload(client).json["id"]
    node = client.get(f"/v26.0/{media_id}?phone_number_id={NUMBER}")
    assert (node["mime_type"], node["id"], node["file_size"]) == ("application/pdf", media_id, str(len(PDF)))
    path = node["url"].removeprefix(client.url)
    loaded = client.ask("GET", path)
    assert (loaded.raw, loaded.headers["content-type"]) == (PDF, "application/pdf")
    client.post("/sim/say", {"person": "asha", "text": "hi"})
    document = {"id": media_id, "filename": "list.pdf", "caption": "our list"}
    client.sent({"to": ASHA, "type": "document", "document": document})
    shown = client.chat("asha")["bubbles"][-1]["media"]
    assert (shown["url"], shown["mime_type"], shown["filename"]) == (
        f"/sim/media/{media_id}",
        "application/pdf",
        "list.pdf",
    )
    assert client.ask("DELETE", f"/v26.0/{media_id}").json == {"success": True}
    assert client.ask("DELETE", f"/v26.0/{media_id}").code == 100
    assert client.ask("GET", path).status == 404
    assert client.ask("GET", f"/v26.0/{media_id}").json["error"]["error_subcode"] == 33


def test_an_address_of_media_needs_the_token_and_lasts_five_minutes(client: Client) -> None:
    media_id = upload(client).json["id"]
    path = client.get(f"/v26.0/{media_id}")["url"].removeprefix(client.url)
    assert client.ask("GET", path, headers={"Authorization": "Bearer wrong"}).status == 401
    client.post("/sim/clock", {"advance_seconds": 301})
    assert client.ask("GET", path).status == 404
    assert client.get(f"/v26.0/{media_id}")["url"] != path
    client.post("/sim/clock", {"advance_seconds": 30 * 86_400})
    assert client.ask("GET", f"/v26.0/{media_id}").status == 400


@pytest.mark.parametrize(
    ("data", "mime_type", "product", "code", "said"),
    [
        pytest.param(b"{}", "application/json", "whatsapp", 100, "one of the following types", id="JSON"),
        pytest.param(b"PK", "application/zip", "whatsapp", 100, "one of the following types", id="an archive"),
        pytest.param(b"x" * (5 * 1024 * 1024 + 1), "image/png", "whatsapp", 131053, "too big", id="an image too big"),
        pytest.param(b"", "text/plain", "whatsapp", 100, "empty", id="nothing"),
        pytest.param(b"x", "text/plain", "telegraph", 100, "messaging_product", id="another product"),
    ],
)
def test_it_refuses_an_upload(client: Client, data: bytes, mime_type: str, product: str, code: int, said: str) -> None:
    answer = upload(client, data, mime_type, product)
    assert answer.code == code
    assert said in answer.details


def test_it_refuses_an_upload_that_is_no_form(client: Client) -> None:
    assert client.ask("POST", f"/v26.0/{NUMBER}/media", {"file": "x"}).code == 100
    half, content_type = form(PDF, "application/pdf")
    answer = client.ask("POST", f"/v26.0/{NUMBER}/media", half[:-12], {"Content-Type": content_type})
    assert answer.code == 100


def test_templates_are_listed_page_by_page(client: Client) -> None:
    seen: list[str] = []
    path = "/v26.0/WABA1/message_templates?fields=name,language,status,category,components,quality_score&limit=3"
    while path:
        page = client.get(path)
        seen += [template["name"] for template in page["data"]]
        path = page["paging"].get("next", "").removeprefix(client.url)
        assert TOKEN not in path
    assert seen == ["code", "come_back", "order_update", "photo"]


def test_fields_are_those_that_were_asked_for(client: Client) -> None:
    (found,) = client.get("/v26.0/WABA1/message_templates?name=come_back&fields=name,rejected_reason")["data"]
    assert {**found, "id": "1"} == {"name": "come_back", "rejected_reason": "NONE", "id": "1"}
    usual = client.get(f"/v26.0/{found['id']}")
    assert (usual["name"], usual["parameter_format"]) == ("come_back", "NAMED")
    assert client.ask("GET", "/v26.0/WABA1/message_templates?fields=colour").code == 100
    assert client.get("/v26.0/WABA1/message_templates?status=PAUSED")["data"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [("after=nonsense", 131059), ("after=" + "A" * 5, 131059), ("limit=0", 100), ("limit=many", 100)],
)
def test_it_refuses_a_page(client: Client, query: str, code: int) -> None:
    assert client.ask("GET", f"/v26.0/WABA1/message_templates?{query}").code == code


def definition(**facts: Any) -> Json:
    body = {"type": "BODY", "text": "Hello {{1}}, welcome.", "example": {"body_text": [["Asha"]]}}
    return {"name": "welcome", "language": "en", "category": "UTILITY", "components": [body], **facts}


def test_a_new_template_is_reviewed_approved_and_deleted(client: Client, receiver: Receiver) -> None:
    made = client.post("/v26.0/WABA1/message_templates", definition())
    assert (made["status"], made["category"]) == ("PENDING", "UTILITY")
    client.idle()
    assert client.get(f"/v26.0/{made['id']}?fields=status")["status"] == "APPROVED"
    (news,) = receiver.values("message_template_status_update")
    assert (news["event"], news["message_template_id"]) == ("APPROVED", int(made["id"]))
    assert client.ask("POST", "/v26.0/WABA1/message_templates", definition()).code == 2388024
    deleted = client.ask("DELETE", "/v26.0/WABA1/message_templates?name=welcome")
    assert deleted.json == {"success": True}
    assert client.ask("DELETE", "/v26.0/WABA1/message_templates?name=welcome").code == 100


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        pytest.param({"name": "Welcome!"}, 100, id="a name with capitals"),
        pytest.param({"category": "GOSSIP"}, 100, id="an unknown category"),
        pytest.param({"components": []}, 131009, id="no components"),
        pytest.param({"components": [{"type": "FOOTER", "text": "x"}]}, 100, id="no body"),
        pytest.param({"components": [{"type": "BODY", "text": "{{1}} is here"}]}, 2388299, id="a leading variable"),
        pytest.param({"components": [{"type": "BODY", "text": "Hello {{1}} ."}]}, 2388043, id="no example"),
        pytest.param({"components": [{"type": "BODY", "text": "x" * 1025}]}, 2388040, id="a body too long"),
    ],
)
def test_it_refuses_a_new_template(client: Client, facts: Json, code: int) -> None:
    assert client.ask("POST", "/v26.0/WABA1/message_templates", definition(**facts)).code == code


def test_a_template_is_edited_and_its_pause_ended(client: Client) -> None:
    (found,) = client.get("/v26.0/WABA1/message_templates?name=come_back")["data"]
    path = f"/v26.0/{found['id']}"
    assert client.ask("POST", f"{path}/unpause").code == 100
    client.post("/sim/templates", {"name": "come_back", "status": "PAUSED"})
    assert client.post(f"{path}/unpause") == {"success": True}
    client.post(path, {"components": [{"type": "BODY", "text": "We bake again."}]})
    client.idle()
    assert client.get(path)["components"] == [{"type": "BODY", "text": "We bake again."}]
    assert client.get(path)["status"] == "APPROVED"


def test_numbers_and_accounts_tell_of_themselves(client: Client) -> None:
    number = client.get(f"/v26.0/{NUMBER}?fields=verified_name,quality_rating,throughput")
    assert number == {
        "verified_name": "Sunrise Bakery",
        "quality_rating": "GREEN",
        "throughput": {"level": "STANDARD"},
        "id": NUMBER,
    }
    assert client.get(f"/v26.0/{NUMBER}")["display_phone_number"] == "+15550001111"
    assert [each["id"] for each in client.get("/v26.0/WABA1/phone_numbers")["data"]] == [NUMBER]
    assert client.get("/v26.0/WABA1?fields=health_status")["health_status"]["can_send_message"] == "AVAILABLE"
    assert client.ask("GET", "/v26.0/WABA9/phone_numbers").code == 100


def test_an_account_is_subscribed_and_unsubscribed(client: Client) -> None:
    assert len(client.get("/v26.0/WABA1/subscribed_apps")["data"]) == 1
    assert client.ask("DELETE", "/v26.0/WABA1/subscribed_apps").json == {"success": True}
    assert client.get("/v26.0/WABA1/subscribed_apps")["data"] == []


def test_the_token_tells_its_scopes(client: Client) -> None:
    good = client.get(f"/v26.0/debug_token?input_token={TOKEN}")["data"]
    assert good["is_valid"]
    assert set(good["scopes"]) == {"whatsapp_business_management", "whatsapp_business_messaging"}
    assert not client.get("/v26.0/debug_token?input_token=other")["data"]["is_valid"]
    assert client.get("/v26.0/me")["id"]


def test_a_person_is_deleted_from_the_contact_book(client: Client) -> None:
    client.post("/sim/say", {"person": "asha", "text": "hi"})
    client.sent(text("hello"))
    path = f"/v26.0/{NUMBER}/contact_book?messaging_product=whatsapp&bsuid={quote('GB.10000000000000000001')}"
    assert client.ask("DELETE", path).json == {"success": True, "deleted": True}
    assert client.ask("DELETE", path).json == {"success": True, "deleted": False}
    assert client.ask("DELETE", path.partition("&")[0]).code == 100
    assert client.ask("DELETE", path.replace("GB.", "GB.ENT.")).code == 131009


def test_every_answer_takes_the_latency(settings: Settings) -> None:
    with serve(replace(settings, latency=0.05)) as simulator:
        client = Client(simulator.url)
        client.get("/v26.0/me")
        assert client.get("/sim/log")["entries"][0]["seconds"] >= 0.05
        client.connection.close()


def test_the_log_shows_uploads_by_size_alone(client: Client) -> None:
    upload(client)
    (entry,) = client.get("/sim/log")["entries"]
    assert entry["body"] == {"content_type": "multipart/form-data", "bytes": len(form(PDF, "application/pdf")[0])}
    assert "PDF" not in json.dumps(entry)
