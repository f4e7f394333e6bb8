"""What the control side lets people do: write, tap, react, change number."""

from collections.abc import Callable
from typing import Any

from simulator import phones, receipts
from simulator.chats import Bubble
from simulator.people import Person
from simulator.settings import Number
from simulator.state import State
from simulator.web import Request

Json = dict[str, Any]


class NotThereError(LookupError):
    """What the request names is not there; the text says what."""


def put_person(state: State, request: Request) -> Json:
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


def say(state: State, request: Request) -> Json:
    facts = request.json()
    return {"wamid": phones.say(state, *_pair(state, facts), str(facts["text"]), context=_context(state, facts))}


def send(state: State, request: Request) -> Json:
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


def tap(state: State, request: Request) -> Json:
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


def react(state: State, request: Request) -> Json:
    facts = request.json()
    person, number = _pair(state, facts)
    bubble = _bubble(state, person, number, facts, wanted=lambda _bubble: True)
    return {"wamid": phones.react(state, person, number, bubble, str(facts.get("emoji", "")))}


def prefer(state: State, request: Request) -> Json:
    facts = request.json()
    if facts["value"] not in ("stop", "resume", "signup"):
        raise ValueError("value must be stop, resume or signup")
    person, number = _pair(state, facts)
    phones.prefer(state, person, number, facts["value"])
    return person.show()


def change_number(state: State, request: Request) -> Json:
    facts = request.json()
    person, number = _pair(state, facts)
    phones.change_number(state, person, number, facts.get("phone"))
    return person.show()


def chat(state: State, request: Request) -> Json:
    person, number = _pair(state, dict(request.query))
    return state.chats.of(person.id, number.id).show()
