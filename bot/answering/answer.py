"""A contact's turn: what was said is answered, effects and replies in one transaction with "handled" (hops 4 to 6)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.answering import erased, persons, speaking, turns
from bot.answering.content import Content, bound, unpacked
from bot.answering.desk import Desk
from bot.answering.effects import Said, Turn, carry_out
from bot.answering.persons import Person
from bot.conversation.events import WINDOW_OPENERS
from bot.conversation.handler import first_answer
from bot.conversation.replies import Reply
from bot.conversation.words import Scope, Store
from bot.delivery import outbox
from bot.delivery.eligibility import Reason
from bot.log import get_logger
from bot.people import contacts
from bot.store.db import is_unavailable
from bot.store.vault import ShreddedError, Vault
from bot.wire.payload import Identity

LOG = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """A message to show as read, with the typing indicator if the business wants it."""

    number_id: str
    wamid: str
    typing: bool


@dataclass(slots=True)
class Answered:
    """What a batch of turns came to; `alerts` are (business, what) that the operator must hear of."""

    done: list[dict[str, Any]] = field(default_factory=list)
    dropped: int = 0
    marks: list[Mark] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    alerts: list[tuple[str, str]] = field(default_factory=list)
    erasures: bool = False


class OvertakenError(Exception):
    """Somebody else has handled an event of the batch meanwhile: nothing of ours may stand."""


def answer(
    session: Session, vault: Vault, desks: Mapping[str, Desk], rows: Sequence[Row[Any]], *, now: datetime
) -> Answered:
    """Answer the events, of each contact in order of arrival; all in this transaction.

    An event that breaks its turn is left for another try, and the later ones of its contact wait for it.
    """
    people = persons.load(session, vault, {row.contact_id for row in rows if row.contact_id})
    sitting = _Sitting(session, vault, desks, people, now)
    stuck: set[str] = set()
    for row in rows:
        whose = row.contact_id or row.ref
        if whose in stuck:
            turns.give_back(session, [row.id])
        elif not sitting.takes(row):
            stuck.add(whose)
    persons.write_back(session, people.values())
    if turns.finish(session, sitting.answered.done) != len(sitting.answered.done):
        raise OvertakenError
    return sitting.answered


@dataclass(slots=True)
class _Sitting:
    """The turns of one transaction."""

    session: Session
    vault: Vault
    desks: Mapping[str, Desk]
    people: dict[str, Person]
    now: datetime
    answered: Answered = field(default_factory=Answered)

    def takes(self, row: Row[Any]) -> bool:
        """Take one turn, whole or not at all; return whether it went well."""
        before, person = len(self.answered.done), copy(self.people.get(row.contact_id))
        try:
            with self.session.begin_nested():
                self._turn(row)
        except Exception as error:
            if is_unavailable(error):
                raise
            LOG.exception("turn_broken", event_id=row.id, attempt=row.attempts, business=row.business)
            self.answered.counts[row.business, "turn_broken"] += 1
            del self.answered.done[before:]
            if person is not None:
                self.people[row.contact_id] = person
            return False
        return True

    def _turn(self, row: Row[Any]) -> None:
        desk, person = self.desks.get(row.business), self.people.get(row.contact_id)
        if desk is None:
            self._done(row, "no_business")
        elif row.contact_id is None:
            self._of_nobody(desk, row)
        elif person is None:
            self._of_a_stranger(row)
        else:
            content = unpacked(person.key.open_json(row.body, bound(row.ref)), kind=row.kind, at=row.at)
            if Scope.ERASED in person.opted_out:
                self._after_erasure(desk, row, content)
            else:
                self._of_contact(desk, row, content, person)

    def _of_a_stranger(self, row: Row[Any]) -> None:
        """Let go of what somebody wrote who is gone; who is there behind a key that does not open is not gone."""
        if contacts.pin(self.session, [row.contact_id]):
            raise ShreddedError
        self._done(row, "gone", shred=True)

    def _of_contact(self, desk: Desk, row: Row[Any], content: Content, person: Person) -> None:
        event = content.event
        if event.kind in WINDOW_OPENERS and person.follow_ups:
            outbox.block(self.session, person.contact_id, Reason.PERSON_WROTE, follow_ups_only=True)
            person.follow_ups = False
        language, remember = desk.language_of(
            event.text, chosen=person.language if person.chosen else None, last=person.language
        )
        turn = Turn(desk, person, row, language, self.now)
        view = person.view(language, now=self.now, zone=desk.business.zone)
        said = Said()
        person.asked = ""  # a question is open for one message only: a later "1" is about something else
        for action in first_answer(desk.handlers, event, view):
            if isinstance(action, Reply):
                said.replies.append(action)
            else:
                carry_out(self.session, self.vault, action, turn, said)
        if said.changed:
            persons.refresh(self.session, person)
        store = speaking.speak(self.session, turn, said)
        if remember and not person.chosen:
            person.language = language
        person.last_inbound_at = max(person.last_inbound_at or event.at, event.at)
        self._note(row, content, desk, said)
        self._done(row, said.rule, store=store, shred=store is Store.NONE and not said.replies)

    def _note(self, row: Row[Any], content: Content, desk: Desk, said: Said) -> None:
        answered, business = self.answered, desk.business
        answered.counts[row.business, "received"] += 1
        answered.counts[row.business, f"rule_{said.rule}"] += bool(said.rule)
        answered.counts.update((row.business, name) for name in said.counts)
        answered.alerts += [(row.business, alert) for alert in said.alerts]
        answered.erasures |= said.erases
        if business.read_marks and said.replies and content.wamid:
            answered.marks.append(Mark(row.number_id, content.wamid, business.typing))

    def _of_nobody(self, desk: Desk, row: Row[Any]) -> None:
        """Answer somebody of whom nothing is kept; the event and its key are gone with the turn."""
        key = self.vault.key(row.own_key)
        content = unpacked(key.open_json(row.body, bound(row.ref)), kind=row.kind, at=row.at)
        self.answered.erasures |= erased.answer(self.session, self.vault, desk, row, content, now=self.now)
        turns.drop(self.session, row.id)
        self.answered.counts[row.business, "received_erased"] += 1

    def _after_erasure(self, desk: Desk, row: Row[Any], content: Content) -> None:
        """Answer what came just before the erasure began as if it had come after: as from nobody."""
        found = contacts.recipients(self.session, self.vault, [row.contact_id]).get(row.contact_id)
        if found:
            sender = Identity(phone=found.phone, bsuid=found.bsuid, parent_bsuid=found.parent_bsuid)
            nobodys = Content(event=content.event, wamid=content.wamid, sender=sender)
            erased.answer(self.session, self.vault, desk, row, nobodys, now=self.now)
        self._done(row, "erased", shred=True)

    def _done(self, row: Row[Any], rule: str, *, store: Store = Store.KEEP, shred: bool = False) -> None:
        done = {"event_id": row.id, "said": rule, "kept": store, "when": self.now, "shred": shred}
        self.answered.done.append({**done, "whose": row.contact_id})
