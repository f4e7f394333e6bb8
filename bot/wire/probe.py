"""A look at our own webhook from outside, as Meta would look: https, or http that never leaves this machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from bot.wire.transport import is_loopback

_TIMEOUT = (3.05, 10.0)
_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Probed:
    """What was answered; status 0 and `fault` where nothing was."""

    status: int
    text: str = ""
    fault: str = ""


def ask(
    url: str,
    *,
    query: Mapping[str, str] | None = None,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Probed:
    """GET the address, or POST the body to it. ValueError for http that leaves this machine.

    Certificates are those that everybody trusts, as with Meta: one of the operator's own would only look good here.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise ValueError("only https:// is asked, or http:// on this very machine")
    with requests.Session() as session:
        session.trust_env = False
        try:
            with session.request(
                "GET" if body is None else "POST",
                url,
                params=query,
                data=body,
                headers=headers,
                timeout=_TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer:
                text = next(answer.iter_content(_MOST_BYTES), b"").decode("utf-8", "replace")
                return Probed(answer.status_code, text)
        except (requests.RequestException, HTTPError) as fault:
            return Probed(0, fault=_why(fault))


def _why(fault: Exception) -> str:
    """Say why there was no answer; never the address, which holds our verify token."""
    match fault:
        case requests.exceptions.SSLError():
            return "its certificate is not trusted"
        case requests.exceptions.Timeout():
            return "it did not answer in time"
        case requests.exceptions.ConnectionError():
            return "nobody answers there"
        case _:
            return "it gave no answer that can be read"
