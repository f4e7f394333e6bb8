"""The register of subject requests: one for every right; the person's code is kept only as a keyed hash."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.config.content import Business
from bot.conversation.replies import Phrase
from bot.store.db import insert, table
from bot.store.models import SubjectRequest
from bot.store.vault import Vault, random_id

requests = table(SubjectRequest)

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that nobody mistakes for one another: no 0, O, 1, I."""
LENGTH = 10


class State(StrEnum):
    """How far a request is, as the person may read it."""

    RECEIVED = "received"
    WORKING = "working"
    DONE = "done"
    PARTLY = "partly"


class Right(StrEnum):
    """What may be asked for."""

    ACCESS = "access"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True)
class Opened:
    """A request in the register; `code` is told to the person and to nobody else. `new`: it was not there before."""

    id: str
    code: str
    new: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks: the business, the contact (None = nobody that is known) and the way it came (chat, operator, meta)."""

    business: Business
    contact_id: str | None = None
    channel: str = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """What the status page and STATUS may tell: nothing of the person."""

    business: str
    kind: str
    state: State
    received_at: datetime
    due_at: datetime
    completed_at: datetime | None
    reason: str
    held_until: datetime | None
    counts: Mapping[str, int] = field(default_factory=dict)


def new_code() -> str:
    """Return a code with a letter and a digit in it at least, so that no word and no order number is taken for one."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not code.isalpha() and not code.isdigit():
            return code


def open_request(
    session: Session, vault: Vault, right: Right, asked: Asked, *, now: datetime, step: str = ""
) -> Opened:
    """Enter a request. With a first `step` it is received and due at once, without one it is done already."""
    opened = Opened(random_id(), new_code())
    values = {
        "id": opened.id,
        "business": asked.business.id,
        "kind": right,
        "channel": asked.channel,
        "code_hash": vault.digest("request", opened.code),
        "contact_id": asked.contact_id,
        "state": State.RECEIVED if step else State.DONE,
        "step": step,
        "received_at": now,
        "due_at": now + timedelta(days=asked.business.policy.response_days),
        "next_at": now,
        "completed_at": None if step else now,
    }
    session.execute(insert(session, SubjectRequest).values(values))
    return opened


def status(session: Session, vault: Vault, code: str) -> StatusView | None:
    """Return the state of the request with this code, however the person writes it, or None."""
    plain = "".join(each for each in code.upper() if each.isalnum())
    row = session.execute(select(requests).where(requests.c.code_hash.in_(vault.digests("request", plain)))).first()
    if row is None:
        return None
    return StatusView(
        business=row.business,
        kind=row.kind,
        state=State(row.state),
        received_at=row.received_at,
        due_at=row.due_at,
        completed_at=row.completed_at,
        reason=row.reason,
        held_until=row.held_until,
        counts=json.loads(row.counts),
    )


def status_phrase(session: Session, vault: Vault, code: str, business: Business, language: str) -> Phrase:
    """Return the answer to STATUS <code>; a code of another business is as unknown as any other."""
    view = status(session, vault, code)
    if view is None or view.business != business.id:
        return Phrase("rights.status_unknown", {"code": code})
    state = business.catalogue.text(Phrase(f"state.{view.state}"), language)
    return Phrase("rights.status_line", {"code": code, "state": state})


def note(session: Session, request_id: str, **values: Any) -> None:
    """Change what the register says of a request."""
    session.execute(update(requests).where(requests.c.id == request_id).values(**values))
