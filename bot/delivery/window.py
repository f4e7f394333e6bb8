"""The service window: 24 hours after the person's last message to that number (Meta, customer service window)."""

from datetime import datetime, timedelta

LENGTH = timedelta(hours=24)
MARGIN = timedelta(seconds=60)
"""How long before its end the window counts as closed, so that a message on its way does not arrive too late."""


def closes_at(last_inbound_at: datetime) -> datetime:
    """Return when the window closes that a message at this moment (Meta's timestamp) opened."""
    return last_inbound_at + LENGTH


def is_open(last_inbound_at: datetime | None, *, now: datetime, margin: timedelta = MARGIN) -> bool:
    """Return whether free-form messages may go; never for somebody who has not written."""
    return last_inbound_at is not None and now < closes_at(last_inbound_at) - margin
