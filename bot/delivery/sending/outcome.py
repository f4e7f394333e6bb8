"""What an error does to a message: pure, for an answer of Meta's as for a `failed` receipt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.conversation.words import Purpose
from bot.delivery.eligibility import Reason
from bot.wire.errors import Action, Policy

GRACE = {
    Purpose.AUTHENTICATION: timedelta(seconds=60),
    Purpose.RIGHTS: timedelta(seconds=30),
    Purpose.REPLY: timedelta(seconds=30),
    Purpose.AI: timedelta(seconds=30),
    Purpose.TRANSACTIONAL: timedelta(minutes=10),
}
"""How long an attempt of unknown outcome waits for a receipt before it is tried again; marketing never is."""

AGAIN = frozenset({Action.RETRY, Action.RETRY_PAIR, Action.SLOW_NUMBER})
KEPT = frozenset({Action.PAUSE_NUMBER})
JITTER = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An error with what decides its consequence. `spread` (0 to 1) is chance, so that retries do not march in step."""

    policy: Policy
    code: int | None
    attempt: int
    has_outside: bool
    retry_after: float | None = None
    spread: float = 0.0


def consequence(refusal: Refusal, *, now: datetime) -> dict[str, Any]:
    """Return the columns to set: try again later, go as a template, or fail with the code."""
    policy = refusal.policy
    if policy.action is Action.NEEDS_TEMPLATE:
        return _as_template(refusal, now=now)
    if policy.action in KEPT or (policy.action in AGAIN and refusal.attempt < policy.tries):
        seconds = max(policy.wait(refusal.attempt), refusal.retry_after or 0) * (1 + JITTER * refusal.spread)
        reason = Reason.PAUSED if policy.action in KEPT else ""
        return {
            "state": "queued",
            "due_at": now + timedelta(seconds=seconds),
            "reason": reason,
            "code": refusal.code,
        }
    return {"state": "failed", "failed_at": now, "code": refusal.code, "reason": policy.action}


def _as_template(refusal: Refusal, *, now: datetime) -> dict[str, Any]:
    """Meta says that the window is closed: the free text must not be tried again."""
    if refusal.has_outside:
        return {"state": "queued", "due_at": now, "body": None, "code": refusal.code}
    return {"state": "blocked", "reason": Reason.WINDOW_CLOSED, "code": refusal.code, "body": None}
