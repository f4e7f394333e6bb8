"""The control side: what tests and the chat page ask of the simulator."""

from collections.abc import Callable
from typing import Any

from simulator import acts, app, asking, shelf, template_news
from simulator.clock import iso
from simulator.envelope import dump, sign
from simulator.router import Router, route
from simulator.state import State
from simulator.web import Request, Response, as_json
from simulator.webhooks import readable

Json = dict[str, Any]


def answer(state: State, request: Request) -> Response:
    """Answer a request under /sim/."""
    found = ROUTER.find(state, request, request.path)
    if found is None:
        return as_json({"error": f"there is no {request.method} {request.path}"}, 404)
    try:
        return found()
    except acts.NotThereError as problem:
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


def _people(state: State) -> list[Json]:
    return [person.show() for person in state.people]


def _state(state: State, _request: Request) -> Json:
    return {
        "clock": _clock(state),
        "numbers": _numbers(state),
        "people": _people(state),
        "conversations": [chat.brief() for chat in state.chats.every() if chat.bubbles],
        "faults": state.faults.show(),
        "templates": [template.brief() for template in state.templates],
        "limits": state.limits.show(),
        "bot": state.settings.bot_url,
    }


def _raw(state: State, request: Request) -> Response:
    facts = request.json()
    body = facts["body"]
    raw = body.encode() if isinstance(body, str) else dump(body)
    secret = {True: state.settings.app_secret, "wrong": "not the app secret"}.get(facts.get("sign", True))
    done = state.hooks.post_now(raw, sign(raw, secret) if secret else None)
    return as_json({"status": done["status"], "seconds": done["seconds"]})


def _put_clock(state: State, request: Request) -> Json:
    facts = request.json()
    if "advance_seconds" in facts:
        state.clock.advance(float(facts["advance_seconds"]))
    else:
        state.clock.put(float(facts["offset_seconds"]))
    state.stream.tell("clock", **_clock(state))
    return _clock(state)


def _put_faults(state: State, request: Request) -> Response:
    many = request.value()
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
        raise acts.NotThereError(f"there is no template {facts['name']!r} in {facts.get('language') or 'any language'}")
    for template in found:
        template_news.change(state, template, facts)
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


ROUTER = Router(
    route("GET", "/sim/state", _show(_state)),
    route("GET", "/sim/people", _show(lambda state, _request: _people(state))),
    route("POST", "/sim/people", _show(acts.put_person)),
    route("POST", "/sim/say", _show(acts.say)),
    route("POST", "/sim/send", _show(acts.send)),
    route("POST", "/sim/tap", _show(acts.tap)),
    route("POST", "/sim/react", _show(acts.react)),
    route("POST", "/sim/preference", _show(acts.prefer)),
    route("POST", "/sim/change-number", _show(acts.change_number)),
    route("POST", "/sim/raw", _raw),
    route("GET", "/sim/chat", _show(acts.chat)),
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
    route("POST", "/sim/verify", asking.verify),
    route("POST", "/sim/app", app.change),
    route("GET", "/sim/bot/<path:rest>", asking.bot),
)
