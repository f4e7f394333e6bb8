"""The Graph side: versions, tokens, faults, the log; what answers stands in its own files."""

import hmac
import json
import re
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from simulator import app, messages, nodes, shelf
from simulator.clock import iso
from simulator.errors import BadTokenError, GraphError, NoSuchObjectError, invalid
from simulator.faults import Fault
from simulator.router import Router, route
from simulator.state import State
from simulator.web import Request, Response, as_json

Json = dict[str, Any]

_VERSION = re.compile(r"/v(\d+)\.\d+(/.*)")
_OLDEST = 21
_HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


def answer(state: State, request: Request) -> Response:
    """Answer a request to Graph and write it into the log."""
    began = time.monotonic()
    if state.settings.latency:
        time.sleep(state.settings.latency)
    sort = _sort(request)
    fault = state.faults.pick(sort)
    if fault is not None:
        state.stream.tell("fault", fault=fault.show())
    response, accepted = _befallen(state, request, fault)
    response.headers += (("Date", formatdate(state.clock.now(), usegmt=True)),)
    state.requests.write(_entry(state, request, response, accepted) | {"seconds": round(time.monotonic() - began, 4)})
    return response


def _sort(request: Request) -> str:
    if request.method == "POST" and request.path.endswith("/messages"):
        return "messages"
    if request.path.endswith("/media") or request.path.startswith("/whatsapp_business/"):
        return "media"
    return "graph"


def _befallen(state: State, request: Request, fault: Fault | None) -> tuple[Response, Json]:
    """Return the answer, and what was accepted on the way to it."""
    kind = fault.kind if fault else ""
    if fault is not None and kind in _INSTEAD:
        return _INSTEAD[kind](fault), {}
    if fault is not None and kind == "delay":
        time.sleep(fault.seconds)
    accepted: Json = {}
    response = _answered(state, request, accepted, vanish=kind == "drop")
    if kind == "reset_after":
        return Response(status=0, cut=True), accepted
    if fault is not None and kind == "slow":
        time.sleep(fault.seconds)
    return response, accepted


def _refused(error: GraphError) -> Response:
    return as_json(error.body(), error.status, error.headers)


_INSTEAD: dict[str, Callable[[Fault], Response]] = {
    "429": lambda _fault: _refused(GraphError(130429, status=429)),
    "500": lambda _fault: _refused(GraphError(131000)),
    "502html": lambda _fault: Response(status=502, body=_HTML, content_type="text/html; charset=utf-8"),
    "reset_before": lambda _fault: Response(status=0, cut=True),
    "code": lambda fault: _refused(GraphError(fault.code or 1)),
}


def _answered(state: State, request: Request, accepted: Json, *, vanish: bool) -> Response:
    try:
        path = _allowed(state, request)
        found = ROUTER.find(state, request, path)
        if request.method == "POST" and path.endswith("/messages"):
            return _message(state, request, path.split("/")[1], accepted, vanish=vanish)
        if found is None:
            raise NoSuchObjectError(path.split("/")[1], request.method)
        return found()
    except GraphError as error:
        return _refused(error)


def _allowed(state: State, request: Request) -> str:
    """Return the path without its version; raises for an old version or a wrong token."""
    if request.path.startswith("/whatsapp_business/"):
        path = request.path
    else:
        match = _VERSION.fullmatch(request.path)
        if match is None or int(match[1]) < _OLDEST:
            raise GraphError(2500, status=400, message=f"Unknown path components: {request.path[:80]}")
        path = match[2].rstrip("/")
    given = request.headers.get("authorization", "").encode()
    known = (*state.settings.access_tokens, app.token_of(state))
    if not any(hmac.compare_digest(given, f"Bearer {token}".encode()) for token in known):
        raise BadTokenError
    return path


def _message(state: State, request: Request, number_id: str, accepted: Json, *, vanish: bool) -> Response:
    number = state.numbers.get(number_id)
    if number is None:
        raise NoSuchObjectError(number_id, request.method)
    try:
        body = request.json()
    except ValueError:
        raise invalid("The request body is not a valid JSON object.") from None
    made = messages.post(state, number, body, vanish=vanish)
    if "messages" in made:
        accepted["wamid"] = made["messages"][0]["id"]
    return as_json(made)


def _entry(state: State, request: Request, response: Response, accepted: Json) -> Json:
    body = _shown(request)
    ref = body.get("biz_opaque_callback_data") if isinstance(body, dict) else None
    return {
        "at": iso(state.clock.now()),
        "method": request.method,
        "path": request.path,
        "query": {name: text for name, text in request.query.items() if name != "access_token"},
        "body": body,
        "status": response.status,
        "accepted": "wamid" in accepted,
        "wamid": accepted.get("wamid"),
        "ref": ref,
    }


def _shown(request: Request) -> Any:
    if not request.body:
        return None
    if request.headers.get("content-type", "").startswith("multipart/"):
        return {"content_type": request.headers["content-type"].partition(";")[0], "bytes": len(request.body)}
    try:
        return json.loads(request.body)
    except ValueError:
        return request.body[:1000].decode("utf-8", "replace")


ROUTER = Router(
    route("POST", "/<number_id>/media", shelf.upload),
    route("GET", "/whatsapp_business/attachments/", shelf.download),
    *nodes.ROUTES,
)
