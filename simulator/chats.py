"""Conversations: what a person and a business number said to each other."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

from simulator.clock import iso

Json = dict[str, Any]

DAY = 86_400.0
_ROOM = 2_000


@dataclass(slots=True, kw_only=True)
class Bubble:
    """One message in a chat, with what became of it."""

    wamid: str
    person: str
    number: str
    direction: Literal["in", "out"]
    at: float
    type: str
    body: Json
    text: str = ""
    buttons: list[Json] = field(default_factory=list)
    menu: Json | None = None
    media: Json | None = None
    header: Json | None = None
    footer: str = ""
    template: Json | None = None
    ref: str | None = None
    status: str | None = None
    status_times: dict[str, float] = field(default_factory=dict)
    pricing: Json | None = None
    error: Json | None = None
    context: Json | None = None
    reactions: dict[str, str] = field(default_factory=dict)
    deleted: bool = False
    edited: bool = False
    to_phone: bool = False
    expires: float = 0.0

    def show(self) -> Json:
        """Return the bubble as JSON, as the chat page wants it."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        return {
            **plain,
            "at": iso(self.at),
            "list": self.menu,
            "status_times": {status: iso(at) for status, at in self.status_times.items()},
            "reactions": [{"by": by, "emoji": emoji} for by, emoji in self.reactions.items()],
            "location": self.body if self.type == "location" else None,
            "contacts": self.body if self.type == "contacts" else None,
        }


_PLAIN = (
    "wamid", "direction", "type", "text", "buttons", "media", "header", "footer", "template", "ref",
    "status", "pricing", "error", "context", "deleted", "edited", "body",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Chat:
    """The conversation of one person with one business number."""

    person: str
    number: str
    bubbles: deque[Bubble] = field(default_factory=deque)
    last_inbound: float | None = None
    last_by_phone: float | None = None
    free_entry_asked: float | None = None
    free_entry_until: float | None = None
    pair_tokens: float | None = None
    pair_at: float = 0.0

    def window_until(self) -> float | None:
        """Return when the service window closes, or closed; None if it was never open."""
        return None if self.last_inbound is None else self.last_inbound + DAY

    def is_open(self, now: float) -> bool:
        """Tell whether a message that is no template may be sent."""
        until = self.window_until()
        return until is not None and now < until

    def show(self) -> Json:
        """Return the whole conversation as JSON."""
        until = self.window_until()
        bubbles = [bubble.show() for bubble in self.bubbles]
        window = None if until is None else iso(until)
        return {"person": self.person, "number": self.number, "window_until": window, "bubbles": bubbles}

    def brief(self) -> Json:
        """Return what a list of conversations shows."""
        until, last = self.window_until(), self.bubbles[-1] if self.bubbles else None
        return {
            "person": self.person,
            "number": self.number,
            "bubbles": len(self.bubbles),
            "window_until": None if until is None else iso(until),
            "last": last and {"at": iso(last.at), "direction": last.direction, "text": last.text},
        }


class Chats:
    """All conversations, and every bubble by its wamid."""

    def __init__(self) -> None:
        self._chats: dict[tuple[str, str], Chat] = {}
        self._bubbles: dict[str, Bubble] = {}

    def of(self, person: str, number: str) -> Chat:
        """Return the conversation of a person with a number; it begins when first asked for."""
        return self._chats.setdefault((person, number), Chat(person=person, number=number))

    def every(self) -> tuple[Chat, ...]:
        """Return all conversations."""
        return tuple(self._chats.values())

    def add(self, bubble: Bubble) -> None:
        """Put a bubble at the end of its conversation; the oldest beyond the room is forgotten."""
        chat = self.of(bubble.person, bubble.number)
        chat.bubbles.append(bubble)
        self._bubbles[bubble.wamid] = bubble
        if len(chat.bubbles) > _ROOM:
            self._bubbles.pop(chat.bubbles.popleft().wamid, None)

    def bubble(self, wamid: str) -> Bubble | None:
        """Return the message with this id, if it is still known."""
        return self._bubbles.get(wamid)

    def clear(self) -> None:
        """Forget all conversations."""
        self._chats.clear()
        self._bubbles.clear()
