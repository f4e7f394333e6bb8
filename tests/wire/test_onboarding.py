"""The calls that put a number to work, and the look at our own webhook."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
import requests
import responses
from responses import matchers

from bot.wire.errors import SendError
from bot.wire.onboarding import SETUP_FIELDS, Onboarding
from bot.wire.probe import Probed, ask

BASE = "https://graph.facebook.com/v26.0"
TOKEN, APP = "made-up-token", "67|made-up-secret"
HOOK = "https://bot.example.com/webhook"


@pytest.fixture
def graph() -> Onboarding:
    return Onboarding(BASE)


def shows(token: str, **query: str) -> list[Callable[..., tuple[bool, str]]]:
    return [
        matchers.header_matcher({"Authorization": f"Bearer {token}"}),
        matchers.query_param_matcher(query, strict_match=True),
    ]


def test_the_apps_own_token_asks_for_the_app_and_for_tokens(meta: responses.RequestsMock, graph: Onboarding) -> None:
    meta.get(f"{BASE}/67", json={"id": "67", "name": "Bot"}, match=shows(APP, fields="id,name"))
    meta.get(f"{BASE}/debug_token", json={"data": {"is_valid": True}}, match=shows(APP, input_token=TOKEN))
    assert graph.app("67", APP)["name"] == "Bot"
    assert graph.token_info(TOKEN, APP) == {"is_valid": True}


def test_it_registers_a_number_and_reads_where_its_messages_rest(
    meta: responses.RequestsMock, graph: Onboarding
) -> None:
    done = meta.post(f"{BASE}/1065/register", json={"success": True}, match=shows(TOKEN))
    kept = {"storage_configuration": {"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": "IN"}}
    meta.get(f"{BASE}/1065/settings", json=kept, match=shows(TOKEN))
    graph.register("1065", TOKEN, "123456", "IN")
    asked = {"messaging_product": "whatsapp", "pin": "123456", "data_localization_region": "IN"}
    assert json.loads(done.calls[0].request.body or b"") == asked
    assert graph.region("1065", TOKEN) == "IN"


@pytest.mark.parametrize("kept", [{}, {"storage_configuration": {"status": "DEFAULT"}}, {"storage_configuration": 1}])
def test_no_region_is_none(meta: responses.RequestsMock, graph: Onboarding, kept: dict[str, object]) -> None:
    meta.get(f"{BASE}/1065/settings", json=kept)
    assert graph.region("1065", TOKEN) == ""


def test_it_sets_the_webhook_and_reads_it(meta: responses.RequestsMock, graph: Onboarding) -> None:
    done = meta.post(f"{BASE}/67/subscriptions", json={"success": True}, match=shows(APP))
    hooks = [{"object": "page", "callback_url": "x"}, {"object": "whatsapp_business_account", "callback_url": HOOK}]
    meta.get(f"{BASE}/67/subscriptions", json={"data": hooks})
    meta.get(f"{BASE}/68/subscriptions", json={"data": hooks[:1]})
    graph.set_webhook("67", APP, HOOK, "word", ("messages", "security"))
    sent = parse_qs(str(done.calls[0].request.body))
    assert (sent["callback_url"], sent["verify_token"], sent["fields"]) == ([HOOK], ["word"], ["messages,security"])
    assert graph.webhook("67", APP)["callback_url"] == HOOK
    assert graph.webhook("68", APP) == {}


def test_it_subscribes_to_an_account_and_lists_who_did(meta: responses.RequestsMock, graph: Onboarding) -> None:
    meta.post(f"{BASE}/20/subscribed_apps", json={"success": True}, match=shows(TOKEN))
    found = [{"whatsapp_business_api_data": {"id": "67", "name": "Bot"}}, {"odd": 1}]
    meta.get(f"{BASE}/20/subscribed_apps", json={"data": found})
    graph.subscribe("20", TOKEN)
    assert graph.subscribers("20", TOKEN) == ["67", ""]


def test_it_lists_numbers_with_what_matters_before_they_go_live(
    meta: responses.RequestsMock, graph: Onboarding
) -> None:
    query = {"fields": SETUP_FIELDS, "limit": "100"}
    meta.get(f"{BASE}/20/phone_numbers", json={"data": [{"id": "1065"}]}, match=shows(TOKEN, **query))
    assert graph.setup_numbers("20", TOKEN) == [{"id": "1065"}]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ({"Date": "Sun, 22 Nov 2026 10:00:00 GMT"}, datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ({"Date": "soon"}, None),
        ({}, None),
    ],
    ids=["a date", "no date", "nothing"],
)
def test_metas_clock_is_read_from_any_answer(
    meta: responses.RequestsMock, graph: Onboarding, head: dict[str, str], told: datetime | None
) -> None:
    meta.get(f"{BASE}/me", status=401, json={"error": {"code": 190}}, headers=head)
    assert graph.server_time(TOKEN) == told


def test_a_refusal_is_the_wires_own_error(meta: responses.RequestsMock, graph: Onboarding) -> None:
    meta.post(f"{BASE}/1065/register", status=400, json={"error": {"code": 133005}})
    with pytest.raises(SendError) as caught:
        graph.register("1065", TOKEN, "123456")
    assert caught.value.code == 133005


def test_a_probe_takes_any_answer_and_follows_nothing(meta: responses.RequestsMock) -> None:
    meta.get(HOOK, body="42", match=shows_query(a="b"))
    meta.post(HOOK, status=302, headers={"Location": "http://elsewhere.example.com"})
    assert ask(HOOK, query={"a": "b"}) == Probed(200, "42")
    assert ask(HOOK, body=b"{}") == Probed(302)


def shows_query(**query: str) -> list[Callable[..., tuple[bool, str]]]:
    return [matchers.query_param_matcher(query)]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (requests.exceptions.SSLError("secret-in-address"), "its certificate is not trusted"),
        (requests.ReadTimeout("secret-in-address"), "it did not answer in time"),
        (requests.ConnectionError("secret-in-address"), "nobody answers there"),
        (requests.exceptions.ChunkedEncodingError("secret-in-address"), "it gave no answer that can be read"),
    ],
    ids=["certificate", "time", "nobody", "garbage"],
)
def test_a_probe_says_why_and_never_where(meta: responses.RequestsMock, fault: Exception, why: str) -> None:
    meta.get(HOOK, body=fault)
    assert ask(HOOK) == Probed(0, "", why)


@pytest.mark.parametrize("url", ["http://bot.example.com/webhook", "ftp://127.0.0.1/", "file:///etc/passwd"])
def test_a_probe_stays_here_or_speaks_tls(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        ask(url)
