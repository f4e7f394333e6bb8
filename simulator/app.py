"""The app at Meta: itself, its webhook, tokens, and the registration of numbers."""

import hmac
import http.client
import re
import secrets
from http import HTTPStatus
from typing import Any

from simulator.asking import handshake
from simulator.errors import GraphError, NoSuchObjectError, invalid
from simulator.meta_app import OBJECT, webhook
from simulator.node import chosen
from simulator.router import route
from simulator.settings import SettingsError, only_loopback
from simulator.state import State
from simulator.web import Request, Response, as_json

Json = dict[str, Any]

ID = "670000000000001"
NAME = "Simulated app"
SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")
_MOST_TRIES = 10


def token_of(state: State) -> str:
    """Return the token that is the app itself: its id and its secret."""
    return f"{ID}|{state.settings.app_secret}"


def app(_state: State, request: Request) -> Response:
    """Tell of the app."""
    return as_json(chosen({"id": ID, "name": NAME}, request, ("name", "id")))


def token(state: State, request: Request) -> Response:
    """Tell what a token may do."""
    asked = request.query.get("input_token", "")
    valid = asked in state.settings.access_tokens
    facts: Json = {"app_id": ID, "type": "SYSTEM_USER", "application": NAME, "is_valid": valid}
    if not valid:
        facts |= {"error": {"code": 190, "message": "The access token could not be decrypted"}, "scopes": []}
        return as_json({"data": facts})
    facts |= {"expires_at": 0, "data_access_expires_at": 0, "issued_at": 1_700_000_000, "user_id": "100000000000001"}
    facts |= {"scopes": list(SCOPES)} | state.app.token
    targets = sorted(state.wabas)
    return as_json(
        {"data": {"granular_scopes": [{"scope": each, "target_ids": targets} for each in facts["scopes"]], **facts}}
    )


def subscriptions(state: State, request: Request) -> Response:
    """List the app's webhook and its fields; only the app itself may ask."""
    _only_app(state, request)
    with state.lock:
        return as_json({"data": [state.app.webhook] if state.app.webhook else []})


def subscribe(state: State, request: Request) -> Response:
    """Take a new webhook, once the handshake with it has come right."""
    _only_app(state, request)
    asked = request.form()
    names = [name for name in asked.get("fields", "").split(",") if name]
    url = asked.get("callback_url", "")
    if asked.get("object") != OBJECT or not names or not asked.get("verify_token"):
        raise invalid("The parameters object, callback_url, fields and verify_token are required.")
    _prove(url, asked["verify_token"])
    with state.lock:
        state.app.webhook = webhook(url, names)
    return as_json({"success": True})


def register(state: State, request: Request, number_id: str) -> Response:
    """Register a number for the Cloud API, under its PIN."""
    if number_id not in state.numbers:
        raise NoSuchObjectError(number_id, request.method)
    asked = request.json() if request.body.startswith(b"{") else request.form()
    pin = str(asked.get("pin", ""))
    if asked.get("messaging_product") != "whatsapp" or not re.fullmatch(r"\d{6}", pin):
        raise invalid("Param pin must be 6 characters long.")
    with state.lock:
        _register(state, number_id, pin)
        state.app.regions[number_id] = str(asked.get("data_localization_region", ""))
    return as_json({"success": True})


def _register(state: State, number_id: str, pin: str) -> None:
    facts = state.app.numbers.setdefault(number_id, {})
    tries = state.app.tries[number_id] = state.app.tries.get(number_id, 0) + 1
    if tries > _MOST_TRIES:
        raise GraphError(133016, "Too many attempts to register the number.")
    if facts.get("code_verification_status", "VERIFIED") == "NOT_VERIFIED":
        raise GraphError(133006, "Verify the number before it is registered.")
    if not hmac.compare_digest(state.app.pins.setdefault(number_id, pin), pin):
        raise GraphError(133005, "The PIN is not the one of the number.")
    state.app.numbers[number_id] = facts | {"status": "CONNECTED", "platform_type": "CLOUD_API"}


def settings(state: State, request: Request, number_id: str) -> Response:
    """Tell where Meta keeps the messages of a number."""
    if number_id not in state.numbers:
        raise NoSuchObjectError(number_id, request.method)
    region = state.app.regions.get(number_id, "")
    if not region:
        return as_json({"storage_configuration": {"status": "DEFAULT"}})
    kept = {"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": region}
    return as_json({"storage_configuration": kept})


def change(state: State, request: Request) -> Response:
    """Let a test set what Meta says: of the token, of a number, of its PIN, of the app's webhook."""
    asked = request.json()
    with state.lock:
        state.app.token |= asked.get("token", {})
        for number_id, facts in asked.get("numbers", {}).items():
            state.app.numbers[number_id] = state.app.numbers.get(number_id, {}) | facts
        state.app.pins |= asked.get("pins", {})
        if "webhook" in asked:
            state.app.webhook = asked["webhook"] and webhook(**asked["webhook"])
    return as_json({"success": True})


def _only_app(state: State, request: Request) -> None:
    if request.headers.get("authorization", "") != f"Bearer {token_of(state)}":
        raise GraphError(15, status=400, message="(#15) This method must be called with an app access_token.")


def _prove(url: str, verify_token: str) -> None:
    challenge = secrets.token_hex(5)
    try:
        only_loopback("callback_url", url)
        status, body = handshake(url, verify_token, challenge)
    except (SettingsError, OSError, http.client.HTTPException):
        status, body = 0, ""
    if status != HTTPStatus.OK or body != challenge:
        raise GraphError(2200, status=400, message="(#2200) Callback verification failed with the webhook.")


ROUTES = (
    route("GET", f"/{ID}", app),
    route("GET", "/debug_token", token),
    route("GET", f"/{ID}/subscriptions", subscriptions),
    route("POST", f"/{ID}/subscriptions", subscribe),
    route("POST", "/<number_id>/register", register),
    route("GET", "/<number_id>/settings", settings),
)
