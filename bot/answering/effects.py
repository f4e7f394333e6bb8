"""Carrying out what handlers asked for: each effect in the transaction of the answer; some have us say something."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.answering import forms
from bot.answering.desk import Desk
from bot.answering.persons import Person
from bot.conversation.effects import (
    Ask,
    ChooseLanguage,
    Effect,
    FormEffect,
    HandOver,
    Later,
    OptIn,
    OptOut,
    RequestErasure,
    RequestExport,
    TellStatus,
)
from bot.conversation.forms import AskQuestion, CloseForm, KeepAnswer, Tag, TellStaff
from bot.conversation.replies import Phrase, Reply, Say
from bot.conversation.words import Purpose, Scope
from bot.people import consent, standing
from bot.people.consent import Entry
from bot.rights import erasure, export, opt_outs, requests
from bot.rights.erasure import Subject
from bot.store.vault import Vault

WITHDRAWN: dict[Scope, tuple[Purpose, ...]] = {
    Scope.ALL: (Purpose.MARKETING, Purpose.TRANSACTIONAL),
    Scope.MARKETING: (Purpose.MARKETING,),
    Scope.ERASED: (),
}
"""Which opt-ins a scope revokes; after an erasure there is no ledger left to write in."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One event's turn: whose desk, who wrote, which row, in which language, when."""

    desk: Desk
    person: Person
    row: Row[Any]
    language: str
    now: datetime


@dataclass(slots=True)
class Said:
    """What a turn has come to so far."""

    replies: list[Reply] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    changed: bool = False
    erases: bool = False

    @property
    def rule(self) -> str:
        """The rule that spoke first; "" for silence."""
        return self.replies[0].rule if self.replies else "privacy.delete" if self.erases else ""


def carry_out(session: Session, vault: Vault, effect: Effect, turn: Turn, said: Said) -> None:
    """Change what the effect asks for, and add to what is said."""
    match effect:
        case OptOut():
            said.changed = _opt_out(session, vault, effect, turn)
        case OptIn():
            said.changed = _opt_in(session, vault, effect, turn)
        case RequestErasure():
            _erase(session, vault, turn)
            said.changed = said.erases = True
        case HandOver(lasts):
            until = turn.now + lasts
            standing.hand_over(session, turn.person.contact_id, turn.person.business, until=until, now=turn.now)
            said.changed = True
            said.alerts.append("hand_over_asked")
        case Later():
            said.later.append(effect)
        case AskQuestion() | KeepAnswer() | CloseForm() | Tag() | TellStaff():
            _carry_on(session, effect, turn, said)
        case _:
            _answer_or_note(session, vault, effect, turn, said)


def _carry_on(session: Session, effect: FormEffect, turn: Turn, said: Said) -> None:
    """Carry on the person's form; staff learn that there is something, not what."""
    person = turn.person
    said.changed = True
    if isinstance(effect, TellStaff):
        standing.note(session, person.contact_id, person.business, effect.about, now=turn.now)
        said.alerts.append("form_done")
        return
    if isinstance(effect, Tag):
        said.counts.append(f"tag_{effect.word}")
        return
    forms.carry_out(session, effect, person.contact_id, person.business, person.key, now=turn.now)
    if isinstance(effect, CloseForm):
        said.counts.append(f"form_{effect.how}")


def _answer_or_note(session: Session, vault: Vault, effect: Any, turn: Turn, said: Said) -> None:
    person = turn.person
    match effect:
        case RequestExport():
            phrase = export.summary(session, vault, person.contact_id, turn.desk.business, turn.language, now=turn.now)
            said.replies.append(rights_reply("export", phrase))
        case TellStatus(code):
            phrase = requests.status_phrase(session, vault, code, turn.desk.business, turn.language)
            said.replies.append(rights_reply("status", phrase))
        case ChooseLanguage(language):
            person.language, person.chosen = language, True
        case Ask(question):
            person.asked = question


def rights_reply(rule: str, phrase: Phrase) -> Reply:
    """Return an answer to a privacy word: it passes whatever else stands against writing to this person."""
    return Reply(message=Say(text=phrase), rule=f"privacy.{rule}", purpose=Purpose.RIGHTS)


def _opt_out(session: Session, vault: Vault, effect: OptOut, turn: Turn) -> bool:
    """Write it where the gate and a restored backup find it, and end the opt-ins it contradicts."""
    person, at = turn.person, turn.row.at
    changed = opt_outs.opt_out(
        session, vault, person.business, effect.scope, since=at, now=turn.now, contact_id=person.contact_id
    )
    for purpose in WITHDRAWN[effect.scope]:
        entry = Entry(purpose=purpose, granted=False, source="chat", at=at, wording=effect.wording)
        consent.record(session, vault, person.contact_id, person.business, entry, now=turn.now)
    return changed


def _opt_in(session: Session, vault: Vault, effect: OptIn, turn: Turn) -> bool:
    """START lifts what stands; it agrees to messages about the person's own business, never to marketing."""
    person, at = turn.person, turn.row.at
    changed = opt_outs.opt_in(session, person.business, at=at, contact_id=person.contact_id)
    entry = Entry(purpose=Purpose.TRANSACTIONAL, granted=True, source="chat", at=at, wording=effect.wording)
    consent.record(session, vault, person.contact_id, person.business, entry, now=turn.now)
    return changed


def _erase(session: Session, vault: Vault, turn: Turn) -> None:
    """Begin at once, on DELETE MY DATA; the erasure itself confirms when it is done."""
    person, row = turn.person, turn.row
    subject = Subject(
        business=turn.desk.business,
        contact_id=person.contact_id,
        number_id=row.number_id,
        language=turn.language,
        said_at=row.at,
        last_inbound_at=row.at,
    )
    erasure.begin(session, vault, subject, now=turn.now)
