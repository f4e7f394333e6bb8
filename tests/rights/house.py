"""A bakery, people who wrote to it, and a stand-in for what the door of erasures needs of a runtime."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, event, select
from sqlalchemy.orm import Session

from bot.answering import forms
from bot.config.content import Business, Content
from bot.conversation.forms import AskQuestion, KeepAnswer
from bot.conversation.words import Purpose
from bot.delivery.outbox import Draft, To, outbox, stage
from bot.doors import erasing
from bot.people import consent, contacts, standing
from bot.people.contacts import Found
from bot.rights.erasure import Subject
from bot.rights.requests import Opened, requests
from bot.store.db import Database, insert
from bot.store.models import InboundEvent, Window
from bot.store.vault import Vault
from bot.wire.payload import Identity

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ASHA = Identity(phone="919812345678", bsuid="IN.asha42", username="asha.p", name="Asha Patel")
BOB = Identity(phone="14155550123", bsuid="US.bob7", name="Bob")
TEXT = "a chocolate cake for canary"
SHOP = "sunrise_bakery"
NUMBER = "106540352242922"


@dataclass
class Redis:
    held: set[str] = field(default_factory=set)
    dead: bool = False

    def holds(self, ids: Any) -> bool:
        if self.dead:
            raise erasing.UnreachableError
        return bool(self.held & set(ids))


@dataclass
class Meta:
    deleted: list[str] = field(default_factory=list)
    fault: Exception | None = None

    def delete_media(self, media_id: str, token: str) -> bool:
        return self._delete(media_id)

    def delete_contact(self, number_id: str, token: str, bsuid: str) -> bool:
        return self._delete(bsuid)

    def _delete(self, what: str) -> bool:
        if self.fault:
            raise self.fault
        self.deleted.append(what)
        return True


@dataclass
class Settings:
    data_dir: Path


@dataclass
class Number:
    business: str = SHOP
    number_id: str = NUMBER
    token: str = "token"


class House:
    """What the door of erasures needs of a runtime, with a clock that tests move."""

    def __init__(self, database: Database, vault: Vault, content: Content, folder: Path) -> None:
        self.db, self.vault, self._content, self.settings = database, vault, content, Settings(folder)
        self.doorbell, self.graph = Redis(), Meta()
        self.journal_path = folder / "journal.jsonl"
        self.public_url = "https://bot.example"
        self.now = NOW

    def clock(self) -> datetime:
        return self.now

    def content(self) -> Content:
        return self._content

    def number(self, number_id: str) -> Number | None:
        return Number() if number_id == NUMBER else None

    def advance(self, *, after: timedelta = timedelta(0)) -> int:
        self.now += after
        return erasing.advance_due(self)  # type: ignore[arg-type]

    def request(self, opened: Opened) -> Any:
        with self.db.read() as session:
            return session.execute(select(requests).where(requests.c.id == opened.id)).one()

    def rows(self, each: Table) -> list[Any]:
        with self.db.read() as session:
            return list(session.execute(select(each)).all())

    def settle_envelope_messages(self, state: str = "delivered") -> None:
        with self.db.write() as session:
            mine = outbox.c.envelope_id.is_not(None)
            session.execute(outbox.update().where(mine).values(state=state))
            session.commit()


def know(session: Session, vault: Vault, identity: Identity, *, now: datetime = NOW) -> Found:
    """Give the person a row in every table that may hold one."""
    found = contacts.resolve(session, vault, SHOP, [identity], now=now)[0]
    assert found.contact_id
    to = To(contact_id=found.contact_id, epoch=found.epoch, lane=found.lane, key=found.key)
    hear(session, found, "e1", {"text": TEXT, "wamid": "wamid.HBgM", "media": {"id": "1234567890123"}}, now=now)
    for state in ("queued", "unknown", "delivered"):
        say(session, to, state, now=now)
    entry = consent.Entry(purpose="marketing", granted=True, source="form", at=now, proof="form 17")
    consent.record(session, vault, found.contact_id, SHOP, entry, now=now)
    window = {"contact_id": found.contact_id, "number_id": NUMBER, "last_inbound_at": now}
    session.execute(insert(session, Window).values(window))
    standing.hand_over(session, found.contact_id, SHOP, until=now + timedelta(hours=1), now=now)
    fill_in(session, found, now=now)
    return found


def fill_in(session: Session, found: Found, *, now: datetime = NOW, keep: str = "consent", **more: Any) -> None:
    """Let the person be in the middle of a form, with one answer in it."""
    ask = AskQuestion(form="form.cake", question="photo", lasts=timedelta(days=400))
    answer = KeepAnswer(form="form.cake", question="words", value="Mira", keep=keep, **more)
    for effect in (ask, answer):
        forms.carry_out(session, effect, found.contact_id, SHOP, found.key, now=now)


def hear(session: Session, found: Found, ref: str, body: dict[str, Any], *, now: datetime = NOW, **more: Any) -> None:
    ref = f"{found.contact_id}-{ref}"
    row = {
        "ref": ref, "business": SHOP, "number_id": NUMBER, "contact_id": found.contact_id,
        "lane": found.lane, "kind": "image", "key_hash": ref, "at": now, "received_at": now,
        "body": found.key.seal_json(body, f"inbound_events.body.{ref}"),
    }  # fmt: skip
    session.execute(insert(session, InboundEvent).values(**{**row, **more}))


def say(session: Session, to: To, state: str, *, now: datetime = NOW, **more: Any) -> str:
    body = {"type": "document", "document": {"id": f"98765432{len(state):02}"}}
    draft = Draft(business=SHOP, number_id=NUMBER, purpose=Purpose.REPLY, source="answer", body=body)
    ref = stage(session, to, draft, now=now)
    mine = outbox.c.ref == ref
    session.execute(outbox.update().where(mine).values(state=state, **more))
    return ref


def subject(bakery: Business, found: Found, **more: Any) -> Subject:
    told = {
        "business": bakery, "contact_id": found.contact_id, "number_id": NUMBER, "language": "en",
        "said_at": NOW, "last_inbound_at": NOW,
    }  # fmt: skip
    return Subject(**{**told, **more})


class DiedError(BaseException):
    """The process is gone."""


@contextmanager
def dying_at(point: int) -> Iterator[None]:
    """Let the process die at this point: just before or just after the n-th commit from here."""
    passed = 0

    def die(_session: Session) -> None:
        nonlocal passed
        passed += 1
        if passed == point:
            raise DiedError

    moments = ("before_commit", "after_commit")
    for moment in moments:
        event.listen(Session, moment, die)
    try:
        yield
    finally:
        for moment in moments:
            event.remove(Session, moment, die)
