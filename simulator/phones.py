"""What people do on their phones, and the webhooks that tell the bot of it."""

import json
from typing import Any

from simulator import bubbles
from simulator.chats import Bubble, Chat
from simulator.envelope import contact, given, sender
from simulator.people import Person, new_user_id
from simulator.received import filled
from simulator.settings import Number, digits
from simulator.state import State
from simulator.wamid import wamid

Json = dict[str, Any]

# What opens no service window: nothing that a person writes or taps.
_SILENT = frozenset({"reaction", "system", "edit", "revoke"})


def send(state: State, person: Person, number: Number, message: Json, **extra: Json | None) -> str:
    """Let a person send a message of any type; return its wamid."""
    with state.lock:
        kind = str(message["type"])
        chat = state.chats.of(person.id, number.id)
        now = state.clock.now()
        name = str(message.get("id") or wamid(_shown(state, person, chat), outbound=False))
        told: Json = {**sender(person, with_phone=state.sees_phone(person, chat)), "id": name}
        told["timestamp"] = str(message.get("timestamp") or int(now))
        told |= {key: value for key, value in message.items() if key not in told} | given(**extra)
        if kind in message or kind in bubbles.MEDIA:
            told[kind] = filled(state, number, kind, message.get(kind) or {})
        _note(state, chat, told, now)
        facts: Json = {"messages": [told]}
        if kind != "system":
            facts = {"contacts": [contact(person, with_phone="from" in told)], **facts}
        state.tell(number, person, **facts)
        return name


def say(state: State, person: Person, number: Number, text: str, **extra: Json | None) -> str:
    """Let a person write a text; return its wamid."""
    return send(state, person, number, {"type": "text", "text": {"body": text}}, **extra)


def react(state: State, person: Person, number: Number, target: Bubble, emoji: str) -> str:
    """Let a person react to a message; an empty emoji takes the reaction away."""
    with state.lock:
        target.reactions.pop("person", None)
        if emoji:
            target.reactions["person"] = emoji
        reaction = {"message_id": target.wamid} | ({"emoji": emoji} if emoji else {})
        return send(state, person, number, {"type": "reaction", "reaction": reaction})


def prefer(state: State, person: Person, number: Number, value: str) -> None:
    """Let a person stop or resume the business's offers in WhatsApp's own settings."""
    with state.lock:
        person.marketing = "stop" if value == "stop" else "resume"
        shown = contact(person, with_phone=state.sees_phone(person, state.chats.of(person.id, number.id)))
        ids: Json = {key: shown[key] for key in ("wa_id", "user_id", "parent_user_id") if key in shown}
        preference: Json = {
            **ids,
            "detail": f"User requested to {value} marketing messages",
            "category": "marketing_messages",
            "value": value,
            "timestamp": int(state.clock.now()),
        }
        state.tell(number, person, "user_preferences", contacts=[shown], user_preferences=[preference])
    state.stream.tell("people")


def change_number(state: State, person: Person, number: Number, phone: str | None) -> None:
    """Let a person move to another number: a new user id, told by two webhooks."""
    with state.lock:
        old, old_id = person.phone, person.user_id
        new = digits(phone) if phone else None
        new_id = new_user_id(new or old, old_id[:2])
        chat = state.chats.of(person.id, number.id)
        shown = state.sees_phone(person, chat)
        kind = "user_changed_number" if old and new and shown else "user_changed_user_id"
        told = given(wa_id=new if shown else None, user_id=new_id)
        was, now_is = (old, new) if kind == "user_changed_number" else (old_id, new_id)
        body = f"User {person.name} changed from {was} to {now_is}"
        send(state, person, number, {"type": "system", "system": {"body": body, **told, "type": kind}})
        state.people.change(person, {"phone": new, "user_id": new_id})
        update: Json = {
            **given(wa_id=new if shown else None),
            "detail": "The user changed their phone number.",
            "user_id": {"previous": old_id, "current": new_id},
            "timestamp": str(int(state.clock.now())),
        }
        who = [contact(person, with_phone=shown)]
        state.tell(number, person, "user_id_update", contacts=who, user_id_update=[update])
    state.stream.tell("people")


def tap(state: State, person: Person, number: Number, bubble: Bubble, choice: Json, response: Json) -> Json:
    """Let a person tap a choice of a message; return the wamid, or what address opened."""
    context = {"from": number.phone, "id": bubble.wamid}
    match choice["kind"]:
        case "reply":
            reply = {"id": choice["id"], "title": choice["title"]}
            message: Json = _interactive("button_reply", reply)
        case "row":
            keys = ("id", "title", "description")
            message = _interactive("list_reply", {key: choice[key] for key in keys if choice.get(key)})
        case "quick_reply":
            message = {"type": "button", "button": {"payload": choice["id"], "text": choice["title"]}}
        case "location":
            message = {
                "type": "location",
                "location": response or {"latitude": 23.0225, "longitude": 72.5714},
            }
        case "contact":
            message = {"type": "contacts", "contacts": [_card(person)]}
        case "flow":
            form = {"name": "flow", "body": "Sent", "response_json": json.dumps(response)}
            message = _interactive("nfm_reply", form)
        case _:
            return {"opened": choice.get("url") or choice["id"]}
    return {"wamid": send(state, person, number, message, context=context)}


def _interactive(kind: str, reply: Json) -> Json:
    return {"type": "interactive", "interactive": {"type": kind, kind: reply}}


def _card(person: Person) -> Json:
    name = {"formatted_name": person.name, "first_name": person.name}
    phones = [{"phone": f"+{person.phone}", "wa_id": person.phone, "type": "CELL"}] if person.phone else []
    return {"name": name, "phones": phones, "origin": "contact_request"}


def _shown(state: State, person: Person, chat: Chat) -> str | None:
    return person.phone if state.sees_phone(person, chat) else None


def _note(state: State, chat: Chat, told: Json, now: float) -> None:
    """Put what a person sent into the chat, and open the service window if it does."""
    kind, content = told["type"], told.get(told["type"])
    if kind not in _SILENT and "group_id" not in told:
        chat.last_inbound = max(chat.last_inbound or 0.0, min(now, float(told["timestamp"])))
    if "referral" in told:
        chat.free_entry_asked = now
    if kind in ("edit", "revoke"):
        _rewrite(state, kind, content or {})
    elif kind != "reaction":
        state.chats.add(_bubble(chat, told, content, now))
    state.changed(chat)


def _bubble(chat: Chat, told: Json, content: Any, now: float) -> Bubble:
    context = told.get("context")
    forwarded = context and bool(context.get("forwarded") or context.get("frequently_forwarded"))
    return Bubble(
        wamid=told["id"],
        person=chat.person,
        number=chat.number,
        direction="in",
        at=now,
        type=told["type"],
        body=content if content is not None else {},
        status="received",
        context=context and {"wamid": context.get("id"), "forwarded": forwarded},
        **bubbles.look(told["type"], content if content is not None else {}),
    )


def _rewrite(state: State, kind: str, content: Json) -> None:
    bubble = state.chats.bubble(str(content.get("original_message_id")))
    if bubble is None:
        return
    if kind == "revoke":
        bubble.deleted, bubble.text, bubble.body = True, "", {}
        return
    message = content.get("message") or {}
    bubble.edited = True
    bubble.text = bubbles.look(str(message.get("type")), message.get(str(message.get("type"))) or {}).get("text", "")
