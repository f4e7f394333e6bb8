"""Messages out, by heyoo: the only file that knows it.

heyoo posts by a module-wide `requests`, without time-outs, a connection for every message, and tells the root logger
whom it writes to. Both names are replaced here; what is left of it is the call it was chosen for.
"""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import heyoo

from bot.wire.errors import Outcome, SendError
from bot.wire.transport import Answer, Transport

Json = dict[str, Any]

_ACCEPTED = "accepted"
_NUMBER_ID = re.compile(r"[0-9A-Za-z_-]+")
_carrier: ContextVar[Transport] = ContextVar("carrier")


class _Requests:
    """Stands for the module `requests` in heyoo: sends by the transport of the call that is under way."""

    @staticmethod
    def post(url: str, *, headers: Mapping[str, str], json: Json) -> Answer:
        return _carrier.get().post(url, headers, json)


class _Silence:
    """Stands for the module `logging` in heyoo, which would log numbers and whole answers."""

    @staticmethod
    def info(*_: object) -> None:
        """Say nothing."""

    error = info


heyoo.requests = _Requests()
heyoo.logging = _Silence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Meta took the message; that it arrives is told by receipts.

    `phone` and `bsuid` are the person as Meta knows her. `held`: Meta looks at the template first and then sends the
    message or drops it; it must not be sent again.
    """

    wamid: str
    phone: str | None = None
    bsuid: str | None = None
    held: bool = False


class Cloud:
    """The messages call of the Cloud API, for all numbers and from all threads. Raises SendError, no other fault."""

    def __init__(
        self,
        base_url: str,
        *,
        ca_file: str | None = None,
        connect_timeout: float = 3.05,
        read_timeout: float = 15.0,
        max_bytes: int = 1 << 20,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._transport = Transport(
            base_url,
            ca_file=ca_file,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            max_bytes=max_bytes,
        )

    def post(self, number_id: str, token: str, payload: Json) -> Accepted:
        """Send a message; without the id of a message in the answer nobody knows whether it went."""
        return _accepted(self._send(number_id, token, payload))

    def mark(self, number_id: str, token: str, payload: Json) -> None:
        """Send a read mark (`render.read_mark`)."""
        self._send(number_id, token, payload)

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()

    def _send(self, number_id: str, token: str, payload: Json) -> Json:
        if not _NUMBER_ID.fullmatch(number_id):
            raise ValueError("not the id of a number")
        client = heyoo.WhatsApp(token=token, phone_number_id=number_id)
        client.base_url = client.v15_base_url = self._base_url
        client.url = f"{self._base_url}/{number_id}/messages"
        reset = _carrier.set(self._transport)
        try:
            answer: Json = client.send_custom_json(dict(payload))
        finally:
            _carrier.reset(reset)
        return answer


def _accepted(answer: Json) -> Accepted:
    message, contact = _first(answer.get("messages")), _first(answer.get("contacts"))
    wamid = message.get("id")
    if not isinstance(wamid, str) or not wamid:
        raise SendError(Outcome.UNKNOWN, None, 200)
    phone, bsuid = contact.get("wa_id"), contact.get("user_id")
    return Accepted(
        wamid=wamid,
        phone=phone if isinstance(phone, str) else None,
        bsuid=bsuid if isinstance(bsuid, str) else None,
        held=message.get("message_status", _ACCEPTED) != _ACCEPTED,
    )


def _first(value: object) -> Json:
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}
