"""What the gate must know, read for a whole batch in a few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from bot.config.content.quiet import Quiet
from bot.conversation.words import Purpose
from bot.delivery import numbers, templates
from bot.delivery.eligibility import Facts, Reason
from bot.delivery.outbox import bound
from bot.people import consent, contacts, standing, suppression, windows
from bot.people.contacts import Recipient
from bot.people.standing import StandingView
from bot.store.db import table
from bot.store.models import Envelope
from bot.store.vault import Key, ShreddedError, Vault
from bot.wire import render

envelopes = table(Envelope)

ASKS_CONSENT = frozenset({Purpose.MARKETING, Purpose.TRANSACTIONAL, Purpose.AUTHENTICATION, Purpose.AI})
NOBODY = Recipient()
UNREADABLE = timedelta(minutes=5)
"""How long a message waits whose key does not open: others go on, and the master key may be on its way."""
NEVER_QUIET: Mapping[str, Quiet] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A message before the gate: the row, what is known, and what would be sent."""

    row: Row[Any]
    facts: Facts
    recipient: Recipient
    body: dict[str, Any]
    bound: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    key: Key | None
    """None: no master key of ours opens it. It may only be missing, so the message waits."""
    recipient: Recipient
    epoch: int | None = None
    last_inbound_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the database does not know: the account of each number, the quiet hours of each business."""

    wabas: Mapping[str, str]
    quiet: Mapping[str, Quiet]


@dataclass(frozen=True, slots=True)
class _Batch:
    """The batch's look-ups, by contact, envelope or number."""

    people: Mapping[str, _Person]
    envelopes: Mapping[str, _Person]
    opted_out: Mapping[str, frozenset[Any]]
    consents: Mapping[str, frozenset[str]]
    standing: Mapping[str, StandingView]
    windows: Mapping[tuple[str, str], datetime]
    pauses: Mapping[str, numbers.Pause]
    outside: Outside
    now: datetime
    found: dict[tuple[str, str, tuple[str, ...]], Any] = field(default_factory=dict)


def gather(session: Session, vault: Vault, rows: Sequence[Row[Any]], outside: Outside, *, now: datetime) -> list[Case]:
    """Return the cases in the order of the rows."""
    if not rows:
        return []
    ids = {row.contact_id for row in rows if row.contact_id}
    asking = {row.contact_id for row in rows if row.contact_id and row.purpose in ASKS_CONSENT}
    batch = _Batch(
        people=_contacts(session, vault, ids),
        envelopes=_envelopes(session, vault, {row.envelope_id for row in rows if row.envelope_id}),
        opted_out=suppression.of_contacts(session, ids) if ids else {},
        consents=consent.granted(session, asking) if asking else {},
        standing=standing.of_contacts(session, ids) if ids else {},
        windows=windows.last_inbound(session, ids),
        pauses=numbers.pauses(session, {row.number_id for row in rows}),
        outside=outside,
        now=now,
    )
    return [_case(session, row, batch) for row in rows]


def _contacts(session: Session, vault: Vault, ids: set[str]) -> dict[str, _Person]:
    if not ids:
        return {}
    # Pinned: an erasure that begins now waits for this transaction, or this claim sees the new epoch.
    epochs = contacts.pin(session, ids)
    keys = contacts.keys(session, vault, ids)
    recipients = contacts.recipients(session, vault, ids)
    return {
        contact_id: _Person(key=keys.get(contact_id), recipient=recipients.get(contact_id, NOBODY), epoch=epoch)
        for contact_id, epoch in epochs.items()
    }


def _envelopes(session: Session, vault: Vault, ids: set[str]) -> dict[str, _Person]:
    found: dict[str, _Person] = {}
    if not ids:
        return found
    for row in session.execute(select(envelopes).where(envelopes.c.id.in_(ids))):
        try:
            key = vault.key(row.own_key)
            body = key.open_json(row.body, f"envelopes.body.{row.id}")
        except ShreddedError:
            found[row.id] = _Person(key=None, recipient=NOBODY)
            continue
        recipient = Recipient(phone=body.get("phone"), bsuid=body.get("bsuid"))
        found[row.id] = _Person(key=key, recipient=recipient, last_inbound_at=row.last_inbound_at)
    return found


def _case(session: Session, row: Row[Any], batch: _Batch) -> Case:
    person = batch.people.get(row.contact_id) if row.contact_id else batch.envelopes.get(row.envelope_id)
    known = person is not None and (row.envelope_id is not None or person.epoch == row.epoch)
    recipient = person.recipient if person else NOBODY
    key = person.key if person else None
    unreadable = person is not None and key is None
    body, outside = _texts(row, key) if key and known else ({}, {})
    template, message = _template(session, row, batch, outside, recipient) if outside else (None, {})
    view = batch.standing.get(row.contact_id, StandingView())
    paused = batch.pauses.get(row.number_id)
    facts = Facts(
        purpose=Purpose(row.purpose),
        answer=row.source == "answer",
        expires_at=row.expires_at,
        has_body=bool(body),
        known=known,
        reachable=unreadable or bool(recipient.phone or recipient.bsuid),
        last_inbound_at=_last_inbound(row, person, batch),
        opted_out=batch.opted_out.get(row.contact_id, frozenset()),
        consents=batch.consents.get(row.contact_id, frozenset()),
        restricted=view.restricted,
        held_until=view.held_until,
        template=template,
        paused_until=batch.now + UNREADABLE if unreadable else paused.until if paused else None,
        quiet_until=_quiet_until(row, batch),
    )
    return Case(row=row, facts=facts, recipient=recipient, body=body, bound=message)


def _quiet_until(row: Row[Any], batch: _Batch) -> datetime | None:
    """Return until when the business begins nothing; who has just written is answered at any hour."""
    quiet = None if row.source == "answer" else batch.outside.quiet.get(row.business)
    return quiet.until(row.purpose, batch.now) if quiet else None


def _last_inbound(row: Row[Any], person: _Person | None, batch: _Batch) -> datetime | None:
    if row.envelope_id:
        return person.last_inbound_at if person else None
    return batch.windows.get((row.contact_id, row.number_id))


def _texts(row: Row[Any], key: Key) -> tuple[dict[str, Any], dict[str, Any]]:
    """Open what the row holds; a text that no key opens any more counts as gone."""
    try:
        body = key.open_json(row.body, bound("body", row.ref)) if row.body else {}
        outside = key.open_json(row.outside, bound("outside", row.ref)) if row.outside else {}
    except ShreddedError:
        return {}, {}
    return body, outside


def _template(
    session: Session, row: Row[Any], batch: _Batch, outside: Mapping[str, Any], recipient: Recipient
) -> tuple[Reason | Literal["approved"], dict[str, Any]]:
    """Bind the template's values to its definition as synced; what does not fit is refused, never sent."""
    waba_id, languages = batch.outside.wabas.get(row.number_id, ""), tuple(outside["languages"])
    asked = (waba_id, outside["name"], languages)
    if asked not in batch.found:
        batch.found[asked] = templates.find(session, *asked)
    definition = batch.found[asked]
    if definition is None:
        return Reason.TEMPLATE_MISSING, {}
    if definition.status != "APPROVED":
        return Reason.TEMPLATE_NOT_APPROVED, {}
    if definition.category == "AUTHENTICATION" and recipient.phone is None:
        return Reason.NOT_REACHABLE, {}
    message = render.bind(definition, outside["values"], definition.language)
    if isinstance(message, render.Fault):
        return Reason.TEMPLATE_PARAMETERS, {}
    return "approved", message
