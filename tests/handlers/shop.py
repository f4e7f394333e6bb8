"""A business for the handlers' tests, and the moments in which people write to it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.config.content import Business, load
from bot.conversation.contact import ContactView
from bot.conversation.events import Event, Kind
from tests.config.conftest import BUSINESS, FILES, write

NOON = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
"""A Monday, noon in India: the shop is open."""


def opened(folder: Path, rules: str, **files: str) -> Business:
    """Load a shop with these rules; it speaks English and Gujarati, a plain text serves both."""
    write(folder, {**FILES, "business.toml": BUSINESS, "rules.toml": rules, **files})
    return load(folder).businesses["shop"]


def said(text: str, **more: Any) -> Event:
    return Event(kind=more.pop("kind", Kind.TEXT), at=NOON, text=text, **more)


def person(business: Business, at: datetime = NOON, **more: Any) -> ContactView:
    return ContactView(local_now=at.astimezone(business.zone), **more)
