"""The headers that every answer carries: nothing is framed, sniffed, referred or kept unless a page says so."""

from typing import Final

from flask import Flask, Response

POLICY: Final = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}


def protect(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer, errors too; what a view has set itself stays."""
    headers = ALWAYS | (HTTPS_ONLY if https else {})

    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    app.after_request(add)
