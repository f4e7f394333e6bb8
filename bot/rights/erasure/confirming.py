"""The one message that says the erasure is done, sent from the envelope."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.config.content import Business
from bot.conversation.replies import Choice, Phrase, Say
from bot.conversation.words import Purpose
from bot.delivery.outbox import Draft, stage
from bot.rights import envelopes
from bot.rights.envelopes import ANSWERED_WITHIN, Opened
from bot.rights.erasure.states import AT_META, HOLD
from bot.store.models import TABLES
from bot.wire import render

RULE = "privacy.delete"

CLASS_OF = {str(model.__tablename__): model.keeping.retention for model in TABLES} | {
    "wal": "content",
    "files": "exports",
    "redis": "queue",
    HOLD: "content",
}
"""The class of data, as the notice calls it, that lies in a store."""


def confirm(
    session: Session,
    row: Row[Any],
    envelope: Opened,
    business: Business,
    link: Callable[[str], str],
    *,
    now: datetime,
) -> datetime:
    """Stage the confirmation and return when the envelope dies, whether or not a receipt came."""
    language, code = envelope.content.language, envelope.content.code
    values = {"code": code, "link": link(code)}
    phrase = Phrase("rights.erasure_done", values)
    if row.reason:
        phrase = Phrase("rights.erasure_partly", {**values, "reason": _reason(row, business, language)})
    start = Choice(id="privacy:start", title=Phrase("button.start"))

    def say(phrase: Phrase) -> str:
        return business.text(phrase, language, now.astimezone(business.zone))

    draft = Draft(
        business=business.id,
        number_id=envelope.number_id,
        purpose=Purpose.RIGHTS,
        source="rights",
        body=render.body(Say(text=phrase, choices=(start,)), say),
        rule=RULE,
        language=language,
        lasts=ANSWERED_WITHIN,
    )
    stage(session, envelope.to, draft, now=now)
    dies_at = min(now + ANSWERED_WITHIN, envelope.dies_at)
    envelopes.change(session, envelope, envelope.content, dies_at=dies_at)
    return dies_at


def _reason(row: Row[Any], business: Business, language: str) -> str:
    """Name what stays, and until when if that is known."""
    key = "privacy.page.status_at_meta" if row.reason == AT_META else f"data.{CLASS_OF[row.reason]}"
    named = business.catalogue.text(Phrase(key), language)
    return f"{named} ({row.held_until.date().isoformat()})" if row.held_until else named
