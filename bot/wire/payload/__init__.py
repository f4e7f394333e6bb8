"""What Meta tells us: raw bytes of a webhook in, plain values out."""

from bot.wire.payload.people import Identity
from bot.wire.payload.read import read
from bot.wire.payload.values import AccountNews, Arrival, Reading, Receipt, Status, TemplateNews

__all__ = ["AccountNews", "Arrival", "Identity", "Reading", "Receipt", "Status", "TemplateNews", "read"]
