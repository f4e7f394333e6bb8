"""What a webhook says, as values."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.conversation.events import Event
from bot.wire.payload.people import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One thing a person did (or, for `Kind.ECHO`, was sent from the business's telephone).

    `old` is who she was before a change of number or user id; `target` the wamid that a reaction, an edit or a revoke
    is about.
    """

    number_id: str
    wamid: str
    sender: Identity
    event: Event
    old: Identity | None = None
    target: str = ""
    dedupe: str = ""

    @property
    def natural_key(self) -> str:
        """What stays the same when Meta sends this again. It names a person: keep only a keyed hash of it."""
        return f"{self.number_id}|{self.wamid or self.dedupe}"


class Status(StrEnum):
    """How far a message came; in order, but for `failed`."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Meta's word on a message of ours; `ref` is the random id we sent along, "" if another program sent it."""

    number_id: str
    ref: str
    wamid: str
    status: Status
    at: datetime
    code: int | None
    pricing_type: str
    category: str
    recipient: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateNews:
    """Something changed about a template.

    `event` is `status`, `category`, `quality` or `components`; `value` the new state ("" for components). A change
    of category that is only announced has the present category as its value and the coming one as its reason.
    """

    waba_id: str
    template_id: str
    name: str
    language: str
    event: str
    value: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNews:
    """Something changed about the account or a number; `detail` holds words and figures of Meta's, nobody's data."""

    waba_id: str
    display_phone_number: str
    field: str
    event: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that one webhook says; `skipped` counts, by reason, what nothing is made of."""

    arrivals: tuple[Arrival, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    templates: tuple[TemplateNews, ...] = ()
    accounts: tuple[AccountNews, ...] = ()
    skipped: Counter[str] = field(default_factory=Counter)
