"""What keeps a contact from being written to, other than an opt-out: restriction, legal hold, hand-over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.store.db import execute_count, insert, table
from bot.store.models import HandOver, Standing
from bot.store.vault import random_id

standings = table(Standing)
hand_overs = table(HandOver)

LISTED = timedelta(days=7)
"""So long something to look at stands on the staff's list, if nobody takes it off."""


@dataclass(frozen=True, slots=True)
class StandingView:
    """How a contact stands; moments are UTC, None = not so."""

    restricted: bool = False
    held_until: datetime | None = None
    handed_over_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """A conversation that a person of the business has, or something to look at (`about`: `form.cake`)."""

    id: str
    business: str
    contact_id: str
    since: datetime
    until: datetime
    about: str = ""


def of_contacts(session: Session, contact_ids: Collection[str]) -> dict[str, StandingView]:
    """Return the standing of the contacts that have one."""
    rows = session.execute(select(standings).where(standings.c.contact_id.in_(contact_ids)))
    return {
        row.contact_id: StandingView(row.restricted_at is not None, row.held_until, row.handed_over_until)
        for row in rows
    }


def restrict(session: Session, contact_id: str, *, now: datetime) -> None:
    """Keep what there is and use it for nothing (RESTRICT)."""
    _set(session, contact_id, restricted_at=now)


def resume(session: Session, contact_id: str) -> bool:
    """End the restriction (RESUME); return whether there was one."""
    mine = (standings.c.contact_id == contact_id, standings.c.restricted_at.is_not(None))
    return execute_count(session, update(standings).where(*mine).values(restricted_at=None)) > 0


def hold(session: Session, contact_id: str, until: datetime | None) -> None:
    """Note until when the law has the contact's data kept; None = no longer."""
    _set(session, contact_id, held_until=until)


def hand_over(session: Session, contact_id: str, business_id: str, *, until: datetime, now: datetime) -> str:
    """Give the conversation to a person of the business and return the hand-over's id; one that runs is prolonged."""
    _set(session, contact_id, handed_over_until=until)
    running = select(hand_overs.c.id).where(
        hand_overs.c.contact_id == contact_id,
        hand_overs.c.about == "",
        hand_overs.c.ended_at.is_(None),
        hand_overs.c.until > now,
    )
    known = session.execute(running).scalar()
    if known:
        session.execute(update(hand_overs).where(hand_overs.c.id == known).values(until=until))
        return str(known)
    new = random_id()
    row = {"id": new, "business": business_id, "contact_id": contact_id, "since": now, "until": until}
    session.execute(insert(session, HandOver).values(row))
    return new


def note(session: Session, contact_id: str, business_id: str, about: str, *, now: datetime) -> str:
    """Put the contact on the staff's list for what it is `about` (`form.cake`); the bot goes on. Return the id."""
    new = random_id()
    row = {
        "id": new,
        "business": business_id,
        "contact_id": contact_id,
        "about": about,
        "since": now,
        "until": now + LISTED,
    }
    session.execute(insert(session, HandOver).values(row))
    return new


def hand_back(session: Session, hand_over_id: str, now: datetime) -> bool:
    """Give the conversation back to the bot; return whether somebody still had it."""
    running = (hand_overs.c.id == hand_over_id, hand_overs.c.ended_at.is_(None), hand_overs.c.until > now)
    columns = (hand_overs.c.contact_id, hand_overs.c.about)
    ended = session.execute(update(hand_overs).where(*running).values(ended_at=now).returning(*columns)).one_or_none()
    if ended is not None and not ended.about:
        _set(session, ended.contact_id, handed_over_until=None)
    return ended is not None


def handed_over(session: Session, business_id: str | None = None, *, now: datetime) -> Sequence[HandedOver]:
    """Return the conversations that people of the business have now, the oldest first."""
    running = [hand_overs.c.ended_at.is_(None), hand_overs.c.until > now]
    if business_id is not None:
        running.append(hand_overs.c.business == business_id)
    rows = session.execute(select(hand_overs).where(*running).order_by(hand_overs.c.since))
    return [
        HandedOver(
            id=row.id,
            business=row.business,
            contact_id=row.contact_id,
            since=row.since,
            until=row.until,
            about=row.about,
        )
        for row in rows
    ]


def _set(session: Session, contact_id: str, **values: Any) -> None:
    statement = insert(session, Standing).values(contact_id=contact_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["contact_id"], set_=values))
