"""Whether a body really comes from Meta (`X-Hub-Signature-256`)."""

import hmac
from collections.abc import Sequence


def sign(raw: bytes, secret: str) -> str:
    """Return the header that Meta sends with these bytes."""
    return "sha256=" + hmac.digest(secret.encode(), raw, "sha256").hex()


def verify(raw: bytes, header: str | None, secrets: Sequence[str]) -> bool:
    """Return whether the header signs these very bytes with one of the app secrets.

    The bytes are those of the wire: Meta signs the escaped form that it sends, so a body parsed and written again
    has another signature. An empty secret signs nothing.
    """
    if header is None or not header.isascii():
        return False
    given = header.encode()
    # Every secret is tried, so the time does not tell which one fits.
    fits = [hmac.compare_digest(given, sign(raw, secret).encode()) for secret in secrets if secret]
    return any(fits)
