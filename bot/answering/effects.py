"""Carrying out what handlers asked for: each effect in the transaction of the answer; some speak, as replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.answering.desk import Desk
from bot.answering.persons import Person
from bot.conversation.effects import (
    Ask,
    ChooseLanguage,
    Effect,
    HandOver,
    Later,
    OptIn,
    OptOut,
    RequestErasure,
    RequestExport,
    TellStatus,
)
from bot.conversation.replies import Phrase, Reply, Say
from bot.conversation.words import Purpose, Scope
from bot.delivery import outbox
from bot.delivery.eligibility import Reason
from bot.people import consent, standing, suppression
from bot.rights import erasure, export, requests
from bot.store.vault import Vault

WITHDRAWN = {Scope.ALL: tuple(Purpose), Scope.MARKETING: (Purpose.MARKETING,), Scope.ERASED: ()}
"""Which opt-ins a scope revokes; after an erasure there is no ledger left to write in."""

OFFERED = (Purpose.REPLY, Purpose.TRANSACTIONAL)
"""What START opts in to: answers and messages about the person's own business, never marketing."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One event's turn: whose desk, who wrote, which row, in which language, when."""

    desk: Desk
    person: Person
    row: Row[Any]
    language: str
    now: datetime


def carry_out(session: Session, vault: Vault, effect: Effect, turn: Turn) -> Sequence[Reply | Later]:
    """Change what the effect asks for; return what is to be said because of it, or later."""
    match effect:
        case OptOut():
            _opt_out(session, vault, effect, turn)
        case OptIn():
            _opt_in(session, vault, effect, turn)
        case RequestErasure():
            return _erase(session, vault, turn)
        case RequestExport():
            return [
                _rights(
                    "export",
                    export.summary(
                        session, vault, turn.person.contact_id, turn.desk.business, turn.language, now=turn.now
                    ),
                )
            ]
        case TellStatus(code):
            return [_rights("status", requests.status_phrase(session, vault, code))]
        case HandOver(lasts):
            standing.hand_over(
                session, turn.person.contact_id, turn.person.business, until=turn.now + lasts, now=turn.now
            )
        case ChooseLanguage(language):
            turn.person.language, turn.person.chosen = language, True
        case Ask(question):
            turn.person.asked = question
        case Later():
            return [effect]
        case _:
            assert_never(effect)
    return []
