"""The one seam to the simulator: its clock, and what is stored about a person. Only in demo mode, on loopback."""

import http.client
import threading
import time
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Flask, Response, abort, jsonify, request
from sqlalchemy import Row, Table, func, select
from sqlalchemy.orm import Session

from bot.config.addresses import on_loopback
from bot.delivery import window
from bot.delivery.outbox import outbox
from bot.doors.context import runtime
from bot.people import contacts, standing, suppression
from bot.people.identity import known_by
from bot.runtime import Runtime, utc_now
from bot.store.columns import Holds
from bot.store.db import table
from bot.store.models import TABLES, Contact, Window
from bot.wire.payload import Identity

ASK_EVERY = 0.25
"""Seconds for which the simulator's offset is believed."""
PATIENCE = 1.0

WORDS = {
    Holds.KEY: "a wrapped key",
    Holds.HASH: "keyed hashes",
    Holds.STATE: "states",
    Holds.TIME: "times",
}
"""What a table holds beside sealed values and random ids, as the demo calls it."""

people, windows = table(Contact), table(Window)
demo = Blueprint("demo", __name__, url_prefix="/demo")


def open_demo(app: Flask, made: Runtime) -> None:
    """Register these pages, if this is a demo and the other side is the simulator on this very machine."""
    if made.settings.demo and on_loopback(made.settings.graph_url):
        app.register_blueprint(demo)


class DemoClock:
    """The machine's clock plus the simulator's offset; called like any clock of the doors."""

    def __init__(self, graph_url: str) -> None:
        """Take the Graph URL; the simulator answers at its root."""
        parts = urlsplit(graph_url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=PATIENCE)
        self._offset = timedelta()
        self._asked_at = float("-inf")
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """Return the moment in the simulator's world (UTC)."""
        if time.monotonic() - self._asked_at >= ASK_EVERY and self._lock.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._lock.release()
        return utc_now() + self._offset

    def _ask(self) -> None:
        """Ask for the offset; a simulator that does not answer leaves the last one, for time never goes back."""
        try:
            self._connection.request("GET", "/sim/clock")
            answer = orjson.loads(self._connection.getresponse().read())
            self._offset = max(self._offset, timedelta(seconds=float(answer["offset_seconds"])))
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            self._connection.close()
        self._asked_at = time.monotonic()


@demo.get("/message/<ref>")
def message(ref: str) -> Response:
    """Tell why a message went as it did."""
    with runtime().db.read() as session:
        row = session.execute(select(outbox).where(outbox.c.ref == ref)).first()
    if row is None:
        abort(HTTPStatus.NOT_FOUND)
    return jsonify(
        ref=row.ref,
        rule=row.rule,
        language=row.language,
        verdict=_verdict(row),
        reason=row.reason,
        purpose=row.purpose,
        store=row.store,
        state=row.state,
        kind=row.kind,
        price={"type": row.price, "category": row.category},
    )


def _verdict(row: Row[Any]) -> str:
    if row.state in {"blocked", "expired"}:
        return "refuse"
    return "wait" if row.state == "queued" and row.reason else "send"


@demo.get("/person")
def person() -> Response:
    """Tell what is held about a person, store by store: counted, never shown."""
    here = runtime()
    number = here.number(request.args.get("number_id", ""))
    if number is None:
        abort(HTTPStatus.NOT_FOUND)
    who = Identity(phone=request.args.get("phone") or None, bsuid=request.args.get("user_id") or None)
    with here.db.read() as session:
        contact_id = contacts.find(session, here.vault, number.business, phone=who.phone, bsuid=who.bsuid)
        hashes = [each for known in known_by(here.vault, number.business, who) for each in known.all_hashes]
        held = _held(session, contact_id) if contact_id else []
        row = session.execute(select(people).where(people.c.id == contact_id)).first()
        last = session.execute(
            select(windows.c.last_inbound_at).where(
                windows.c.contact_id == contact_id, windows.c.number_id == number.number_id
            )
        ).scalar()
        stands = _standing(session, contact_id, hashes, now=here.clock())
    return jsonify(
        held=held,
        total=sum(each["rows"] for each in held),
        standing=stands,
        language=row.language if row else None,
        window_until=window.closes_at(last).isoformat() if last else None,
    )


def _held(session: Session, contact_id: str) -> list[dict[str, Any]]:
    """Count the rows of the person in every table that can have any (law 6's registry)."""
    held = []
    for model in TABLES:
        rows = table(model)
        mine = rows.c.id if rows is people else rows.c.get("contact_id")
        if mine is None:
            continue
        count = session.execute(select(func.count()).where(mine == contact_id)).scalar_one()
        if count:
            held.append({"store": rows.name, "rows": count, "what": _what(rows)})
    return held


def _what(rows: Table) -> str:
    sealed = [column.name for column in rows.c if column.info["holds"] is Holds.SEALED]
    others = [word for holds, word in WORDS.items() if any(column.info["holds"] is holds for column in rows.c)]
    return ", ".join(([f"sealed {' and '.join(sealed)}"] if sealed else []) + others)


def _standing(session: Session, contact_id: str | None, hashes: list[str], *, now: datetime) -> list[str]:
    scopes = sorted(f"opted out: {scope}" for scope in suppression.of_hashes(session, hashes))
    view = standing.of_contacts(session, [contact_id] if contact_id else []).get(contact_id or "")
    if view and view.handed_over_until and now < view.handed_over_until:
        scopes.append("a person of the business has the conversation")
    if view and view.restricted:
        scopes.append("restricted")
    return scopes
