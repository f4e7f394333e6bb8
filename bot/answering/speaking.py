"""From replies to the outbox: words chosen, bubbles merged, the notice added, staged."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.answering.desk import Desk
from bot.answering.effects import Said, Turn
from bot.answering.merging import Bubble, merged, suffixed
from bot.conversation.effects import Later
from bot.conversation.replies import Phrase, Reply, Template
from bot.conversation.words import Purpose, Store
from bot.delivery import outbox
from bot.delivery.outbox import Draft, To
from bot.wire import render


def speak(session: Session, turn: Turn, said: Said) -> Store:
    """Stage what was said, as few messages as it takes; return how long the event's own text is to be kept."""
    bubbles = merged([bubble(turn.desk, reply, turn.language, now=turn.now) for reply in said.replies])
    for each in _with_notice(bubbles, turn):
        outbox.stage(session, _to(turn), draft(turn.desk, turn.row, each, turn.language), now=turn.now)
    for later in said.later:
        outbox.stage(session, _to(turn), _later(turn, later), now=turn.now)
        turn.person.follow_ups = True
    return Store.NONE if any(each.store is Store.NONE for each in bubbles) else Store.KEEP


def bubble(desk: Desk, reply: Reply, language: str, *, now: datetime) -> Bubble:
    """Return the reply in the words of the language."""

    def say(phrase: Phrase) -> str:
        return desk.say(phrase, language, now=now)

    body = render.body(reply.message, say)
    return Bubble(body=body, purpose=reply.purpose, rule=reply.rule, store=reply.store, outside=reply.outside)


def _with_notice(bubbles: list[Bubble], turn: Turn) -> list[Bubble]:
    """Put the notice of the first contact into the first answer that has room for it: a line, not a message."""
    business, person = turn.desk.business, turn.person
    version = business.policy.version
    if not business.policy.first_contact_notice or person.notice == version:
        return bubbles
    for place, each in enumerate(bubbles):
        values = {"business": business.name, "link": turn.desk.notice_link}
        line = turn.desk.say(Phrase("notice.first_contact", values), turn.language, now=turn.now)
        body = suffixed(each.body, line) if each.purpose is Purpose.REPLY else None
        if body is not None:
            person.notice = version
            return [*bubbles[:place], each.with_body(body), *bubbles[place + 1 :]]
    return bubbles


def _to(turn: Turn) -> To:
    person = turn.person
    return To(contact_id=person.contact_id, epoch=person.epoch, lane=person.lane, key=person.key)


def draft(desk: Desk, row: Row[Any], each: Bubble, language: str) -> Draft:
    """Return the bubble as an answer to the event."""
    return Draft(
        business=row.business,
        number_id=row.number_id,
        purpose=each.purpose,
        source="answer",
        body=each.body,
        outside=outside(desk, each.outside, language),
        rule=each.rule,
        language=language,
        store=each.store,
        event_id=row.id if row.contact_id else None,
    )


def _later(turn: Turn, later: Later) -> Draft:
    each = bubble(turn.desk, later.reply, turn.language, now=turn.now)
    return replace(
        draft(turn.desk, turn.row, each, turn.language),
        purpose=later.purpose,
        source="follow_up",
        due_at=turn.now + later.after,
        follow_up="" if later.stays else later.id,  # what is named so goes when the person writes
    )


def outside(desk: Desk, template: Template | None, language: str) -> dict[str, Any] | None:
    """Return the template for outside the window as the outbox keeps it, with the languages it may go in."""
    if template is None:
        return None
    languages = list(dict.fromkeys((language, desk.business.language)))
    return {"name": template.name, "values": dict(template.values), "languages": languages}
