"""The gate's judgement: may this message go now? Pure; `delivery/sending` asks it inside the claiming transaction."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.conversation.words import Purpose, Scope
from bot.delivery import window


class Reason(StrEnum):
    """Why a message is refused or waits."""

    EXPIRED = "expired"
    ERASED = "erased"
    OPTED_OUT = "opted_out"
    RESTRICTED = "restricted"
    HELD = "held"
    NO_CONSENT = "no_consent"
    WINDOW_CLOSED = "window_closed"
    TEMPLATE_MISSING = "template_missing"
    TEMPLATE_NOT_APPROVED = "template_not_approved"
    TEMPLATE_PARAMETERS = "template_parameters"
    NOT_REACHABLE = "not_reachable"
    BUDGET = "budget_spent"
    PAIR_RATE = "pair_rate"
    QUIET_HOURS = "quiet_hours"
    PAUSED = "paused"
    PERSON_WROTE = "person_wrote"


@dataclass(frozen=True, slots=True)
class Send:
    """It may go: as the free-form message or as the template."""

    kind: Literal["free", "template"]


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now; judged again at this moment (UTC)."""

    until: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Refuse:
    """Never; the reason is recorded."""

    reason: Reason


Verdict = Send | Wait | Refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the judgement rests on, read inside the claiming transaction.

    `known` is false when the contact is gone or its epoch has moved on; a message to an envelope is always known.
    `answer` says that the message answers something the person just wrote. `template` is the state of the template
    for outside the window: None = the message has none. Moments are UTC; None = nothing stands in the way.
    """

    purpose: Purpose
    answer: bool
    expires_at: datetime
    has_body: bool
    known: bool = True
    reachable: bool = True
    last_inbound_at: datetime | None = None
    opted_out: frozenset[Scope] = frozenset()
    consents: frozenset[str] = frozenset()
    restricted: bool = False
    held_until: datetime | None = None
    template: Reason | Literal["approved"] | None = None
    paused_until: datetime | None = None
    quiet_until: datetime | None = None
    pair_ready_at: datetime | None = None
    budget_left: bool = True


def judge(facts: Facts, *, now: datetime) -> Verdict:
    """Return the verdict: lifetime, then the person's word, then what must be waited for, then the window."""
    if now >= facts.expires_at:
        return Refuse(Reason.EXPIRED)
    refusal = _refused_by_existence(facts) or _refused_by_standing(facts, now=now)
    if refusal:
        return Refuse(refusal)
    return _waits(facts, now=now) or _by_window(facts, now=now)


def _refused_by_existence(facts: Facts) -> Reason | None:
    if not facts.known:
        return Reason.ERASED
    return None if facts.reachable else Reason.NOT_REACHABLE


def _refused_by_standing(facts: Facts, *, now: datetime) -> Reason | None:
    """Return what the person's own word or the law says against it; rights messages pass all of it."""
    if facts.purpose is Purpose.RIGHTS:
        return None
    if Scope.ERASED in facts.opted_out:
        return Reason.ERASED
    if facts.held_until is not None and now < facts.held_until:
        return Reason.HELD
    if facts.restricted:
        return Reason.RESTRICTED
    if Scope.ALL in facts.opted_out and not facts.answer:
        return Reason.OPTED_OUT
    return _refused_by_purpose(facts)


def _refused_by_purpose(facts: Facts) -> Reason | None:
    """Marketing needs an opt-in; what else we begin needs an opt-in or a person who once wrote to us."""
    if facts.purpose is Purpose.MARKETING:
        if Scope.MARKETING in facts.opted_out:
            return Reason.OPTED_OUT
        return None if Purpose.MARKETING in facts.consents else Reason.NO_CONSENT
    began = facts.answer or facts.last_inbound_at is not None or facts.purpose in facts.consents
    return None if began else Reason.NO_CONSENT


def _waits(facts: Facts, *, now: datetime) -> Wait | None:
    exempt = facts.purpose is Purpose.RIGHTS
    waits = [(facts.paused_until, Reason.PAUSED), (facts.pair_ready_at, Reason.PAIR_RATE)]
    if not exempt:
        waits.append((facts.quiet_until, Reason.QUIET_HOURS))
    ahead = [(until, reason) for until, reason in waits if until is not None and now < until]
    return Wait(*max(ahead)) if ahead else None


def _by_window(facts: Facts, *, now: datetime) -> Verdict:
    if not facts.budget_left and facts.purpose is not Purpose.RIGHTS:
        return Refuse(Reason.BUDGET)
    if facts.has_body and window.is_open(facts.last_inbound_at, now=now):
        return Send("free")
    if facts.template == "approved":
        return Send("template")
    return Refuse(facts.template or Reason.WINDOW_CLOSED)
