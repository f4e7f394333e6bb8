"""Lanes: the slices of contacts by which work is shared out. A contact is always in the same lane."""

from zlib import crc32

LANES = 64
NOBODY = 0
"""The lane of what has no contact and no envelope."""


def lane_of(contact_id: str) -> int:
    """Return the lane of a contact, 1 to 63, for as long as its id lives."""
    return crc32(contact_id.encode()) % (LANES - 1) + 1
