"""What becomes of a message after it was accepted: sent, delivered, read, or failed."""

from datetime import UTC, datetime
from typing import Any

from simulator.chats import Bubble, Chat
from simulator.envelope import contact, given, recipient
from simulator.errors import GraphError
from simulator.people import Person
from simulator.state import State

Json = dict[str, Any]

_FREE_A_MONTH = 1_000
_RANK = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3}


def follow(state: State, bubble: Bubble) -> None:
    """Send the receipts of a message that was accepted, each after a moment."""
    _later(state, bubble, "sent")


def fail(state: State, bubble: Bubble, error: GraphError) -> None:
    """Send the receipt of a message that was accepted and then could not be delivered."""
    epoch = state.epoch
    state.timer.after(state.settings.receipt_delay, lambda: _fail(state, bubble, error, epoch))


def switched_on(state: State, person: Person) -> None:
    """Deliver what waited for the phone to come on, except what has expired."""
    now = state.clock.now()
    with state.lock:
        chats = [chat for chat in state.chats.every() if chat.person == person.id]
        waiting = [bubble for chat in chats for bubble in chat.bubbles if bubble.status == "sent"]
    for bubble in waiting:
        if now < bubble.expires:
            _later(state, bubble, "delivered")


def _later(state: State, bubble: Bubble, status: str) -> None:
    epoch = state.epoch
    state.timer.after(state.settings.receipt_delay, lambda: _step(state, bubble, status, epoch))


def _step(state: State, bubble: Bubble, status: str, epoch: int) -> None:
    with state.lock:
        person = state.people.find(bubble.person) if epoch == state.epoch else None  # a reset forgets
        if person is None or not _happens(bubble, person, status):
            return
        skipped = status == "delivered" and person.chat_open and person.reads
        if not skipped:
            _happen(state, bubble, person, status)
    following = {"sent": "delivered", "delivered": "read"}.get(status)
    if following is not None and bubble.type != "reaction":  # a reaction is told as sent, and no more
        _later(state, bubble, following)


def _happens(bubble: Bubble, person: Person, status: str) -> bool:
    # Carol's phone may have been switched off meanwhile; Ravi reads without saying so.
    if bubble.status == "failed" or _RANK[status] <= _RANK.get(bubble.status or "", 0):
        return False
    return status == "sent" or (person.delivers if status == "delivered" else person.reads)


def _happen(state: State, bubble: Bubble, person: Person, status: str) -> None:
    number, chat = state.numbers[bubble.number], state.chats.of(bubble.person, bubble.number)
    at, first = state.clock.now(), "delivered" not in bubble.status_times
    bubble.status, bubble.status_times[status] = status, at
    with_phone = bubble.to_phone or state.sees_phone(person, chat)
    facts = _facts(bubble, status, at) | recipient(person, with_phone=with_phone)
    if bubble.pricing is None:
        bubble.pricing = _pricing(state, bubble, chat, at)
    if status == "sent":
        facts |= _conversation(bubble, chat)
    if status == "sent" or first:  # with sent and with one of delivered and read
        facts["pricing"] = bubble.pricing
    if status in state.settings.receipts:
        state.tell(number, person, contacts=[contact(person, with_phone=with_phone)], statuses=[facts])
    state.changed(chat)


def _fail(state: State, bubble: Bubble, error: GraphError, epoch: int) -> None:
    with state.lock:
        person = state.people.find(bubble.person) if epoch == state.epoch else None
        if person is None:
            return
        at = state.clock.now()
        bubble.status, bubble.status_times["failed"] = "failed", at
        bubble.error = {"code": error.code, "title": error.title}
        who = recipient(person, with_phone=bubble.to_phone, with_user_id=not bubble.to_phone)
        facts = _facts(bubble, "failed", at) | who | {"errors": [error.in_status()]}
        state.tell(state.numbers[bubble.number], person, statuses=[facts])
        state.changed(state.chats.of(bubble.person, bubble.number))


def _facts(bubble: Bubble, status: str, at: float) -> Json:
    facts: Json = {"id": bubble.wamid, "status": status, "timestamp": str(int(at))}
    return facts | given(biz_opaque_callback_data=bubble.ref)


def _pricing(state: State, bubble: Bubble, chat: Chat, at: float) -> Json:
    category = bubble.template["category"].lower() if bubble.template else "service"
    if chat.free_entry_until is not None and at < chat.free_entry_until:
        return _price("free_entry_point", "referral_conversion")
    if category == "service" and _is_among_free(state, bubble.number, at):
        return _price("free_customer_service", category)
    return _price("regular", category)


def _price(kind: str, category: str) -> Json:
    return {"billable": kind == "regular", "pricing_model": "PMP", "type": kind, "category": category}


def _is_among_free(state: State, number: str, at: float) -> bool:
    key = number, datetime.fromtimestamp(at, UTC).strftime("%Y-%m")
    state.delivered_in_month[key] = state.delivered_in_month.get(key, 0) + 1
    return state.delivered_in_month[key] <= _FREE_A_MONTH


def _conversation(bubble: Bubble, chat: Chat) -> Json:
    """Return the conversation object, which only free entry points still have."""
    if bubble.pricing is None or bubble.pricing["type"] != "free_entry_point":
        return {}
    ends = str(int(chat.free_entry_until or 0))
    name = f"{chat.number}-{ends}"
    return {"conversation": {"id": name, "expiration_timestamp": ends, "origin": {"type": "referral_conversion"}}}
