"""The control side: what tests and the chat page ask of the simulator."""

import http.client
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from simulator import phones, receipts, shelf, template_api
from simulator.chats import Bubble
from simulator.clock import iso
from simulator.envelope import dump, sign
from simulator.people import Person
from simulator.router import Router, route
from simulator.settings import Number
from simulator.state import State
from simulator.web import Request, Response, as_json
from simulator.webhooks import readable

Json = dict[str, Any]


class NotThereError(LookupError):
    """What the request names is not there; the text says what."""


def answer(state: State, request: Request) -> Response:
    """Answer a request under /sim/."""
    found = ROUTER.find(state, request, request.path)
    if found is None:
        return as_json({"error": f"there is no {request.method} {request.path}"}, 404)
    try:
        return found()
    except NotThereError as problem:
        return as_json({"error": str(problem)}, 404)
    except (ValueError, TypeError) as problem:
        return as_json({"error": str(problem)}, 400)
    except KeyError as problem:
        return as_json({"error": f"{problem} is needed"}, 400)


def _show(value: Callable[[State, Request], Any]) -> Callable[[State, Request], Response]:
    def shown(state: State, request: Request) -> Response:
        with state.lock:
            return as_json(value(state, request))

    return shown


def _clock(state: State) -> Json:
    return {"offset_seconds": state.clock.offset, "now": iso(state.clock.now())}


def _numbers(state: State) -> list[Json]:
    return [
        {"id": each.id, "phone": each.phone, "waba": each.waba, "name": each.name} for each in state.numbers.values()
    ]


def _state(state: State, _request: Request) -> Json:
    return {
        "clock": _clock(state),
        "numbers": _numbers(state),
        "people": [person.show() for person in state.people],
        "conversations": [chat.brief() for chat in state.chats.every() if chat.bubbles],
        "faults": state.faults.show(),
        "templates": [template.brief() for template in state.templates],
        "limits": state.limits.show(),
        "bot": state.settings.bot_url,
    }


def _put_person(state: State, request: Request) -> Json:
    facts = request.json()
    known = state.people.find(str(facts["id"])) if facts.get("id") else None
    if facts.get("id") and known is None:
        raise NotThereError(f"there is nobody with the id {facts['id']!r}")
    if known is None:
        known = state.people.add(facts)
    else:
        was_off = not known.delivers
        state.people.change(known, facts)
        if was_off and known.delivers:
            receipts.switched_on(state, known)
    state.stream.tell("people")
    return known.show()


def _person(state: State, facts: Json) -> Person:
    person = state.people.find(str(facts["person"]))
    if person is None:
        raise NotThereError(f"there is nobody like {facts['person']!r}")
    return person


def _number(state: State, facts: Json) -> Number:
    name = facts.get("number") or next(iter(state.numbers))
    if name not in state.numbers:
        raise NotThereError(f"there is no number {name!r}")
    return state.numbers[str(name)]


def _pair(state: State, facts: Json) -> tuple[Person, Number]:
    return _person(state, facts), _number(state, facts)


def _say(state: State, request: Request) -> Json:
    facts = request.json()
    return {"wamid": phones.say(state, *_pair(state, facts), str(facts["text"]), context=_context(state, facts))}


def _send(state: State, request: Request) -> Json:
    facts = request.json()
    message = facts["message"]
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise ValueError("message must be an object with a type")  # noqa: TRY004 - all bad input is one kind here
    person, number = _pair(state, facts)
    context, referral = _context(state, facts), facts.get("referral")
    return {"wamid": phones.send(state, person, number, message, context=context, referral=referral)}


def _context(state: State, facts: Json) -> Json | None:
    """Return the context of a message: as given, a forward, or an answer to a wamid."""
    context = facts.get("context")
    if facts.get("forwarded"):
        return {"frequently_forwarded" if facts["forwarded"] == "often" else "forwarded": True}
    if isinstance(context, str):
        bubble = state.chats.bubble(context)
        origin = _number(state, facts).phone if bubble is None or bubble.direction == "out" else None
        return {**({"from": origin} if origin else {}), "id": context}
    return dict(context) if context else None


def _tap(state: State, request: Request) -> Json:
    facts = request.json()
    person, number = _pair(state, facts)
    bubble = _bubble(state, person, number, facts, wanted=_choices)
    return phones.tap(state, person, number, bubble, _choice(bubble, facts), facts.get("response") or {})


def _bubble(state: State, person: Person, number: Number, facts: Json, wanted: Callable[[Bubble], Any]) -> Bubble:
    """Return the message that is named, or the last of the business that has what is wanted."""
    chat = state.chats.of(person.id, number.id)
    if facts.get("wamid"):
        named = state.chats.bubble(str(facts["wamid"]))
        if named is None or named not in chat.bubbles:
            raise NotThereError("there is no such message in this chat")
        return named
    for bubble in reversed(chat.bubbles):
        if bubble.direction == "out" and wanted(bubble):
            return bubble
    raise NotThereError(f"{person.name} has no such message from {number.name}")


def _choices(bubble: Bubble) -> list[Json]:
    rows = bubble.menu["rows"] if bubble.menu else []
    return [*bubble.buttons, *({**row, "kind": "row"} for row in rows)]


def _choice(bubble: Bubble, facts: Json) -> Json:
    choices = _choices(bubble)
    if "id" in facts:
        fitting = [each for key in ("id", "title") for each in choices if each.get(key) == facts["id"]]
    else:
        place = int(facts.get("index", 0))
        fitting = choices[place : place + 1] if place >= 0 else []
    if not fitting:
        titles = ", ".join(repr(each["title"]) for each in choices)
        raise NotThereError(f"the message has no such choice; it has {titles or 'none'}")
    return fitting[0]


def _react(state: State, request: Request) -> Json:
    facts = request.json()
    person, number = _pair(state, facts)
    bubble = _bubble(state, person, number, facts, wanted=lambda _bubble: True)
    return {"wamid": phones.react(state, person, number, bubble, str(facts.get("emoji", "")))}


def _prefer(state: State, request: Request) -> Json:
    facts = request.json()
    if facts["value"] not in ("stop", "resume", "signup"):
        raise ValueError("value must be stop, resume or signup")
    person, number = _pair(state, facts)
    phones.prefer(state, person, number, facts["value"])
    return person.show()


def _change_number(state: State, request: Request) -> Json:
    facts = request.json()
    person, number = _pair(state, facts)
    phones.change_number(state, person, number, facts.get("phone"))
    return person.show()


def _raw(state: State, request: Request) -> Response:
    facts = request.json()
    body = facts["body"]
    raw = body.encode() if isinstance(body, str) else dump(body)
    secret = {True: state.settings.app_secret, "wrong": "not the app secret"}.get(facts.get("sign", True))
    done = state.hooks.post_now(raw, sign(raw, secret) if secret else None)
    return as_json({"status": done["status"], "seconds": done["seconds"]})


def _chat(state: State, request: Request) -> Json:
    person, number = _pair(state, dict(request.query))
    return state.chats.of(person.id, number.id).show()


def _put_clock(state: State, request: Request) -> Json:
    facts = request.json()
    if "advance_seconds" in facts:
        state.clock.advance(float(facts["advance_seconds"]))
    else:
        state.clock.put(float(facts["offset_seconds"]))
    state.stream.tell("clock", **_clock(state))
    return _clock(state)


def _put_faults(state: State, request: Request) -> Response:
    raw = request.body.lstrip()
    many = Request(method="", path="", query={}, headers={}, body=b'{"faults":' + raw + b"}").json()["faults"]
    added = [state.faults.add(facts) for facts in (many if isinstance(many, list) else [many])]
    for fault in added:
        state.stream.tell("fault", fault=fault.show())
    shown = [fault.show() for fault in added]
    return as_json(shown if isinstance(many, list) else shown[0])


def _remove_faults(state: State, request: Request) -> Json:
    number = request.query.get("id")
    state.faults.remove(None if number is None else int(number))
    state.stream.tell("fault")
    return {"success": True}


def _limits(state: State, request: Request) -> Json:
    if request.method == "POST":
        state.limits.change(request.json())
    return state.limits.show()


def _put_template(state: State, request: Request) -> Json:
    facts = request.json()
    wanted = (facts["name"], facts.get("language"))
    found = [each for each in state.templates if each.name == wanted[0] and wanted[1] in (None, each.language)]
    if not found:
        raise NotThereError(f"there is no template {facts['name']!r} in {facts.get('language') or 'any language'}")
    for template in found:
        template_api.change(state, template, facts)
    return {"templates": [template.brief() for template in found]}


def _since(request: Request) -> int:
    return int(request.query.get("since", "0"))


def _idle(state: State, request: Request) -> Response:
    idle = state.pending.wait(float(request.query.get("timeout", "10")))
    return as_json({"idle": idle, "pending": state.pending.count})


def _reset(state: State, _request: Request) -> Response:
    state.reset()
    return as_json({"success": True})


def _stream(state: State, _request: Request) -> Response:
    return Response(content_type="text/event-stream; charset=utf-8", stream=state.stream.watch())


def _ask(url: str, path: str, timeout: float = 10.0) -> tuple[int, str, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout)
    try:
        connection.request("GET", path)
        answered = connection.getresponse()
        return answered.status, answered.headers.get("Content-Type", "text/plain"), answered.read()
    finally:
        connection.close()


def _bot(state: State, request: Request, path: str) -> Response:
    """Pass a question of the page on to the bot, and its answer back."""
    query = f"?{urlencode(request.query)}" if request.query else ""
    try:
        status, content_type, body = _ask(state.settings.bot_url, f"/{path}{query}")
    except (OSError, http.client.HTTPException) as problem:
        return as_json({"error": f"the bot does not answer: {type(problem).__name__}"}, 502)
    return Response(status=status, body=body, content_type=content_type, headers=(("Cache-Control", "no-store"),))


def _verify(state: State, _request: Request) -> Response:
    """Do Meta's handshake with the webhook: a challenge must come back bare."""
    challenge = "1158201444"
    asked = {
        "hub.mode": "subscribe",
        "hub.challenge": challenge,
        "hub.verify_token": state.settings.verify_token,
    }
    try:
        status, _kind, body = _ask(
            state.settings.webhook, f"{urlsplit(state.settings.webhook).path}?{urlencode(asked)}"
        )
    except (OSError, http.client.HTTPException) as problem:
        return as_json({"verified": False, "status": 0, "error": type(problem).__name__})
    return as_json(
        {"verified": status == http.HTTPStatus.OK and body.decode("utf-8", "replace") == challenge, "status": status}
    )


ROUTER = Router(
    route("GET", "/sim/state", _show(_state)),
    route("GET", "/sim/people", _show(lambda state, _request: [person.show() for person in state.people])),
    route("POST", "/sim/people", _show(_put_person)),
    route("POST", "/sim/say", _show(_say)),
    route("POST", "/sim/send", _show(_send)),
    route("POST", "/sim/tap", _show(_tap)),
    route("POST", "/sim/react", _show(_react)),
    route("POST", "/sim/preference", _show(_prefer)),
    route("POST", "/sim/change-number", _show(_change_number)),
    route("POST", "/sim/raw", _raw),
    route("GET", "/sim/chat", _show(_chat)),
    route("GET", "/sim/clock", _show(lambda state, _request: _clock(state))),
    route("POST", "/sim/clock", _show(_put_clock)),
    route("GET", "/sim/faults", _show(lambda state, _request: state.faults.show())),
    route("POST", "/sim/faults", _put_faults),
    route("DELETE", "/sim/faults", _show(_remove_faults)),
    route("GET", "/sim/limits", _show(_limits)),
    route("POST", "/sim/limits", _show(_limits)),
    route("GET", "/sim/log", lambda state, request: as_json(state.requests.since(_since(request)))),
    route(
        "GET",
        "/sim/webhooks",
        lambda state, request: as_json(state.attempts.since(_since(request), readable)),
    ),
    route("GET", "/sim/templates", _show(lambda state, _request: [each.brief() for each in state.templates])),
    route("POST", "/sim/templates", _show(_put_template)),
    route("GET", "/sim/media/<media_id>", shelf.show),
    route("GET", "/sim/idle", _idle),
    route("GET", "/sim/stream", _stream),
    route("POST", "/sim/reset", _reset),
    route("POST", "/sim/verify", _verify),
    route("GET", "/sim/bot/<path:rest>", _bot),
)
