"""DELETE MY DATA, in the transaction that answers it: from its commit on nothing is sent and nothing is stored."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from bot.config.content import Business
from bot.conversation.replies import Phrase
from bot.conversation.words import Scope
from bot.delivery.eligibility import Reason
from bot.delivery.outbox import outbox
from bot.people import contacts
from bot.people.contacts import Recipient
from bot.people.reach import identifiers, people
from bot.rights import envelopes, journal, opt_outs
from bot.rights import requests as register
from bot.rights.envelopes import Address, Content
from bot.rights.erasure.states import Step
from bot.rights.journal import Act, Line
from bot.rights.requests import Asked, Opened, Right, requests
from bot.store.db import word
from bot.store.vault import Vault

NOT_SENT_YET = (word("queued"), word("unknown"), word("held"))
"""Sends that end at once; one that is on its way is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose data goes, and where to confirm it. `said_at` is Meta's timestamp of the word."""

    business: Business
    contact_id: str
    number_id: str
    language: str
    said_at: datetime
    last_inbound_at: datetime | None
    channel: str = "chat"


def begin(session: Session, vault: Vault, subject: Subject, *, now: datetime) -> Opened:
    """Stop everything about the contact and enter the request; an erasure that runs already is returned as it is."""
    running = _running(session, [subject.contact_id])
    if running:
        return Opened(running.id, _code(session, vault, running, now=now), new=False)
    business, contact_id = subject.business, subject.contact_id
    recipient = contacts.recipients(session, vault, [contact_id]).get(contact_id, Recipient())
    opt_outs.opt_out(session, vault, business.id, Scope.ERASED, contact_id=contact_id, since=subject.said_at, now=now)
    session.execute(update(people).where(people.c.id == contact_id).values(epoch=people.c.epoch + 1))
    _block(session, contact_id)
    asked = Asked(business=business, contact_id=contact_id, channel=subject.channel)
    opened = register.open_request(session, vault, Right.ERASURE, asked, now=now, step=Step.DRAIN)
    _enclose(session, vault, subject, recipient, opened, now=now)
    journal.append(session, Line(act=Act.ERASED, business=business.id, subject=contact_id, at=now))
    return opened


def again(
    session: Session,
    vault: Vault,
    business: Business,
    hashes: Collection[str],
    link: Callable[[str], str],
    *,
    now: datetime,
) -> Phrase:
    """Return the answer to DELETE MY DATA from somebody who was erased, or is being erased; `link` by code."""
    mine = select(identifiers.c.contact_id).where(identifiers.c.hash.in_(hashes))
    running = _running(session, list(session.execute(mine).scalars()))
    code = running and _code(session, vault, running, now=now)
    if code:
        return Phrase("rights.already_erasing", {"code": code})
    opened = register.open_request(session, vault, Right.ERASURE, Asked(business=business), now=now)
    return Phrase("rights.erasure_nothing", {"code": opened.code, "link": link(opened.code)})


def _running(session: Session, contact_ids: Collection[str]) -> Row[Any] | None:
    return session.execute(
        select(requests).where(
            requests.c.contact_id.in_(contact_ids), requests.c.kind == Right.ERASURE, requests.c.step != ""
        )
    ).first()


def _code(session: Session, vault: Vault, running: Row[Any], *, now: datetime) -> str:
    envelope = envelopes.find(session, vault, running.envelope_id, now=now)
    return envelope.content.code if envelope else ""


def _block(session: Session, contact_id: str) -> None:
    mine = (outbox.c.contact_id == contact_id, outbox.c.state.in_(NOT_SENT_YET))
    session.execute(update(outbox).where(*mine).values(state="blocked", reason=Reason.ERASED, body=None, outside=None))


def _enclose(
    session: Session, vault: Vault, subject: Subject, recipient: Recipient, opened: Opened, *, now: datetime
) -> None:
    """Seal what the end of the erasure will need, for as long as the policy lets an envelope live."""
    content = Content(
        phone=recipient.phone,
        bsuid=recipient.bsuid,
        parent_bsuid=recipient.parent_bsuid,
        language=subject.language,
        code=opened.code,
    )
    address = Address(
        business=subject.business.id, number_id=subject.number_id, last_inbound_at=subject.last_inbound_at
    )
    lasts = subject.business.policy.period("envelope").lasts
    envelope = envelopes.seal(session, vault, address, content, now=now, lasts=lasts)
    register.note(session, opened.id, envelope_id=envelope.id)
