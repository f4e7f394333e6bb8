"""What a rehearsal has in place of Meta, of Redis and of the clock. The rest of the bot is the real one."""

import base64
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.conversation.text import normal
from bot.store.vault import random_id
from bot.wire.cloud import Accepted

Json = dict[str, Any]
REF = "biz_opaque_callback_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """A message that went out. `choices` are what can be tapped: id and title; `body` is the text of a template."""

    to: str
    number_id: str
    wamid: str
    ref: str
    request: Json
    rule: str = ""
    purpose: str = ""
    body: str = ""

    @property
    def type(self) -> str:
        """Return Meta's type of the message."""
        return str(self.request["type"])

    @property
    def template(self) -> str:
        """Return the name of the template, if it is one."""
        return str(self.request["template"]["name"]) if self.type == "template" else ""

    @property
    def text(self) -> str:
        """Return what the person reads."""
        content = self.request[self.type]
        match self.type:
            case "text":
                return str(content["body"])
            case "interactive":
                return str(content["body"]["text"])
            case "template":
                return self._filled(content.get("components", ()))
            case "location":
                return ", ".join(filter(None, (content.get("name"), content.get("address"))))
            case "contacts":
                return ", ".join(str(each["name"]["formatted_name"]) for each in content)
        return str(content.get("caption", ""))

    def _filled(self, components: Iterable[Json]) -> str:
        text = self.body
        for component in components:
            for place, each in enumerate(component.get("parameters", ()) if component["type"] == "body" else (), 1):
                text = text.replace("{{" + each.get("parameter_name", str(place)) + "}}", str(each.get("text", "")))
        return text

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Return what can be tapped."""
        if self.type != "interactive":
            return ()
        action = self.request["interactive"]["action"]
        buttons = [each["reply"] for each in action.get("buttons", ())]
        rows = [row for section in action.get("sections", ()) for row in section["rows"]]
        return tuple((each["id"], each["title"]) for each in (*buttons, *rows))

    def choice(self, title: str) -> tuple[str, str] | None:
        """Return the choice with this title, or this place from 1 on, if there is one."""
        if title.isdecimal() and 0 < int(title) <= len(self.choices):
            return self.choices[int(title) - 1]
        return next((each for each in self.choices if normal(each[1]) == normal(title)), None)


class MovedClock:
    """A clock that goes on only when told to."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.now

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


class Earpiece:
    """Stands for the messages call of Meta: hears what is sent, sends nothing, and owes receipts."""

    def __init__(self, about: Callable[[Json], Mapping[str, str]]) -> None:
        """Take what tells rule and purpose of a request, and the text of its template."""
        self._about = about
        self._lock = threading.Lock()
        self.heard: list[Bubble] = []
        self.owed: list[Bubble] = []

    def post(self, number_id: str, _token: str, request: Json) -> Accepted:
        """Accept a message, as Meta does."""
        to, ref = str(request.get("to") or request["recipient"]), str(request[REF])
        wamid = "wamid." + base64.b64encode(f"{to} {random_id()}".encode()).decode()
        bubble = Bubble(to=to, number_id=number_id, wamid=wamid, ref=ref, request=request, **self._about(request))
        with self._lock:
            self.heard.append(bubble)
            self.owed.append(bubble)
        return Accepted(wamid=wamid)

    def mark(self, _number_id: str, _token: str, _request: Json) -> None:
        """Take a read mark."""

    def settled(self) -> list[Bubble]:
        """Return the messages whose receipts are owed, once."""
        with self._lock:
            owed, self.owed = self.owed, []
        return owed

    def close(self) -> None:
        """Close nothing."""


class NoGraph:
    """Stands for the other calls to Meta: deletes what it is asked to, knows nothing else."""

    def delete_media(self, _media_id: str, _token: str) -> bool:
        """Delete a file."""
        return True

    def delete_contact(self, _number_id: str, _token: str, _bsuid: str) -> bool:
        """Delete an entry of the contact book."""
        return True

    def close(self) -> None:
        """Close nothing."""


class NoBell:
    """Stands for Redis where nobody has to be woken."""

    failures = 0

    def __init__(self) -> None:
        self.stopping = threading.Event()

    def ring(self) -> bool:
        """Take a ring."""
        return True

    def wake(self, _listeners: int = 1) -> bool:
        """Take a wake-up."""
        return True

    def alive(self) -> bool:
        """Answer."""
        return True

    def depth(self) -> None:
        """Know of no jobs."""

    def holds(self, _ids: Iterable[str]) -> bool:
        """Hold nothing."""
        return False

    def close(self) -> None:
        """Close nothing."""


class NoThread:
    """Stands for a thread beside the main loop where one thing is done after another."""

    def go(self) -> None:
        """Leave the work to whoever asks for it next."""

    def close(self, *, wait: bool = True) -> None:
        """End nothing."""
