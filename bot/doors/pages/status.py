"""What is shown of a request: its state and its times, never whose it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.rights import requests
from bot.rights.erasure.confirming import CLASS_OF
from bot.rights.erasure.states import AT_META
from bot.rights.requests import StatusView
from bot.store.vault import Vault

LONGEST = 40
"""Signs of a code that are looked at; no code of ours is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A request as its page and its JSON tell it; None where nothing is known."""

    code: str
    state: str
    received_at: datetime | None = None
    due_at: datetime | None = None
    completed_at: datetime | None = None
    held_until: datetime | None = None
    reason: str = ""

    @property
    def reason_key(self) -> str:
        """Return the key of the sentence that says what stays, or ""."""
        if self.reason == AT_META:
            return "privacy.page.status_at_meta"
        return f"data.{CLASS_OF[self.reason]}" if self.reason in CLASS_OF else ""

    @property
    def known(self) -> bool:
        """Whether there is such a request."""
        return self.state != "unknown"

    def as_json(self) -> dict[str, Any]:
        """Return the same keys for every code."""
        return {
            "code": self.code,
            "state": self.state,
            "received_at": _iso(self.received_at),
            "due_at": _iso(self.due_at),
            "completed_at": _iso(self.completed_at),
            "held_until": _iso(self.held_until),
            "reason": self.reason,
        }


def look_up(session: Session, vault: Vault, code: str) -> StatusView | None:
    """Ask the register; a code that is none is looked for all the same, so that it takes as long."""
    return requests.status(session, vault, code)


def shown(view: StatusView | None, code: str) -> Shown:
    """Return what may be shown."""
    if view is None:
        return Shown(code=code, state="unknown")
    return Shown(
        code=code,
        state=view.state,
        received_at=view.received_at,
        due_at=view.due_at,
        completed_at=view.completed_at,
        held_until=view.held_until,
        reason=view.reason,
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
