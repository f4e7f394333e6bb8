"""The steps that need nothing but the database. Resumable: each looks at what is, and says what comes next."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, literal_column, or_, select
from sqlalchemy.orm import Session

from bot.delivery.outbox import TERMINAL, outbox
from bot.people import contacts, standing
from bot.people.contacts import Recipient
from bot.rights import envelopes, holdings
from bot.rights.envelopes import Address, Content
from bot.rights.erasure.states import ASK_AGAIN, HOLD, LOOK_AGAIN, META_WITHIN, Next, Step, go
from bot.rights.requests import Right, State, note, requests
from bot.store.db import db_now, word
from bot.store.vault import Vault


def due(session: Session, *, now: datetime, limit: int = 100) -> Sequence[str]:
    """Return the erasures with something to do: their time has come, or the receipt they wait for is in."""
    statement = select(requests.c.id).where(*_open(), _is_due(now)).order_by(requests.c.next_at).limit(limit)
    return session.execute(statement).scalars().all()


def postpone(session: Session, request_id: str, *, now: datetime) -> None:
    """Leave a request whose step broke for a while."""
    note(session, request_id, next_at=now + ASK_AGAIN)


def _open() -> tuple[ColumnElement[bool], ...]:
    return requests.c.step != literal_column("''"), requests.c.kind == Right.ERASURE


def _is_due(now: datetime) -> ColumnElement[bool]:
    mine = outbox.c.envelope_id == requests.c.envelope_id
    waits = exists().where(mine, outbox.c.state.not_in(TERMINAL))
    return or_(requests.c.next_at <= now, and_(requests.c.step == Step.FORGET, ~waits))


def locked(session: Session, request_id: str, *, due_at: datetime | None = None) -> Row[Any] | None:
    """Return the open request (if it is due), held until the transaction ends; None when another process has it."""
    mine = [requests.c.id == request_id, *_open()]
    if due_at is not None:
        mine.append(_is_due(due_at))
    return session.execute(select(requests).where(*mine).with_for_update(skip_locked=True)).first()


def advance(session: Session, vault: Vault, request_id: str, *, now: datetime) -> Next | None:
    """Do the step that is due if it needs nothing but the database; return what comes next, None = not now."""
    row = locked(session, request_id, due_at=now)
    if row is None:
        return None
    match Step(row.step):
        case Step.DRAIN:
            return _drain(session, row, now=now)
        case Step.PURGE:
            return _purge(session, vault, row, now=now)
        case Step.FORGET:
            return _forget(session, vault, row, now=now)
        case step:
            return Next(step, row.next_at)


def _drain(session: Session, row: Row[Any], *, now: datetime) -> Next:
    """Wait while a send is on its way; its lease cannot be renewed, for every claim refuses the contact by now."""
    on_its_way = exists().where(
        outbox.c.contact_id == row.contact_id, outbox.c.state == word("sending"), outbox.c.lease_until > db_now()
    )
    if session.execute(select(on_its_way)).scalar():
        return go(session, row, Step.DRAIN, due_at=now + LOOK_AGAIN, state=State.WORKING)
    held_until = _held_until(session, row, now=now)
    if held_until is None:
        return go(session, row, Step.PURGE, due_at=now, state=State.WORKING)
    return go(session, row, Step.CONFIRM, due_at=now, state=State.PARTLY, reason=HOLD, held_until=held_until)


def _held_until(session: Session, row: Row[Any], *, now: datetime) -> datetime | None:
    view = standing.of_contacts(session, [row.contact_id]).get(row.contact_id)
    return view.held_until if view and view.held_until and view.held_until > now else None


def _purge(session: Session, vault: Vault, row: Row[Any], *, now: datetime) -> Next:
    """Delete the rows and the key, once what Meta must delete is noted in the envelope."""
    held_until = _held_until(session, row, now=now)
    if held_until is not None:
        return go(session, row, Step.PURGE, due_at=held_until, held_until=held_until)
    envelope_id = _note_for_meta(session, vault, row, now=now)
    counts = holdings.purge(session, row.contact_id, request_id=row.id)
    counts.update(json.loads(row.counts))
    return go(
        session,
        row,
        Step.SCRUB,
        due_at=now,
        state=State.WORKING,
        reason="",
        held_until=None,
        counts=json.dumps(counts),
        envelope_id=envelope_id,
    )


def _note_for_meta(session: Session, vault: Vault, row: Row[Any], *, now: datetime) -> str | None:
    media = holdings.media_at_meta(session, vault, row.contact_id)
    number_id = holdings.number_of(session, row.contact_id)
    recipient = contacts.recipients(session, vault, [row.contact_id]).get(row.contact_id, Recipient())
    envelope = envelopes.find(session, vault, row.envelope_id, now=now)
    if envelope:
        known = envelope.content
        media = sorted({*known.media, *media})
        envelopes.change(session, envelope, replace(known, media=media, book=recipient.bsuid or known.book))
        return envelope.id
    content = Content(media=media, book=recipient.bsuid)
    if not content.at_meta or number_id is None:
        return None
    address = Address(business=row.business, number_id=number_id, last_inbound_at=None)
    return envelopes.seal(session, vault, address, content, now=now, lasts=META_WITHIN).id


def _forget(session: Session, vault: Vault, row: Row[Any], *, now: datetime) -> Next:
    """Burn the envelope; what Meta has to delete, still or again, goes on in one that names nobody to write to."""
    # It is read a last time, also when its time is over.
    envelope = envelopes.find(session, vault, row.envelope_id, now=min(now, row.next_at - LOOK_AGAIN))
    envelopes.burn(session, [row.envelope_id] if row.envelope_id else [])
    if row.reason == HOLD and row.contact_id:
        return go(session, row, Step.PURGE, due_at=row.held_until, envelope_id=None)
    lasts = row.received_at + META_WITHIN - now
    content = _still_at_meta(envelope.content) if envelope else Content()
    if envelope is None or not content.at_meta or lasts <= LOOK_AGAIN:
        return go(session, row, Step.END, due_at=now)
    address = Address(business=row.business, number_id=envelope.number_id, last_inbound_at=None)
    rest = envelopes.seal(session, vault, address, content, now=now, lasts=lasts)
    return go(session, row, Step.META, due_at=now, envelope_id=rest.id)


def _still_at_meta(content: Content) -> Content:
    """Return what Meta has to delete, still or again: it adds to the contact book whomever the business writes to."""
    return Content(media=content.media, book=content.bsuid or content.book)
