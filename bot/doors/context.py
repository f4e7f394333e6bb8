"""What every page needs: the runtime of this process, and whether somebody may look behind the counter."""

import hmac
import ipaddress

from flask import current_app, request

from bot.runtime import Runtime

METRICS_TOKEN = "LETHE_METRICS_TOKEN"  # noqa: S105  the variable's name
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


def runtime() -> Runtime:
    """Return the runtime that the application was made with."""
    made: Runtime = current_app.extensions["lethe"]
    return made


def from_this_machine() -> bool:
    """Return whether the request began on this machine: a proxy that runs here speaks for others, and says so."""
    try:
        near = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return near and not any(name in request.headers for name in FORWARDED)


def bearer() -> str:
    """Return the token of the `Authorization` header, or nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def same(given: str, wanted: str | None) -> bool:
    """Compare secrets in constant time; nothing equals a secret that is not set."""
    return bool(wanted) and hmac.compare_digest(given.encode(), (wanted or "").encode())


def is_operator() -> bool:
    """Return whether figures may be told: to this machine, or to whoever has the token."""
    return from_this_machine() or same(bearer(), runtime().settings.variable(METRICS_TOKEN))
