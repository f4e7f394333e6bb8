"""Every table, with what it holds, how long, and who erases it (law 6)."""

from bot.store.models.forms import FormAnswer, OpenForm
from bot.store.models.messages import ApiKey, InboundEvent, OutboxMessage, ReceiptRow, Seen
from bot.store.models.people import (
    ConsentEntry,
    Contact,
    ContactKey,
    HandOver,
    Identifier,
    Lifting,
    Standing,
    Suppression,
    Window,
)
from bot.store.models.rights import Envelope, JournalEntry, SubjectRequest
from bot.store.models.service import Bell, Counter, Lease, NumberState, TemplateRow

TABLES = (
    ApiKey, Bell, ConsentEntry, Contact, ContactKey, Counter, Envelope, FormAnswer, HandOver, Identifier,
    InboundEvent, JournalEntry, Lease, Lifting, NumberState, OpenForm, OutboxMessage, ReceiptRow, Seen,
    Standing, SubjectRequest, Suppression, TemplateRow, Window,
)  # fmt: skip
"""The registry of law 6: rights walk it without importing what the tables are for."""

__all__ = [
    "TABLES",
    "ApiKey",
    "Bell",
    "ConsentEntry",
    "Contact",
    "ContactKey",
    "Counter",
    "Envelope",
    "FormAnswer",
    "HandOver",
    "Identifier",
    "InboundEvent",
    "JournalEntry",
    "Lease",
    "Lifting",
    "NumberState",
    "OpenForm",
    "OutboxMessage",
    "ReceiptRow",
    "Seen",
    "Standing",
    "SubjectRequest",
    "Suppression",
    "TemplateRow",
    "Window",
]
