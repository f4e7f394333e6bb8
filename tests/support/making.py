"""Short ways to make what tests are about: arrivals, receipts, messages; Alice, Bob and Carol."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from bot.answering import inbox
from bot.answering.desk import Desk
from bot.answering.inbox import Accepted
from bot.config.content import Content, load
from bot.conversation.events import Event, Kind
from bot.conversation.words import Purpose
from bot.delivery import outbox
from bot.delivery.outbox import Draft, To
from bot.people import contacts
from bot.store.db import Database
from bot.store.vault import Vault, random_id
from bot.wire.payload import Arrival, Identity, Reading, Receipt, Status
from handlers import build

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BUSINESS = "sunrise_bakery"
NUMBER = "10555000111"
WABA = "WABA1"
ROUTES = {NUMBER: BUSINESS}
WABAS = {NUMBER: WABA}
ALICE = Identity(phone="447700900001", bsuid="GB.10000000000000000001", name="Alice")
BOB = Identity(phone="447700900002", bsuid="GB.10000000000000000002", name="Bob")
CAROL = Identity(bsuid="GB.10000000000000000003", username="carol.c", name="Carol")

TEMPLATES = Path(__file__).resolve().parents[2] / "templates_wa"


@cache
def content() -> Content:
    """Return the example business."""
    return load(TEMPLATES)


@cache
def desks() -> dict[str, Desk]:
    """Return the example business at work."""
    return {each.id: Desk(each, build(each), "https://bot.example") for each in content().businesses.values()}


def said(who: Identity, text: str, *, at: datetime = NOW, wamid: str = "", **more: Any) -> Arrival:
    """Return a text that somebody wrote."""
    event = Event(kind=Kind.TEXT, at=at, text=text, **more)
    return Arrival(number_id=NUMBER, wamid=wamid or f"wamid.{random_id()}", sender=who, event=event)


def receipt(ref: str, status: Status, *, at: datetime = NOW, code: int | None = None, wamid: str = "w") -> Receipt:
    """Return a receipt for a message of ours."""
    return Receipt(
        number_id=NUMBER,
        ref=ref,
        wamid=wamid,
        status=status,
        at=at,
        code=code,
        pricing_type="regular",
        category="service",
        recipient=Identity(),
    )


def take_in(
    database: Database,
    vault: Vault,
    *arrivals: Arrival,
    receipts: Sequence[Receipt] = (),
    now: datetime = NOW,
) -> Accepted:
    """Take in a webhook and commit."""
    with database.write() as session:
        reading = Reading(arrivals=arrivals, receipts=tuple(receipts))
        accepted = inbox.accept(session, vault, reading, ROUTES, now=now)
        session.commit()
    return accepted


def contact(session: Session, vault: Vault, who: Identity = ALICE, *, now: datetime = NOW) -> To:
    """Return a contact to send to."""
    (found,) = contacts.resolve(session, vault, BUSINESS, [who], now=now)
    return To(contact_id=found.contact_id, epoch=found.epoch, lane=found.lane, key=found.key)


def stage(session: Session, to: To, text: str = "hello", *, now: datetime = NOW, **more: Any) -> str:
    """Stage a message and return its id."""
    values: dict[str, Any] = {
        "business": BUSINESS,
        "number_id": NUMBER,
        "purpose": Purpose.REPLY,
        "source": "answer",
        "body": {"type": "text", "text": {"body": text, "preview_url": False}},
        **more,
    }
    return outbox.stage(session, to, Draft(**values), now=now)


def message(session: Session, ref: str) -> Row[Any]:
    """Return a message of the outbox by its id."""
    return session.execute(select(outbox.outbox).where(outbox.outbox.c.ref == ref)).one()
