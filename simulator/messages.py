"""POST /<phone number id>/messages: what Meta accepts, and what it refuses."""

import re
from dataclasses import dataclass
from typing import Any

from simulator import bubbles, receipts, validate
from simulator.bind import bind
from simulator.chats import DAY, Bubble, Chat
from simulator.errors import GraphError, invalid
from simulator.fields import need_list, need_text, without_nulls
from simulator.people import Person
from simulator.regions import in_united_states
from simulator.settings import Number, digits
from simulator.state import State
from simulator.templates import Template
from simulator.wamid import wamid

Json = dict[str, Any]

_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
_TEN_MINUTES = 600.0
_MONTH = 30 * DAY
_FREE_ENTRY = 72 * 3600.0
_NOBODY = "Message undeliverable: the recipient is not a WhatsApp user or cannot be reached"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that passed the checks of its shape, and whom it is for."""

    kind: str
    body: Json
    person: Person
    chat: Chat
    to_phone: bool


def post(state: State, number: Number, body: Json, *, vanish: bool = False) -> Json:
    """Take a message or a read mark; a message that `vanish`es is accepted and never delivered."""
    body = without_nulls(body)
    if body.get("status") is not None:
        return mark(state, number, body)
    kind = validate.message(body)
    with state.lock:
        return _accept(state, number, kind, body, vanish=vanish)


def mark(state: State, number: Number, body: Json) -> Json:
    """Mark a person's message (and those before it) as read, perhaps with a typing sign."""
    if body.get("messaging_product") != "whatsapp" or body["status"] != "read":
        raise invalid("Param status must be one of {read}, with messaging_product whatsapp.")
    name = need_text(body, "message_id", "message_id", most=256)
    if "typing_indicator" in body and body["typing_indicator"] != {"type": "text"}:
        raise invalid("Param typing_indicator['type'] must be one of {text}.")
    with state.lock:
        seen = state.chats.bubble(name)
        if seen is None or seen.direction != "in" or seen.number != number.id:
            raise GraphError(131009, "message_id: the message does not exist or is not an incoming one")
        if state.clock.now() - seen.at > _MONTH:
            raise GraphError(131009, "message_id: the message is older than 30 days")
        chat = state.chats.of(seen.person, seen.number)
        for bubble in chat.bubbles:
            if bubble.direction == "in" and bubble.at <= seen.at:
                bubble.status = "read"
        state.changed(chat)
    if "typing_indicator" in body:
        state.stream.tell("typing", person=seen.person, number=number.id)
    return {"success": True}


def _accept(state: State, number: Number, kind: str, body: Json, *, vanish: bool) -> Json:
    now = state.clock.now()
    state.limits.take(number.id, now)
    draft = _addressed(state, number, kind, body)
    if kind == "reaction":
        _target(state, draft, now)
    template = _template(state, number, draft) if kind == "template" else None
    looks = _looks(state, draft, template)
    problem = _refusal(draft, template, now)
    if problem is not None and not draft.person.async_errors:
        raise problem
    state.limits.take_pair(draft.chat, now)
    bubble = _bubble(draft, template, looks, now)
    _note(state, draft, bubble, now)
    late = problem or (GraphError(draft.person.fails) if draft.person.fails else None)
    if late is not None:
        receipts.fail(state, bubble, late)
    elif not vanish:
        receipts.follow(state, bubble)
    return _answer(draft, bubble)


def _addressed(state: State, number: Number, kind: str, body: Json) -> Draft:
    to = body.get("to")
    if to is not None:
        phone = digits(to)
        if phone == number.phone:
            raise GraphError(131021)
        person = None if _USER_ID.fullmatch(to) else state.people.by_phone(phone)
    else:
        person = state.people.by_user_id(body["recipient"])
    if person is None:
        raise GraphError(131026, _NOBODY)
    chat = state.chats.of(person.id, number.id)
    return Draft(kind, body, person, chat, to_phone=to is not None)


def _template(state: State, number: Number, draft: Draft) -> Template:
    value = draft.body["template"]
    name, language = value["name"], value["language"]["code"]
    template = state.templates.find(number.waba, name, language)
    status = template.status if template else "MISSING"
    if template is None or status not in ("APPROVED", "PAUSED", "DISABLED"):
        raise GraphError(132001, f"template name ({name}) does not exist in {language}")
    if status == "PAUSED":
        raise GraphError(132015, f"template ({name}) is paused due to low quality and cannot be sent")
    if status == "DISABLED":
        raise GraphError(132016, f"template ({name}) is disabled permanently")
    if template.category == "AUTHENTICATION" and not draft.to_phone:
        raise GraphError(131062, "Authentication templates can be sent to phone numbers only")
    return template


def _looks(state: State, draft: Draft, template: Template | None) -> Json:
    content = draft.body[draft.kind]
    if template is not None:
        components = need_list(content, "components", "components", most=20, least=0) if "components" in content else []
        looks = bubbles.of_template(bind(template, components))
    else:
        looks = bubbles.look(draft.kind, content)
    media = looks.get("media")
    if media and media["id"] is not None:
        _fill_media(state, media)
    return looks


def _fill_media(state: State, media: Json) -> None:
    kept = state.media.get(str(media["id"]), state.clock.now())
    if kept is None:
        kind = media["kind"]
        raise invalid(f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID")
    media["mime_type"] = kept.mime_type


def _refusal(draft: Draft, template: Template | None, now: float) -> GraphError | None:
    """Return why this message will not reach the person; some hear of it at once, some by a receipt."""
    if not draft.person.on_whatsapp:
        return GraphError(131026, _NOBODY)
    if template is None:
        if not draft.chat.is_open(now):
            return GraphError(
                131047,
                "Message failed to send because more than 24 hours have passed since the customer last replied to "
                "this number.",
            )
        return None
    if template.category != "MARKETING":
        return None
    if draft.person.marketing == "stop":
        return GraphError(131050, "The user has stopped receiving marketing messages from this business")
    if draft.person.withheld or in_united_states(draft.person.phone):
        return GraphError(131049, "This message was not delivered to maintain healthy ecosystem engagement.")
    return None


def _bubble(draft: Draft, template: Template | None, looks: Json, now: float) -> Bubble:
    body, person = draft.body, draft.person
    context = body.get("context")
    return Bubble(
        wamid=wamid(person.phone if draft.to_phone else None, outbound=True),
        person=person.id,
        number=draft.chat.number,
        direction="out",
        at=now,
        type=draft.kind,
        body=body[draft.kind],
        ref=body.get("biz_opaque_callback_data"),
        status="accepted",
        context=context and {"wamid": context["message_id"], "forwarded": False},
        template=_named(template) if template else None,
        to_phone=draft.to_phone,
        expires=now + _life(template),
        **looks,
    )


def _named(template: Template) -> Json:
    return {"name": template.name, "language": template.language, "category": template.category}


def _life(template: Template | None) -> float:
    if template is None:
        return _MONTH
    usual = _TEN_MINUTES if template.category == "AUTHENTICATION" else _MONTH
    return float(template.more.get("message_send_ttl_seconds") or usual)


def _note(state: State, draft: Draft, bubble: Bubble, now: float) -> None:
    """Put the message into the chat, and remember what Meta remembers of a send."""
    chat = draft.chat
    if draft.to_phone:
        chat.last_by_phone = now
        state.contact_book.add(draft.person.user_id)
    if chat.free_entry_asked is not None:
        if now - chat.free_entry_asked < DAY:
            chat.free_entry_until = now + _FREE_ENTRY
        chat.free_entry_asked = None
    if draft.kind == "reaction":
        _react(_target(state, draft, now), draft.body["reaction"]["emoji"])
    else:
        state.chats.add(bubble)
    state.changed(chat)


def _target(state: State, draft: Draft, now: float) -> Bubble:
    target = state.chats.bubble(draft.body["reaction"]["message_id"])
    if target is None or target.person != draft.person.id or now - target.at > _MONTH:
        raise GraphError(131009, "reaction: the message does not exist in this chat or is older than 30 days")
    return target


def _react(target: Bubble, emoji: str) -> None:
    target.reactions.pop("business", None)
    if emoji:
        target.reactions["business"] = emoji


def _answer(draft: Draft, bubble: Bubble) -> Json:
    body = draft.body
    if draft.to_phone:
        contact = {"input": body["to"], "wa_id": draft.person.phone}
    else:
        contact = {"input": body["recipient"], "user_id": draft.person.user_id}
    message = {"id": bubble.wamid}
    if bubble.template:
        message["message_status"] = "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}
