"""Short ways to send: who has written, what is claimed, what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.delivery import sending
from bot.delivery.outbox import To
from bot.delivery.sending import Claimed, Posted
from bot.people import windows
from bot.store.lanes import LANES
from bot.store.vault import Vault
from bot.wire.errors import Outcome, SendError
from bot.wire.payload import Identity
from tests.support.making import NOW, NUMBER, WABAS, contact

UNKNOWN = SendError(Outcome.UNKNOWN)
NOT_SENT = SendError(Outcome.NOT_SENT)


def somebody(number: int) -> Identity:
    """Return one of many people."""
    return Identity(phone=f"4477009{number:05}", bsuid=f"GB.{number:020}")


def who_wrote(session: Session, vault: Vault, who: Identity) -> To:
    """Return a contact whose window is open."""
    to = contact(session, vault, who)
    windows.open_windows(session, {(str(to.contact_id), NUMBER): NOW})
    return to


def claim(session: Session, vault: Vault, *, now: datetime = NOW, **more: Any) -> list[Claimed]:
    """Claim what may go, in all lanes."""
    claimed, _ = sending.claim(session, vault, range(LANES), WABAS, now=now, **more)
    return claimed


def record(session: Session, vault: Vault, *posted: Posted, now: datetime = NOW) -> sending.Recorded:
    """Write down what came of it."""
    return sending.record(session, vault, posted, WABAS, now=now)
