"""The form that a contact is in the middle of: read for her turn, carried on by what the handlers ask for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from bot.conversation.effects import FormEffect
from bot.conversation.events import Media
from bot.conversation.forms import AskQuestion, CloseForm, FormView, KeepAnswer
from bot.store.db import insert, table
from bot.store.models import FormAnswer, OpenForm
from bot.store.vault import Key, random_id

open_forms = table(OpenForm)
answers = table(FormAnswer)


def of_contacts(session: Session, keys: Mapping[str, Key]) -> dict[str, FormView]:
    """Return the open form of each contact that has one; `keys` are those of all that are asked for."""
    opened = session.execute(select(open_forms).where(open_forms.c.contact_id.in_(keys))).all()
    if not opened:
        return {}
    given = _answers(session, opened, keys)
    return {
        row.contact_id: FormView(
            form=row.form, question=row.question, until=row.until, answers=given[row.run], tries=row.tries
        )
        for row in opened
    }


def carry_out(session: Session, effect: FormEffect, contact_id: str, business: str, key: Key, *, now: datetime) -> None:
    """Open, carry on or close the contact's form."""
    match effect:
        case AskQuestion():
            _ask(session, effect, contact_id, business, now=now)
        case KeepAnswer():
            _keep(session, effect, contact_id, business, key, now=now)
        case CloseForm():
            _close(session, effect, contact_id)


def _ask(session: Session, effect: AskQuestion, contact_id: str, business: str, *, now: datetime) -> None:
    mine = _open_form(session, contact_id)
    if mine is not None and (mine.form != effect.form or mine.until <= now):
        _drop(session, mine, frozenset())
        mine = None
    values = {
        "business": business,
        "run": mine.run if mine is not None else random_id(),
        "form": effect.form,
        "question": effect.question,
        "tries": effect.tries,
        "until": now + effect.lasts,
    }
    statement = insert(session, OpenForm).values(contact_id=contact_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["contact_id"], set_=values))


def _keep(session: Session, effect: KeepAnswer, contact_id: str, business: str, key: Key, *, now: datetime) -> None:
    """Keep the answer in place of an earlier one; without an open form there is nothing that it belongs to."""
    mine = _open_form(session, contact_id)
    if mine is None or mine.form != effect.form:
        return
    same = (answers.c.contact_id == contact_id, answers.c.run == mine.run, answers.c.question == effect.question)
    session.execute(delete(answers).where(*same))
    ref = random_id()
    row = {
        "ref": ref,
        "business": business,
        "contact_id": contact_id,
        "run": mine.run,
        "form": effect.form,
        "question": effect.question,
        "data_class": effect.keep,
        "at": now,
        "body": key.seal_json(_packed(effect.value, effect.media), bound(ref)),
    }
    session.execute(insert(session, FormAnswer).values(row))


def _close(session: Session, effect: CloseForm, contact_id: str) -> None:
    mine = _open_form(session, contact_id)
    if mine is not None and mine.form == effect.form:
        _drop(session, mine, effect.answered)
        session.execute(delete(open_forms).where(open_forms.c.contact_id == contact_id))


def _drop(session: Session, mine: Row[Any], kept: Collection[str]) -> None:
    """Delete the answers of this filling but for those that are kept."""
    its = (answers.c.contact_id == mine.contact_id, answers.c.run == mine.run, answers.c.question.not_in(list(kept)))
    session.execute(delete(answers).where(*its))


def _open_form(session: Session, contact_id: str) -> Row[Any] | None:
    return session.execute(select(open_forms).where(open_forms.c.contact_id == contact_id)).one_or_none()


def _answers(session: Session, opened: Sequence[Row[Any]], keys: Mapping[str, Key]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {row.run: {} for row in opened}
    mine = (answers.c.contact_id.in_([row.contact_id for row in opened]), answers.c.run.in_(found))
    for row in session.execute(select(answers).where(*mine)):
        found[row.run][row.question] = keys[row.contact_id].open_json(row.body, bound(row.ref))["value"]
    return found


def _packed(value: str, media: Media | None) -> dict[str, Any]:
    if media is None:
        return {"value": value}
    return {"value": value, "media": {each.name: getattr(media, each.name) for each in fields(media)}}


def bound(ref: str) -> str:
    """Return what the sealed body of an answer is bound to."""
    return f"form_answers.body.{ref}"
