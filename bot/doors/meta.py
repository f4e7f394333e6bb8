"""Meta's callbacks: somebody removed the app from her Meta account, or wants what it has of her deleted.

They come for users of Facebook or Instagram who logged in to the app, by an id that only the app has; no number and no
user id of WhatsApp can be found by it. So nothing is held, and that is what the request in the register says.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import orjson
from flask import Blueprint, Response, jsonify, request

from bot.doors.context import runtime
from bot.log import get_logger
from bot.rights import requests
from bot.rights.requests import ALPHABET, LENGTH, Asked, Right
from bot.runtime import Runtime

LOG = get_logger(__name__)
ALGORITHM = "HMAC-SHA256"
FRESH = timedelta(hours=1)
"""How old a signed request may be; Meta signs it when it sends it."""
EARLY = timedelta(minutes=5)
LONGEST = 8192

meta = Blueprint("meta", __name__, url_prefix="/meta")


@dataclass(frozen=True, slots=True)
class Signed:
    """What Meta signed: an app-scoped id and when."""

    user_id: str
    issued_at: datetime


@meta.post("/data-deletion")
def data_deletion() -> Response:
    """Enter the request and answer with its code and the page of its state; the same request has the same code."""
    here = runtime()
    signed = _signed(here)
    if signed is None:
        return Response(status=HTTPStatus.BAD_REQUEST)
    code = code_of(here, signed)
    with here.db.write() as session:
        if requests.status(session, here.vault, code) is None:
            business = next(iter(here.content().businesses.values()))
            asked = Asked(business=business, channel="meta")
            opened = requests.open_request(session, here.vault, Right.ERASURE, asked, now=here.clock())
            requests.note(session, opened.id, code_hash=here.vault.digest("request", code))
        session.commit()
    return jsonify(url=f"{here.public_url}/deletion-status?code={code}", confirmation_code=code)


@meta.post("/deauthorize")
def deauthorize() -> Response:
    """Take note; there is no token of anybody's to drop."""
    if _signed(runtime()) is None:
        return Response(status=HTTPStatus.BAD_REQUEST)
    LOG.info("deauthorized")
    return jsonify(success=True)


def code_of(here: Runtime, signed: Signed) -> str:
    """Return the code of a request: made from it by a keyed hash, so that it is the same when Meta asks again."""
    digest = here.vault.digest("meta request", signed.user_id, signed.issued_at.isoformat())
    number = int.from_bytes(base64.urlsafe_b64decode(digest + "=="), "big")
    signs = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(signs)


def _signed(here: Runtime) -> Signed | None:
    given = request.form.get("signed_request", "")
    return read(given, here.app_secrets(), now=here.clock()) if len(given) <= LONGEST else None


def read(given: str, secrets: Sequence[str], *, now: datetime) -> Signed | None:
    """Return what a signed request says, or None: not signed by Meta, another algorithm, stale, unreadable."""
    signature, dot, written = given.partition(".")
    mine = _decoded(signature)
    # Meta signs the text as it stands, before any decoding.
    good = [hmac.compare_digest(mine, hmac.digest(each.encode(), written.encode(), "sha256")) for each in secrets]
    if not dot or not any(good):
        return None
    try:
        content = orjson.loads(_decoded(written))
    except orjson.JSONDecodeError:
        return None
    return _checked(content, now=now)


def _checked(content: Any, *, now: datetime) -> Signed | None:
    if not isinstance(content, dict) or content.get("algorithm") != ALGORITHM:
        return None
    user_id, issued = content.get("user_id"), content.get("issued_at")
    if not isinstance(user_id, str) or not user_id or not isinstance(issued, int) or isinstance(issued, bool):
        return None
    try:
        issued_at = datetime.fromtimestamp(issued, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return Signed(user_id, issued_at) if now - FRESH <= issued_at <= now + EARLY else None


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
