"""Meta's webhook: raw bytes, signature, events; 200 when they are durable, else 503, and Meta sends again (law 2)."""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, Response, current_app, request

from bot.answering import inbox
from bot.answering.inbox import Accepted
from bot.doors.metrics import WEBHOOKS
from bot.log import get_logger, reduced
from bot.runtime import Runtime
from bot.store.db import is_unavailable
from bot.wire import payload, signature
from bot.wire.payload import Reading

LOG = get_logger(__name__)
LONGEST_CHALLENGE = 128
TRIES = 2
"""A transaction that lost against another one (deadlock) is tried once more before Meta has to."""

webhook = Blueprint("webhook", __name__)


@webhook.get("/webhook")
def handshake() -> Response:
    """Answer Meta's verification with its challenge, if it knows our token."""
    runtime = _runtime()
    given = request.args.get("hub.verify_token", "").encode()
    challenge = request.args.get("hub.challenge", "")
    token = runtime.settings.verify_token
    knows = token is not None and hmac.compare_digest(given, token.get_secret_value().encode())
    plain = challenge.isascii() and challenge.isalnum() and len(challenge) <= LONGEST_CHALLENGE
    if request.args.get("hub.mode") != "subscribe" or not knows or not plain:
        return _empty(HTTPStatus.FORBIDDEN)
    return Response(challenge, mimetype="text/plain")


@webhook.post("/webhook")
def receive() -> Response:
    """Take in what Meta signed: empty answers only, and nothing of the body in any log."""
    runtime = _runtime()
    raw = request.get_data(cache=False)
    if not signature.verify(raw, request.headers.get("X-Hub-Signature-256"), runtime.app_secrets()):
        WEBHOOKS.labels("signature").inc()
        return _empty(HTTPStatus.UNAUTHORIZED)
    reading = payload.read(raw, now=runtime.clock())
    accepted = take_in(runtime, reading)
    if accepted is None:
        WEBHOOKS.labels("unavailable").inc()
        return _empty(HTTPStatus.SERVICE_UNAVAILABLE)
    for name, count in accepted.counts.items():
        WEBHOOKS.labels(name).inc(count)
    if accepted.work:
        runtime.ring()
    for news in reading.accounts:
        business = next((each.business for each in runtime.numbers().values() if each.waba_id == news.waba_id), "")
        LOG.warning("account_news", business=business, field=news.field, reason=news.event)
    return _empty(HTTPStatus.OK)


def take_in(runtime: Runtime, reading: Reading) -> Accepted | None:
    """Make the reading durable; None when the database cannot take it now, and Meta must send again.

    If a part of it breaks us, that part alone is left out and counted: neighbours come through.
    """
    try:
        routes = runtime.routes()
    except Exception:
        # The fault is ours, not an item's: nothing may be left out for it.
        LOG.exception("intake_broken")
        return None
    try:
        return _durable(runtime, reading, routes)
    except Exception as error:
        if is_unavailable(error):
            LOG.warning("intake_unavailable", **reduced(error))
            return None
        LOG.exception("intake_broken")
    return _one_by_one(runtime, reading, routes)


def _durable(runtime: Runtime, reading: Reading, routes: Mapping[str, str]) -> Accepted:
    for attempt in range(TRIES):
        try:
            with runtime.db.write() as session:
                accepted = inbox.accept(session, runtime.vault, reading, routes, now=runtime.clock())
                session.commit()
                return accepted
        except Exception as error:
            if not is_unavailable(error) or runtime.db.is_sqlite or attempt + 1 == TRIES:
                raise
    raise AssertionError


def _one_by_one(runtime: Runtime, reading: Reading, routes: Mapping[str, str]) -> Accepted | None:
    whole = Accepted()
    whole.counts.update(reading.skipped)
    empty = Reading()
    parts = [
        *(replace(empty, arrivals=(each,)) for each in reading.arrivals),
        *(replace(empty, receipts=(each,)) for each in reading.receipts),
        *(replace(empty, templates=(each,)) for each in reading.templates),
    ]
    for part in parts:
        try:
            whole.counts.update(_durable(runtime, part, routes).counts)
        except Exception as error:
            if is_unavailable(error):
                return None
            LOG.exception("intake_item_broken")
            whole.counts["broken"] += 1
    return whole


def _runtime() -> Runtime:
    runtime: Runtime = current_app.extensions["lethe"]
    return runtime


def _empty(status: HTTPStatus) -> Response:
    return Response(status=status)
