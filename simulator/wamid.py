"""Message ids as Meta makes them: base64 in which the peer's number stands in clear."""

import base64
import secrets
import string

_OUTBOUND, _INBOUND = 0x11, 0x12


def wamid(phone: str | None, *, outbound: bool) -> str:
    """Return a new message id; a person without a number gets random letters in its place."""
    peer = (phone or _letters(15)).encode()
    way, unique = (_OUTBOUND, secrets.token_hex(9)) if outbound else (_INBOUND, secrets.token_hex(10))
    tail = unique.upper().encode()
    raw = bytes([0x1C, 0x18, len(peer)]) + peer + bytes([0x15, 0x02, 0x00, way, 0x18, len(tail)]) + tail + b"\0"
    return "wamid." + base64.b64encode(raw).decode()


def _letters(count: int) -> str:
    return "".join(secrets.choice(string.ascii_letters) for _ in range(count))
