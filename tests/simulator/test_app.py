"""The app at Meta: its webhook, its token, and the registration of its numbers."""

from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from simulator.app import ID
from tests.simulator.harness import NUMBER, SECRET, TOKEN, VERIFY, Answer, Client, Receiver

APP_TOKEN = {"Authorization": f"Bearer {ID}|{SECRET}"}
FORM = APP_TOKEN | {"Content-Type": "application/x-www-form-urlencoded"}
SUBSCRIPTIONS = f"/v26.0/{ID}/subscriptions"


def subscribe(client: Client, url: str, **changed: str) -> Answer:
    asked = {"object": "whatsapp_business_account", "callback_url": url, "verify_token": VERIFY, "fields": "messages"}
    return client.ask("POST", SUBSCRIPTIONS, urlencode(asked | changed).encode(), FORM)


def test_the_app_is_known_by_its_own_token_alone(client: Client) -> None:
    assert client.ask("GET", f"/v26.0/{ID}?fields=id,name", headers=APP_TOKEN).json["id"] == ID
    assert client.ask("GET", f"/v26.0/{ID}", headers={"Authorization": f"Bearer {ID}|wrong"}).code == 190
    assert client.ask("GET", SUBSCRIPTIONS).code == 15


def test_the_app_gets_a_webhook_that_proves_itself(client: Client, receiver: Receiver) -> None:
    assert subscribe(client, receiver.url).json == {"success": True}
    (hook,) = client.ask("GET", SUBSCRIPTIONS, headers=APP_TOKEN).json["data"]
    assert (hook["callback_url"], [each["name"] for each in hook["fields"]]) == (receiver.url, ["messages"])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"verify_token": "other"}, 2200, id="another token"),
        pytest.param({"callback_url": "http://127.0.0.1:1/webhook"}, 2200, id="nobody there"),
        pytest.param({"callback_url": "https://example.com/webhook"}, 2200, id="not this machine"),
        pytest.param({"fields": ""}, 100, id="no fields"),
        pytest.param({"object": "page"}, 100, id="another object"),
    ],
)
def test_it_refuses_a_webhook(client: Client, receiver: Receiver, changed: dict[str, str], code: int) -> None:
    assert subscribe(client, receiver.url, **changed).code == code


def test_only_fields_that_were_asked_for_are_told(client: Client, receiver: Receiver) -> None:
    subscribe(client, receiver.url, fields="messages")
    client.post("/sim/preference", {"person": "asha", "value": "stop"})
    client.post("/sim/say", {"person": "asha", "text": "hi"})
    client.idle()
    assert receiver.values("user_preferences") == []
    assert len(receiver.all("messages")) == 1
    client.post("/sim/app", {"webhook": None})
    client.post("/sim/say", {"person": "asha", "text": "anybody?"})
    client.idle()
    assert len(receiver.all("messages")) == 1


def test_a_token_is_as_the_test_wants_it(client: Client) -> None:
    client.post("/sim/app", {"token": {"type": "USER", "expires_at": 5, "scopes": ["whatsapp_business_messaging"]}})
    told = client.get(f"/v26.0/debug_token?input_token={TOKEN}")["data"]
    assert (told["type"], told["expires_at"], told["scopes"]) == ("USER", 5, ["whatsapp_business_messaging"])
    assert told["granular_scopes"] == [{"scope": "whatsapp_business_messaging", "target_ids": ["WABA1", "WABA2"]}]


def register(client: Client, **changed: Any) -> Answer:
    return client.ask("POST", f"/v26.0/{NUMBER}/register", {"messaging_product": "whatsapp", "pin": "123456"} | changed)


def test_a_number_is_registered_under_its_pin(client: Client) -> None:
    client.post("/sim/app", {"numbers": {NUMBER: {"status": "PENDING", "platform_type": "NOT_APPLICABLE"}}})
    assert register(client, data_localization_region="IN").json == {"success": True}
    fields = client.get(f"/v26.0/{NUMBER}?fields=status,platform_type,is_on_biz_app")
    assert fields == {"status": "CONNECTED", "platform_type": "CLOUD_API", "is_on_biz_app": False, "id": NUMBER}
    kept = client.get(f"/v26.0/{NUMBER}/settings")["storage_configuration"]
    assert kept == {"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": "IN"}
    assert register(client, pin="654321").code == 133005


@pytest.mark.parametrize("changed", [{"pin": "12345"}, {"messaging_product": ""}], ids=["short", "no product"])
def test_it_refuses_to_register_without(client: Client, changed: dict[str, str]) -> None:
    assert register(client, **changed).code == 100


def test_registering_has_an_end(client: Client) -> None:
    client.post("/sim/app", {"numbers": {NUMBER: {"code_verification_status": "NOT_VERIFIED"}}})
    assert [register(client).code for _ in range(11)] == [133006] * 10 + [133016]
    assert client.ask("POST", "/v26.0/1/register", {}).code == 100
    assert client.ask("GET", "/v26.0/1/settings").code == 100


def test_every_answer_tells_the_clock(client: Client) -> None:
    before = parsedate_to_datetime(client.ask("GET", "/v26.0/me").headers["date"])
    client.post("/sim/clock", {"advance_seconds": 3600})
    after = parsedate_to_datetime(client.ask("GET", "/v26.0/me").headers["date"])
    assert 3600 <= (after - before).total_seconds() < 3700
