"""The steps that need more than the database: what the door has to do, and what comes of its report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.config.content import Business
from bot.rights import envelopes, holdings
from bot.rights import requests as register
from bot.rights.erasure.confirming import confirm
from bot.rights.erasure.states import ASK_AGAIN, AT_META, CLAIMED_FOR, LOOK_AGAIN, TRIES, Next, Step, go
from bot.rights.erasure.steps import locked
from bot.rights.requests import State
from bot.store.vault import Vault

Kind = Literal["scrub", "check", "journal", "meta"]
KINDS: Mapping[str, Kind] = {
    Step.SCRUB: "scrub",
    Step.CHECK: "check",
    Step.CONFIRM: "journal",
    Step.META: "meta",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the door has to do: empty the log and delete files, look into the stores outside, or write the journal.

    `media` and `book` are to be deleted at Meta, through the number.
    """

    kind: Kind
    contact_id: str
    number_id: str = ""
    media: tuple[str, ...] = ()
    book: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is left of a task: stores that still hold something or cannot be asked, what Meta still has."""

    task: Task
    stores: frozenset[str] = frozenset()
    media: tuple[str, ...] = ()
    book: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """How the confirmation is worded: the businesses by id, and the status page's address by code."""

    businesses: Mapping[str, Business]
    link: Callable[[str], str]


def task(session: Session, vault: Vault, request_id: str, *, now: datetime) -> Task | None:
    """Return what the door has to do and keep other processes off it for a while; None = nothing, or not now."""
    row = locked(session, request_id, due_at=now)
    if row is None or row.step not in KINDS:
        return None
    register.note(session, row.id, next_at=now + CLAIMED_FOR)
    envelope = envelopes.find(session, vault, row.envelope_id, now=now)
    kind = KINDS[row.step]
    # Meta is asked once before the confirmation, which must not wait for it.
    asks_meta = envelope and (kind == "meta" or (kind == "scrub" and row.tries == 0))
    return Task(
        kind=kind,
        contact_id=row.contact_id or "",
        number_id=envelope.number_id if envelope else "",
        media=tuple(envelope.content.media) if envelope and asks_meta else (),
        book=envelope.content.book if envelope and asks_meta else None,
    )


def settle(
    session: Session, vault: Vault, request_id: str, report: Report, *, voice: Voice, now: datetime
) -> Next | None:
    """Take the door's report and return what comes next; None when the request moved on meanwhile."""
    row = locked(session, request_id)
    if row is None or KINDS.get(row.step) != report.task.kind:
        return None
    if report.task.media or report.task.book:
        _note_meta(session, vault, row, report, now=now)
    match report.task.kind:
        case "scrub":
            return _scrubbed(session, row, report, now=now)
        case "check":
            return _checked(session, vault, row, report, now=now)
        case "journal":
            return _journalled(session, vault, row, report, voice=voice, now=now)
        case "meta":
            return _asked_meta(session, vault, row, now=now)


def _note_meta(session: Session, vault: Vault, row: Row[Any], report: Report, *, now: datetime) -> None:
    envelope = envelopes.find(session, vault, row.envelope_id, now=now)
    if envelope:
        envelopes.change(session, envelope, replace(envelope.content, media=report.media, book=report.book))


def _scrubbed(session: Session, row: Row[Any], report: Report, *, now: datetime) -> Next:
    if report.stores and row.tries < TRIES:
        return go(session, row, Step.SCRUB, due_at=now + LOOK_AGAIN)
    return go(session, row, Step.CHECK, due_at=now, reason=min(report.stores, default=""))


def _checked(session: Session, vault: Vault, row: Row[Any], report: Report, *, now: datetime) -> Next:
    """Call it done only when every store is clean; what stays is named."""
    tables = holdings.left(session, row.contact_id, request_id=row.id) if row.contact_id else frozenset()
    stores = tables | report.stores
    if stores and row.tries < TRIES:
        if tables:
            holdings.purge(session, row.contact_id, request_id=row.id)
        return go(session, row, Step.CHECK, due_at=now + LOOK_AGAIN)
    envelope = envelopes.find(session, vault, row.envelope_id, now=now)
    at_meta = AT_META if envelope and envelope.content.at_meta else ""
    reason = min(stores, default="") or row.reason or at_meta
    step = Step.CONFIRM if envelope and envelope.content.reachable else Step.FORGET
    state = State.PARTLY if reason else State.DONE
    return go(session, row, step, due_at=now, state=state, reason=reason, completed_at=now, contact_id=None)


def _journalled(session: Session, vault: Vault, row: Row[Any], report: Report, *, voice: Voice, now: datetime) -> Next:
    """Confirm once the journal is on the disk outside the database; without an envelope there is nobody to tell."""
    envelope = envelopes.find(session, vault, row.envelope_id, now=now)
    business = voice.businesses.get(row.business)
    if envelope is None or business is None:
        return go(session, row, Step.FORGET, due_at=now)
    if report.stores:
        return go(session, row, Step.CONFIRM, due_at=now + LOOK_AGAIN)
    return go(session, row, Step.FORGET, due_at=confirm(session, row, envelope, business, voice.link, now=now))


def _asked_meta(session: Session, vault: Vault, row: Row[Any], *, now: datetime) -> Next:
    envelope = envelopes.find(session, vault, row.envelope_id, now=now)
    if envelope and envelope.content.at_meta and now + ASK_AGAIN < envelope.dies_at:
        return go(session, row, Step.META, due_at=now + ASK_AGAIN)
    envelopes.burn(session, [row.envelope_id] if row.envelope_id else [])
    clean = envelope and not envelope.content.at_meta and row.reason == AT_META
    return go(session, row, Step.END, due_at=now, **({"state": State.DONE, "reason": ""} if clean else {}))
