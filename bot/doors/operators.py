"""What operators do and see, from the terminal and the console alike; everything by ids."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.config.content import Business
from bot.conversation.words import Scope
from bot.people import contacts, windows
from bot.people.identity import known_by
from bot.rights import erasure, holdings, opt_outs
from bot.rights.erasure import Subject
from bot.rights.requests import requests
from bot.runtime import Runtime
from bot.store.db import table
from bot.store.models import Contact
from bot.wire.payload import Identity

people = table(Contact)
CHANNEL = "operator"
REGISTER = ("id", "business", "kind", "channel", "state", "step", "reason", "received_at", "due_at", "completed_at")


def erase(session: Session, runtime: Runtime, business: Business, who: Identity, *, now: datetime) -> str:
    """Begin the erasure of a person and return the code of the request; of a stranger nothing is held."""
    contact_id = contacts.find(session, runtime.vault, business.id, phone=who.phone, bsuid=who.bsuid)
    if contact_id is None:
        hashes = [each for known in known_by(runtime.vault, business.id, who) for each in known.all_hashes]
        phrase = erasure.again(session, runtime.vault, business, hashes, lambda code: code, now=now)
        return phrase.values["code"]
    row = session.execute(select(people).where(people.c.id == contact_id)).one()
    number_id = holdings.number_of(session, contact_id) or _first_number(runtime, business)
    subject = Subject(
        business=business,
        contact_id=contact_id,
        number_id=number_id,
        language=row.language or business.language,
        said_at=now,
        last_inbound_at=windows.last_inbound(session, [contact_id]).get((contact_id, number_id)),
        channel=CHANNEL,
    )
    return erasure.begin(session, runtime.vault, subject, now=now).code


def opt_out(
    session: Session, runtime: Runtime, business: Business, who: Identity, scope: Scope, *, now: datetime
) -> bool:
    """Put a person on the suppression list, known to us or not; return whether that is new."""
    contact_id = contacts.find(session, runtime.vault, business.id, phone=who.phone, bsuid=who.bsuid)
    known = known_by(runtime.vault, business.id, who)
    return opt_outs.opt_out(
        session,
        runtime.vault,
        business.id,
        scope,
        since=now,
        now=now,
        contact_id=contact_id,
        hashes=() if contact_id else [each.hash for each in known],
    )


def register(session: Session, business: str | None = None, *, only_open: bool = False) -> list[dict[str, Any]]:
    """Return the register of subject requests, the newest first."""
    chosen = select(*(requests.c[name] for name in REGISTER)).order_by(requests.c.received_at.desc()).limit(500)
    if business is not None:
        chosen = chosen.where(requests.c.business == business)
    if only_open:
        chosen = chosen.where(requests.c.step != "")
    return [dict(row._mapping) for row in session.execute(chosen)]  # noqa: SLF001  SQLAlchemy's own name


def shown(value: Any) -> str:
    """Return a value as operators read it."""
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value or "")


def _first_number(runtime: Runtime, business: Business) -> str:
    return next((each.number_id for each in runtime.numbers().values() if each.business == business.id), "")
