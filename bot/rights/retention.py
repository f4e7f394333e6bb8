"""Retention: what has reached the end of its period goes, in small batches; the periods stand in the policy alone."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from bot.config.policy import Policy
from bot.conversation.words import Store
from bot.delivery.outbox import TERMINAL, outbox
from bot.people.reach import people
from bot.people.standing import standings
from bot.rights import envelopes, holdings
from bot.rights.holdings import answers, events
from bot.store.columns import EPOCH
from bot.store.db import execute_count, table
from bot.store.models import (
    TABLES,
    ApiKey,
    ConsentEntry,
    FormAnswer,
    HandOver,
    InboundEvent,
    JournalEntry,
    Lifting,
    OpenForm,
    OutboxMessage,
    ReceiptRow,
    Seen,
    SubjectRequest,
    Suppression,
    TemplateRow,
    Window,
)
from bot.store.models import (
    Counter as DayCounter,
)

BATCH = 1000
"""Rows of a table that one run takes at most; the next run takes more."""

UNSTORED_WITHIN = timedelta(hours=1)
"""The longest that a text which is not to be stored waits for the receipt of its answer (Meta may never send one)."""

AGED_BY: Mapping[type[SQLModel], str] = {
    ApiKey: "at",
    ConsentEntry: "recorded_at",
    DayCounter: "day",
    FormAnswer: "at",
    HandOver: "until",
    InboundEvent: "received_at",
    JournalEntry: "at",
    Lifting: "at",
    OpenForm: "until",
    OutboxMessage: "due_at",
    ReceiptRow: "received_at",
    Seen: "day",
    SubjectRequest: "received_at",
    Suppression: "since",
    TemplateRow: "synced_at",
    Window: "last_inbound_at",
}
"""The column that says how old a row is; tables that are not here go with the contact, or hold nothing that ages."""

TEXTS: Mapping[type[SQLModel], tuple[str, ...]] = {InboundEvent: ("body",), OutboxMessage: ("body", "outside")}
"""Columns that go when the table's own class ends; the rest of the row is metadata and goes with that class."""

LAPSED_FOR = timedelta(days=1)
"""So long a form that was not finished is kept after its time, so that who comes back is told; then all of it goes."""

METADATA = "metadata"
open_forms = table(OpenForm)
CLASS_OF = {table(model).name: model.keeping.retention for model in TABLES}


Part = tuple[str, Callable[[Session], int]]
"""A part of a purge: the table, and what deletes there and returns how many rows."""


def parts(*, now: datetime, policies: Mapping[str, Policy]) -> list[Part]:
    """Return the purge in parts; each can have a transaction of its own, so that intake never waits for them all."""
    if not policies:
        return []
    by = partial(partial, policies=policies, now=now)
    return [
        *((table(model).name, by(_age_out, model=model)) for model in AGED_BY),
        *((f"{table(model).name}.body", by(_drop_texts, model=model, texts=texts)) for model, texts in TEXTS.items()),
        ("inbound_events.body", partial(_drop_unstored, now=now)),
        ("inbound_events", by(_drop_nobodys)),
        ("open_forms", partial(_drop_lapsed, now=now)),
        ("contacts", by(_drop_idle)),
        ("envelopes", partial(_burn_served, now=now)),
    ]


def purge(session: Session, *, now: datetime, policies: Mapping[str, Policy]) -> Counter[str]:
    """Delete what is too old by its business's policy and return how many rows, by table."""
    gone: Counter[str] = Counter()
    for name, part in parts(now=now, policies=policies):
        gone[name] += part(session)
    return +gone


def _burn_served(session: Session, *, now: datetime) -> int:
    served = envelopes.answered(session, now=now)
    envelopes.burn(session, served)
    return len(served)


def _cutoffs(
    each: Table, data_class: str, policies: Mapping[str, Policy], *, now: datetime
) -> Iterator[tuple[list[ColumnElement[bool]], datetime, str]]:
    """Yield which rows share a period, the moment before which they are too old, and what is done with them.

    Rows of a business that is not served any more go by the shortest period there is; rows that do not say whose
    they are (keyed hashes, days) by the longest. A class that a policy does not name goes by the table's own.
    """
    own = CLASS_OF[each.name]
    periods = {business: policy.period_of(data_class, own) for business, policy in policies.items()}
    lasts = [period.lasts for period in periods.values()]
    if "business" not in each.c:
        yield [], now - max(lasts), "delete"
        return
    for period in set(periods.values()):
        mine = [business for business, other in periods.items() if other == period]
        yield [each.c.business.in_(mine)], now - period.lasts, period.action
    yield [each.c.business.not_in(list(periods))], now - min(lasts), "delete"


def _age_out(session: Session, model: type[SQLModel], policies: Mapping[str, Policy], *, now: datetime) -> int:
    each, column, gone = table(model), AGED_BY[model], 0
    for data_class, its in _classes(session, model):
        for mine, cutoff, action in _cutoffs(each, data_class, policies, now=now):
            aged = each.c[column] < ((cutoff - EPOCH).days if column == "day" else cutoff)
            old = [*its, *mine, aged, *_closed(each)]
            if action == "anonymise" and "contact_id" in each.c and each.c.contact_id.nullable:
                old.append(each.c.contact_id.is_not(None))
                gone += execute_count(session, update(each).where(_some(each, old)).values(contact_id=None))
            elif action == "delete" or "data_class" in each.c:
                gone += execute_count(session, delete(each).where(_some(each, old)))
    return gone


def _classes(session: Session, model: type[SQLModel]) -> Iterator[tuple[str, list[ColumnElement[bool]]]]:
    """Yield the classes of data in a table, each with which rows are of it: rows of some tables say it themselves."""
    each = table(model)
    if "data_class" in each.c:
        for data_class in session.execute(select(each.c.data_class).distinct()).scalars().all():
            yield data_class, [each.c.data_class == data_class]
    else:
        yield METADATA if model in TEXTS else CLASS_OF[each.name], []


def _drop_lapsed(session: Session, *, now: datetime) -> int:
    """Drop forms that nobody goes on with, and the answers in them."""
    lapsed = select(open_forms.c.run).where(open_forms.c.until < now - LAPSED_FOR).limit(BATCH)
    runs = session.execute(lapsed).scalars().all()
    if not runs:
        return 0
    session.execute(delete(answers).where(answers.c.run.in_(runs)))
    return execute_count(session, delete(open_forms).where(open_forms.c.run.in_(runs)))


def _closed(each: Table) -> list[ColumnElement[bool]]:
    """Keep a request until it is through, however long that takes."""
    return [each.c.step == ""] if "step" in each.c else []


def _some(each: Table, which: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return the condition for a batch of these rows."""
    key = list(each.primary_key.columns)
    return tuple_(*key).in_(select(*key).where(*which).order_by(*key).limit(BATCH))


def _drop_texts(
    session: Session, model: type[SQLModel], texts: tuple[str, ...], policies: Mapping[str, Policy], *, now: datetime
) -> int:
    each, gone = table(model), 0
    held = or_(*(each.c[text].is_not(None) for text in texts))
    for mine, cutoff, _ in _cutoffs(each, CLASS_OF[each.name], policies, now=now):
        old = [*mine, each.c[AGED_BY[model]] < cutoff, held]
        values: dict[Any, Any] = dict.fromkeys(texts)
        gone += execute_count(session, update(each).where(_some(each, old)).values(values))
    return gone


def _drop_unstored(session: Session, *, now: datetime) -> int:
    """Drop texts that were not to be stored once their answer is settled, or its receipt is overdue."""
    waits = exists().where(outbox.c.event_id == events.c.id, outbox.c.state.not_in(TERMINAL))
    over = or_(events.c.handled_at < now - UNSTORED_WITHIN, ~waits)
    old = [events.c.store == Store.NONE, events.c.state != "new", events.c.body.is_not(None), over]
    return execute_count(session, update(events).where(_some(events, old)).values(body=None))


def _drop_nobodys(session: Session, policies: Mapping[str, Policy], *, now: datetime) -> int:
    """Drop messages of the erased that no turn took: they were never to be stored."""
    gone = 0
    for mine, cutoff, _ in _cutoffs(events, "envelope", policies, now=now):
        old = [*mine, events.c.contact_id.is_(None), events.c.received_at < cutoff]
        gone += execute_count(session, delete(events).where(_some(events, old)))
    return gone


def _drop_idle(session: Session, policies: Mapping[str, Policy], *, now: datetime) -> int:
    """Drop contacts that nothing has happened with for the period of their metadata; a hold keeps them longer."""
    gone = 0
    for mine, cutoff, _ in _cutoffs(people, METADATA, policies, now=now):
        quiet = and_(
            func.coalesce(people.c.last_inbound_at, people.c.created_at) < cutoff, people.c.created_at < cutoff
        )
        sent = exists().where(outbox.c.contact_id == people.c.id)
        held = exists().where(standings.c.contact_id == people.c.id, standings.c.held_until > now)
        idle = select(people.c.id).where(*mine, quiet, ~sent, ~held).order_by(people.c.id).limit(BATCH // 10)
        for contact_id in session.execute(idle).scalars().all():
            holdings.purge(session, contact_id, spared=("consent", "requests"))
            gone += 1
    return gone
