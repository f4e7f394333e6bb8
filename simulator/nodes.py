"""Graph objects other than messages: numbers, accounts, templates, the token, the contact book."""

from collections.abc import Callable
from typing import Any

from simulator import app, shelf, template_api
from simulator.errors import GraphError, NoSuchObjectError, invalid
from simulator.node import chosen
from simulator.router import route
from simulator.settings import Number
from simulator.state import State
from simulator.web import Request, Response, as_json

Json = dict[str, Any]

_APP = {"id": app.ID, "name": app.NAME, "link": f"https://www.facebook.com/games/?app_id={app.ID}"}


def node(state: State, request: Request, name: str) -> Response:
    """Answer GET /<id>: a number, an account, a template, or media."""
    facts = _facts(state, name)
    if facts is None:
        return shelf.look_up(state, request, name)
    return as_json(chosen(facts[0], request, facts[1]))


def delete(state: State, request: Request, name: str) -> Response:
    """Answer DELETE /<id>, which only media know."""
    return shelf.remove(state, request, name)


def _facts(state: State, name: str) -> tuple[Json, tuple[str, ...]] | None:
    """Return an object and the fields that are given unasked."""
    if name in state.numbers:
        return _number(state, state.numbers[name]), _NUMBER
    if name in state.wabas:
        return _account(name), ("id", "name", "timezone_id", "message_template_namespace")
    with state.lock:
        template = state.templates.by_id(name)
        return (template.node(), template_api.USUAL) if template else None


_NUMBER = ("verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type",
           "throughput", "id")  # fmt: skip


def _number(state: State, number: Number) -> Json:
    return {
        "id": number.id,
        "verified_name": number.name,
        "display_phone_number": f"+{number.phone}",
        "code_verification_status": "VERIFIED",
        "quality_rating": "GREEN",
        "quality_score": {"score": "GREEN"},
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "name_status": "APPROVED",
        "new_name_status": "NONE",
        "status": "CONNECTED",
        "account_mode": "LIVE",
        "is_official_business_account": False,
        "is_pin_enabled": True,
        "messaging_limit_tier": "TIER_2K",
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "webhook_configuration": {"application": "https://localhost/webhook"},
        "is_on_biz_app": False,
        "health_status": _health("PHONE_NUMBER", number.id),
        **state.app.numbers.get(number.id, {}),
    }


def _account(waba: str) -> Json:
    return {
        "id": waba,
        "name": "Simulated account",
        "timezone_id": "1",
        "message_template_namespace": "00000000_0000_0000_0000_000000000000",
        "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "health_status": _health("WABA", waba),
    }


def _health(kind: str, name: str) -> Json:
    return {
        "can_send_message": "AVAILABLE",
        "entities": [{"entity_type": kind, "id": name, "can_send_message": "AVAILABLE"}],
    }


def _of_account(action: Callable[[State, Request, str], Json]) -> Callable[..., Response]:
    def answered(state: State, request: Request, waba: str) -> Response:
        if waba not in state.wabas:
            raise NoSuchObjectError(waba, request.method)
        with state.lock:
            return as_json(action(state, request, waba))

    return answered


def _numbers(state: State, request: Request, waba: str) -> Json:
    numbers = [number for number in state.numbers.values() if number.waba == waba]
    return {
        "data": [chosen(_number(state, number), request, _NUMBER) for number in numbers],
        "paging": {"cursors": {}},
    }


def _subscribed(state: State, _request: Request, waba: str) -> Json:
    apps = [{"whatsapp_business_api_data": _APP}] if waba in state.subscribed else []
    return {"data": apps}


def _subscribe(state: State, _request: Request, waba: str) -> Json:
    state.subscribed.add(waba)
    return {"success": True}


def _unsubscribe(state: State, _request: Request, waba: str) -> Json:
    state.subscribed.discard(waba)
    return {"success": True}


def forget_contact(state: State, request: Request, number_id: str) -> Response:
    """Delete a person from the contact book that Meta keeps for the business."""
    user_id = request.query.get("bsuid", "")
    if number_id not in state.numbers:
        raise NoSuchObjectError(number_id, request.method)
    if request.query.get("messaging_product") != "whatsapp" or not user_id:
        raise invalid("The parameters messaging_product and bsuid are required.")
    if ".ENT." in user_id:
        raise GraphError(131009, "bsuid: a parent business-scoped user id is not supported")
    with state.lock:
        deleted = user_id in state.contact_book
        state.contact_book.discard(user_id)
    return as_json({"success": True, "deleted": deleted})


def me(_state: State, _request: Request) -> Response:
    """Tell whose token it is."""
    return as_json({"name": "Simulated system user", "id": "100000000000001"})


ROUTES = (
    route("GET", "/me", me),
    *app.ROUTES,
    route("GET", "/<waba>/phone_numbers", _of_account(_numbers)),
    route("GET", "/<waba>/subscribed_apps", _of_account(_subscribed)),
    route("POST", "/<waba>/subscribed_apps", _of_account(_subscribe)),
    route("DELETE", "/<waba>/subscribed_apps", _of_account(_unsubscribe)),
    route("GET", "/<waba>/message_templates", _of_account(template_api.listed)),
    route("POST", "/<waba>/message_templates", _of_account(template_api.create)),
    route("DELETE", "/<waba>/message_templates", _of_account(template_api.remove)),
    route("POST", "/<name>/unpause", template_api.unpause),
    route("POST", "/<name>", template_api.edit),
    route("DELETE", "/<number_id>/contact_book", forget_contact),
    route("GET", "/<name>", node),
    route("DELETE", "/<name>", delete),
)
