"""The steps of an erasure and the waits between them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.rights.requests import note


class Step(StrEnum):
    """What comes next. `END` is no step: the request is closed."""

    DRAIN = "drain"
    """Sends on their way are waited for."""
    PURGE = "purge"
    """Rows are deleted, the contact's key destroyed."""
    SCRUB = "scrub"
    """The write-ahead log is emptied; files go, here and at Meta."""
    CHECK = "check"
    """Every store is asked again."""
    CONFIRM = "confirm"
    """One message from the envelope."""
    FORGET = "forget"
    """The envelope goes, with what was sent from it."""
    META = "meta"
    """What Meta has not deleted yet is asked for again."""
    END = ""


AT_META = "meta"
"""Why a request is only partly done when Meta has not deleted all of it."""
HOLD = "hold"
"""Why a request is only partly done while the law has the data kept."""

LOOK_AGAIN = timedelta(seconds=1)
CLAIMED_FOR = timedelta(seconds=20)
"""How long a process has for the work between two steps before another may do it."""
ASK_AGAIN = timedelta(minutes=5)
"""Between two tries of what others have to mend: Meta, or a fault of ours."""
TRIES = 30
"""How often a store is asked before the request is told as only partly done."""
META_WITHIN = timedelta(hours=24)
"""How long Meta is asked before the request ends as partly done."""


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next, and when it is due."""

    step: Step
    due_at: datetime


def go(session: Session, row: Row[Any], step: Step, *, due_at: datetime, **values: Any) -> Next:
    """Write down what comes next; a request that ends holds on to nobody, one that stays counts its tries."""
    ends = {"contact_id": None, "envelope_id": None} if step is Step.END else {}
    tries = row.tries + 1 if step == row.step else 0
    note(session, row.id, step=step, next_at=due_at, tries=tries, **values, **ends)
    return Next(step, due_at)
