"""The templates as Meta last told them: kept true by pulls and webhooks; only APPROVED is ever sent."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from bot.store.db import execute_count, insert, table
from bot.store.models import TemplateRow
from bot.wire.payload import TemplateNews
from bot.wire.render import TemplateDefinition

templates = table(TemplateRow)

STALE = "STALE"
"""A definition that changed or appeared at Meta and has not been pulled since: not sendable."""


def sync(session: Session, waba_id: str, definitions: Iterable[Mapping[str, Any]], *, now: datetime) -> int:
    """Replace what is known of the account's templates by what Meta lists; return how many there are."""
    session.execute(delete(templates).where(templates.c.waba_id == waba_id))
    count = 0
    for definition in definitions:
        values = {
            "waba_id": waba_id,
            "name": definition["name"],
            "language": definition["language"],
            "status": definition["status"],
            "category": definition.get("category", ""),
            "quality": (definition.get("quality_score") or {}).get("score", ""),
            "reason": definition.get("rejected_reason") or "",
            "definition": orjson.dumps(dict(definition)).decode(),
            "synced_at": now,
        }
        session.execute(insert(session, TemplateRow).values(values).on_conflict_do_nothing())
        count += 1
    return count


def apply(session: Session, news: TemplateNews, *, now: datetime) -> bool:
    """Follow a webhook about a template; return whether we knew it. One we did not know is noted, to be pulled.

    A changed category or quality keeps the status. Changed components make it unsendable until the next pull: what
    we would bind against is no longer what Meta has.
    """
    values: dict[str, Any] = {
        "status": {"status": _status(news.value), "reason": news.reason},
        "category": {"category": news.value},
        "quality": {"quality": news.value},
        "components": {"status": STALE},
    }[news.event]
    language = news.language.replace("-", "_")
    statement = update(templates).where(
        templates.c.waba_id == news.waba_id, templates.c.name == news.name, templates.c.language == language
    )
    known = execute_count(session, statement.values(values)) > 0
    if not known:
        stub = {"waba_id": news.waba_id, "name": news.name, "language": language, "status": STALE, "category": ""}
        row = insert(session, TemplateRow).values(**stub, definition="{}", synced_at=now)
        session.execute(row.on_conflict_do_nothing())
    return known


def _status(event: str) -> str:
    # A template that is reinstated or taken from the archive may be sent again (Meta, template status webhook).
    return "APPROVED" if event in {"REINSTATED", "UNARCHIVED"} else event


def mark(session: Session, waba_id: str, name: str, status: str) -> None:
    """Record what a refused send told about a template (paused, disabled, missing)."""
    session.execute(
        update(templates).where(templates.c.waba_id == waba_id, templates.c.name == name).values(status=status)
    )


def find(session: Session, waba_id: str, name: str, languages: Iterable[str]) -> TemplateDefinition | None:
    """Return the template in the first of the languages that has it approved, else in any state; None = unknown."""
    rows = session.execute(select(templates).where(templates.c.waba_id == waba_id, templates.c.name == name)).all()
    asked = list(languages)
    near = [row for row in rows if _nearness(row, asked) < _FAR]
    if not near:
        return None
    best = min(near, key=lambda row: (row.status != "APPROVED", _nearness(row, asked)))
    return TemplateDefinition.from_meta(
        {**orjson.loads(best.definition), "status": best.status, "category": best.category}
    )


_FAR = 99


def _nearness(row: Row[Any], languages: list[str]) -> int:
    """Rank `en`, then `en_US` for the language asked for first, then the same for the next one."""
    for place, language in enumerate(languages):
        if row.language == language:
            return 2 * place
        if row.language.split("_")[0] == language.split("_")[0]:
            return 2 * place + 1
    return _FAR


def listing(session: Session) -> list[Row[Any]]:
    """Return all templates with their states, for operators."""
    return list(session.execute(select(templates).order_by(templates.c.waba_id, templates.c.name)).all())
