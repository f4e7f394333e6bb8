"""For a business's own systems: ask for a message, see how it fares, tell of a consent. A token per business."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec

import orjson
from flask import Blueprint, Response, abort, jsonify, request
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.config.content import Business
from bot.doors import sends
from bot.doors.asked import ConsentAsked, SendAsked
from bot.doors.context import bearer, runtime, same
from bot.doors.idempotency import ConflictError, Once
from bot.doors.recipients import Unreadable, number_of
from bot.log import get_logger, reduced
from bot.people import consent, contacts
from bot.people.consent import Entry
from bot.runtime import Runtime
from bot.store.db import is_unavailable

P = ParamSpec("P")
Answer = tuple[Response, HTTPStatus]
LOG = get_logger(__name__)

TOKEN = "LETHE_API_TOKEN"  # noqa: S105  the variable's name
LONGEST_KEY = 255
NOT_RECORDED = "erased"
TRIES = 2
"""Of two requests with one key at the same moment, the second reads what the first was answered."""

api = Blueprint("api", __name__, url_prefix="/api")


@dataclass(frozen=True, slots=True)
class Caller:
    """The business that asks, and the key under which it asks only once."""

    here: Runtime
    business: Business
    key: str


def _answering(view: Callable[[Caller], Answer]) -> Callable[[], Answer]:
    """Let a view answer in JSON whatever happens: no token 401, bad input 400 or 422, no database 503."""

    @wraps(view)
    def wrapped() -> Answer:
        try:
            return view(_caller())
        except ValidationError as error:
            return _invalid(error)
        except ConflictError:
            wrong = "this Idempotency-Key was used before, for another request"
            return jsonify(error=wrong), HTTPStatus.CONFLICT
        except Exception as error:
            if not is_unavailable(error):
                raise
            LOG.warning("api_unavailable", **reduced(error))
            return jsonify(error="try again later"), HTTPStatus.SERVICE_UNAVAILABLE

    return wrapped


@api.post("/sends")
@_answering
def ask_send(caller: Caller) -> Answer:
    """Take a message for the gate."""
    asked = SendAsked.model_validate(_body())
    try:
        number_id = number_of(caller.here, caller.business, asked.number)
    except Unreadable as error:
        return jsonify(error="invalid", fields={"number": str(error)}), HTTPStatus.UNPROCESSABLE_ENTITY
    wish = sends.Wish(
        to=asked.identity,
        number_id=number_id,
        template=asked.template,
        parameters=asked.parameters,
        purpose=asked.purpose,
        language=asked.language or "",
    )

    def stage(session: Session, now: datetime) -> str:
        return sends.accept(session, caller.here.vault, caller.business, wish, key=caller.key, now=now)

    ref = _once(caller.here, stage)
    caller.here.ring()
    with caller.here.db.read() as session:
        state = sends.state(session, caller.here.vault, caller.business, ref) or {}
    return jsonify(id=ref, state=state.get("state", "queued")), HTTPStatus.ACCEPTED


@api.get("/sends/<ref>")
def tell_send(ref: str) -> Answer:
    """Tell how a message of this business fares; another's is as unknown as none."""

    @_answering
    def tell(caller: Caller) -> Answer:
        with caller.here.db.read() as session:
            state = sends.state(session, caller.here.vault, caller.business, ref)
        return (jsonify(error="unknown"), HTTPStatus.NOT_FOUND) if state is None else (jsonify(state), HTTPStatus.OK)

    return tell()


@api.post("/consents")
@_answering
def tell_consent(caller: Caller) -> Answer:
    """Write a line into the ledger; of somebody who was erased nothing is written."""
    asked = ConsentAsked.model_validate(_body())
    here, business = caller.here, caller.business
    once = Once(here.vault, business.id, caller.key, asked.model_dump(mode="json") | {"consent": True})
    entry = Entry(
        purpose=asked.purpose,
        granted=asked.granted,
        source=asked.source,
        at=asked.at,
        wording=asked.wording,
        proof=asked.proof,
        policy_version=business.policy.version,
    )

    def record(session: Session, now: datetime) -> str:
        if known := once.answer(session):
            return known
        found = contacts.resolve(session, here.vault, business.id, [asked.identity], now=now)[0]
        ref = NOT_RECORDED
        if found.contact_id is not None:
            ref = consent.record(session, here.vault, found.contact_id, business.id, entry, now=now)
        once.remember(session, ref, now=now)
        return ref

    ref = _once(here, record)
    if ref == NOT_RECORDED:
        return jsonify(id=None, recorded=False, reason="erased"), HTTPStatus.CREATED
    return jsonify(id=ref, recorded=True), HTTPStatus.CREATED


def _once(here: Runtime, write: Callable[[Session, datetime], str]) -> str:
    """Run the writing transaction; when another one took the key in this moment, answer as that one was."""
    for attempt in range(TRIES):
        try:
            with here.db.write() as session:
                ref = write(session, here.clock())
                session.commit()
                return ref
        except IntegrityError:
            if attempt + 1 == TRIES:
                raise
    raise AssertionError


def _caller() -> Caller:
    here, given = runtime(), bearer()
    businesses = here.content().businesses
    # Every business is compared, so that the time says nothing about which one it was.
    mine = [each for each in businesses.values() if sum(same(given, token) for token in _tokens(here, each))]
    if not mine:
        abort(_refusal({"error": "a Bearer token of a business is needed"}, HTTPStatus.UNAUTHORIZED))
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY:
        abort(_refusal({"error": "the Idempotency-Key is too long"}, HTTPStatus.BAD_REQUEST))
    return Caller(here, mine[0], key)


def _tokens(here: Runtime, business: Business) -> list[str | None]:
    own = here.settings.variable(f"{TOKEN}_{business.id.upper()}")
    alone = len(here.content().businesses) == 1
    return [own, here.settings.variable(TOKEN) if alone else None]


def _body() -> Mapping[str, Any]:
    try:
        body = orjson.loads(request.get_data(cache=False))
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        abort(_refusal({"error": "the body must be a JSON object"}, HTTPStatus.BAD_REQUEST))
    return body


def _invalid(error: ValidationError) -> Answer:
    """Name the fields and what would be right; never what was written."""
    fields = {
        ".".join(map(str, each["loc"])) or "to": each["msg"].removeprefix("Value error, ")
        for each in error.errors(include_url=False, include_input=False, include_context=False)
    }
    return jsonify(error="invalid", fields=fields), HTTPStatus.UNPROCESSABLE_ENTITY


def _refusal(body: Mapping[str, Any], status: HTTPStatus) -> Response:
    response = jsonify(body)
    response.status_code = status
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
