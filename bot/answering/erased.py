"""Answering somebody of whom nothing is kept: only privacy words, from an envelope, and one line a window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.answering.content import Content
from bot.answering.desk import Desk
from bot.answering.effects import rights_reply
from bot.answering.speaking import bubble, draft
from bot.conversation.contact import ContactView
from bot.conversation.effects import Action, OptIn, OptOut, RequestErasure, RequestExport, TellStatus
from bot.conversation.events import WINDOW_OPENERS
from bot.conversation.handler import first_answer
from bot.conversation.replies import Choice, Phrase, Reply, Say
from bot.conversation.words import Purpose, Scope
from bot.delivery import outbox
from bot.delivery.outbox import To
from bot.people import consent, contacts, suppression, windows
from bot.people.consent import Entry
from bot.people.identity import OWN
from bot.rights import envelopes, erasure, opt_outs, requests
from bot.rights.envelopes import Address
from bot.store.vault import Vault
from bot.wire.payload import Identity

START = Choice(id="privacy:start", title=Phrase("button.start"))


@dataclass(frozen=True, slots=True)
class Visit:
    """One event of somebody of whom nothing is kept, and what this one answer needs to know."""

    desk: Desk
    row: Row[Any]
    sender: Identity
    hashes: tuple[str, ...]
    own: tuple[str, ...]
    language: str
    now: datetime


def answer(session: Session, vault: Vault, desk: Desk, row: Row[Any], content: Content, *, now: datetime) -> bool:
    """Answer the event and keep nothing of it; return whether the person is back, by her own START."""
    if content.sender is None:
        return False
    event = content.event
    visit = _visit(vault, desk, row, content.sender, desk.language_of(event.text, chosen=None, last=None)[0], now=now)
    view = ContactView(
        language=visit.language,
        opted_out=suppression.of_hashes(session, visit.hashes) | {Scope.ERASED},
        local_now=now.astimezone(desk.business.zone),
    )
    replies: list[Reply] = []
    back: To | None = None
    for action in first_answer(desk.handlers, event, view):
        if isinstance(action, OptIn):
            back = _come_back(session, vault, visit, action)
        else:
            replies += _replies(session, vault, visit, action)
    if not replies and event.kind in WINDOW_OPENERS and suppression.told(session, visit.hashes, now):
        replies = [_notice(desk)]
    if replies:
        to = back or _envelope(session, vault, visit)
        for each in replies:
            spoken = bubble(desk, each, visit.language, now=now)
            outbox.stage(session, to, draft(desk, row, spoken, visit.language), now=now)
    return back is not None


def _visit(vault: Vault, desk: Desk, row: Row[Any], sender: Identity, language: str, *, now: datetime) -> Visit:
    known = contacts.known_by(vault, row.business, sender)
    hashes = tuple(each for one in known for each in one.all_hashes)
    own = tuple(each for one in known if one.kind in OWN for each in one.all_hashes)
    return Visit(desk, row, sender, hashes, own, language, now)


def _replies(session: Session, vault: Vault, visit: Visit, action: Action) -> Sequence[Reply]:
    business, now = visit.desk.business, visit.now
    match action:
        case Reply():
            return [action]
        case OptOut(scope):
            since = visit.row.at
            opt_outs.opt_out(session, vault, business.id, scope, since=since, now=now, hashes=visit.hashes)
        case RequestErasure():
            phrase = erasure.again(session, vault, business, visit.hashes, visit.desk.status_link, now=now)
            return [rights_reply("delete", phrase)]
        case RequestExport():
            return [rights_reply("export", Phrase("rights.nothing_held"))]
        case TellStatus(code):
            return [rights_reply("status", requests.status_phrase(session, vault, code, business, visit.language))]
    return []


def _come_back(session: Session, vault: Vault, visit: Visit, effect: OptIn) -> To | None:
    """Lift what stands, by the person's own word: she is a new contact, of whom nothing old is known."""
    row, now = visit.row, visit.now
    opt_outs.opt_in(session, row.business, at=row.at, hashes=visit.hashes, own=visit.own)
    (found,) = contacts.resolve(session, vault, row.business, [visit.sender], now=now)
    if found.contact_id is None:
        return None
    windows.open_windows(session, {(found.contact_id, row.number_id): row.at})
    entry = Entry(purpose=Purpose.TRANSACTIONAL, granted=True, source="chat", at=row.at, wording=effect.wording)
    consent.record(session, vault, found.contact_id, row.business, entry, now=now)
    return To(contact_id=found.contact_id, epoch=found.epoch, lane=found.lane, key=found.key)


def _envelope(session: Session, vault: Vault, visit: Visit) -> To:
    row, sender = visit.row, visit.sender
    address = Address(business=row.business, number_id=row.number_id, last_inbound_at=row.at)
    recipient = contacts.Recipient(phone=sender.phone, bsuid=sender.bsuid, parent_bsuid=sender.parent_bsuid)
    return envelopes.from_envelope(session, vault, address, recipient, now=visit.now, language=visit.language)


def _notice(desk: Desk) -> Reply:
    """Say once a window that nothing is stored and how to come back."""
    telephone = desk.business.telephone
    phrase = (
        Phrase("rights.erased_notice", {"telephone": telephone}) if telephone else Phrase("rights.erased_notice_brief")
    )
    return Reply(message=Say(text=phrase, choices=(START,)), rule="privacy.erased", purpose=Purpose.RIGHTS)
