"""The other way round: questions that the simulator asks the bot."""

import http.client
from http import HTTPStatus
from urllib.parse import quote, urlencode, urlsplit

from simulator.state import State
from simulator.web import Request, Response, as_json


def _ask(url: str, path: str, timeout: float = 10.0) -> tuple[int, str, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout)
    try:
        connection.request("GET", path)
        answered = connection.getresponse()
        return answered.status, answered.headers.get("Content-Type", "text/plain"), answered.read()
    finally:
        connection.close()


def bot(state: State, request: Request, path: str) -> Response:
    """Pass a question of the page on to the bot, and its answer back."""
    query = f"?{urlencode(request.query)}" if request.query else ""
    try:
        status, content_type, body = _ask(state.settings.bot_url, f"/{quote(path)}{query}")
    except (OSError, http.client.HTTPException) as problem:
        return as_json({"error": f"the bot does not answer: {type(problem).__name__}"}, 502)
    return Response(status=status, body=body, content_type=content_type, headers=(("Cache-Control", "no-store"),))


def handshake(url: str, verify_token: str, challenge: str) -> tuple[int, str]:
    """Ask a webhook as Meta does before it takes it; return status and body. Errors as those of `http.client`."""
    asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    status, _kind, body = _ask(url, f"{urlsplit(url).path}?{urlencode(asked)}")
    return status, body.decode("utf-8", "replace")


def verify(state: State, _request: Request) -> Response:
    """Do Meta's handshake with the webhook: a challenge must come back bare."""
    challenge = "1158201444"
    try:
        status, body = handshake(state.settings.webhook, state.settings.verify_token, challenge)
    except (OSError, http.client.HTTPException) as problem:
        return as_json({"verified": False, "status": 0, "error": type(problem).__name__})
    return as_json({"verified": status == HTTPStatus.OK and body == challenge, "status": status})
