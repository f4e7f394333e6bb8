"""Webhooks as Meta sends them, signed, as whole HTTP requests."""

import base64
import hmac
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

NUMBER, WABA, SHOWN = "10555000111", "10555000222", "15550001111"
SECRET = "a-secret-of-the-benchmark"
WORDS = "What are your opening hours on Sunday?"


def phone(person: int) -> str:
    """Return the number of a made-up person."""
    return f"9198{person:08d}"


def wamid(mark: str, number: int) -> str:
    """Return an id as long as Meta's."""
    return "wamid." + base64.b64encode(f"{mark}{number:040d}".encode()).decode()


def texts(serials: Iterable[int], people: int, per_post: int, words: str = WORDS) -> list[bytes]:
    """Return requests with one text for each serial number, the people taking turns."""
    all_ = list(serials)
    return [_request([_text(each, people, words) for each in part]) for part in _parts(all_, per_post)]


def receipts(accepted: Sequence[Mapping[str, str]], per_post: int, count: int) -> list[bytes]:
    """Return requests with `count` receipts: of all messages sent, then delivered, then read."""
    told = [_receipt(message, status) for status in ("sent", "delivered", "read") for message in accepted]
    return [_request([_value(statuses=part)]) for part in _parts(told[:count], per_post)]


def _text(serial: int, people: int, words: str) -> dict[str, Any]:
    person = serial % people
    bsuid = f"IN.{person:020d}"
    message = {
        "from": phone(person),
        "from_user_id": bsuid,
        "id": wamid("in", serial),
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": words},
    }
    contact = {"profile": {"name": f"Anna Example {person}"}, "wa_id": phone(person), "user_id": bsuid}
    return _value(contacts=[contact], messages=[message])


def _receipt(message: Mapping[str, str], status: str) -> dict[str, Any]:
    return {
        "id": message["wamid"],
        "status": status,
        "timestamp": str(int(time.time())),
        "recipient_id": message["to"],
        "biz_opaque_callback_data": message["ref"],
        "pricing": {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"},
    }


def _value(**more: Any) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": SHOWN, "phone_number_id": NUMBER},
        **more,
    }


def _request(values: Sequence[Mapping[str, Any]]) -> bytes:
    changes = [{"value": value, "field": "messages"} for value in values]
    body = orjson.dumps({"object": "whatsapp_business_account", "entry": [{"id": WABA, "changes": changes}]})
    lines = [
        "POST /webhook HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"X-Hub-Signature-256: sha256={hmac.digest(SECRET.encode(), body, 'sha256').hex()}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _parts(items: list[Any], size: int) -> list[list[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
