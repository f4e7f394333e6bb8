"""Transactions that touch the same rows take them in one order: on PostgreSQL they wait, and never crosswise."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier, Event

import pytest
from sqlalchemy import text, update

from bot.answering import answer, turns
from bot.answering.desk import Desk
from bot.conversation import events
from bot.conversation.effects import Action, OptOut
from bot.conversation.words import Scope
from bot.delivery import receipts, sending
from bot.delivery.outbox import outbox
from bot.delivery.sending import Claimed, Posted
from bot.people import suppression, windows
from bot.store.db import Database
from bot.store.lanes import LANES
from bot.store.vault import Vault
from bot.wire.cloud import Accepted
from bot.wire.payload import Identity, Status
from tests.support.making import (
    ALICE,
    BOB,
    BUSINESS,
    CAROL,
    NOW,
    NUMBER,
    WABAS,
    contact,
    desks,
    receipt,
    said,
    stage,
    take_in,
)  # fmt: skip

pytestmark = pytest.mark.postgres

ROUNDS = 6
AT_ONCE = 64
PATIENCE = 5.0
BLOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    """Give a PostgreSQL database with all tables and no rows."""
    database = Database(postgres_url)
    yield database
    database.close()


def at_once(*calls: Callable[[], object]) -> None:
    """Do them at the same time; raises what one of them raised."""
    with ThreadPoolExecutor(len(calls)) as pool:
        runs = [pool.submit(call) for call in calls]
    for run in runs:
        run.result()


def until_somebody_waits(database: Database) -> None:
    """Wait until a transaction waits for a row of another one."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with database.read() as session:
            if session.execute(BLOCKED).scalar_one():
                return
    pytest.fail("nobody waits")


def claimed_again(database: Database, vault: Vault) -> list[Claimed]:
    """Claim every message, as if none had ever gone."""
    with database.write() as session:
        session.execute(update(outbox).values(state="queued", attempt=0, wamid_hash=None, lease_until=None))
        claimed, _ = sending.claim(session, vault, range(LANES), WABAS, now=NOW)
        session.commit()
    return claimed


def test_the_record_of_posts_and_the_merge_of_their_receipts(database: Database, vault: Vault):
    with database.write() as session:
        for number in range(AT_ONCE):
            to = contact(session, vault, Identity(phone=f"4477009{number:05}", bsuid=f"GB.{number:020}"))
            windows.open_windows(session, {(str(to.contact_id), NUMBER): NOW})
            stage(session, to)
        session.commit()
    together = Barrier(2, timeout=PATIENCE)

    def record(claimed: Sequence[Claimed]) -> None:
        landed = [Posted(each, accepted=Accepted(wamid=f"wamid.{each.id}")) for each in reversed(claimed)]
        with database.write() as session:
            together.wait()
            sending.record(session, vault, landed, WABAS, now=NOW)
            session.commit()

    def merge() -> None:
        with database.write() as session:
            together.wait()
            receipts.merge(session, now=NOW)
            session.commit()

    for _ in range(ROUNDS):
        claimed = claimed_again(database, vault)
        assert len(claimed) == AT_ONCE
        take_in(database, vault, receipts=[receipt(each.ref, Status.SENT) for each in claimed])
        at_once(partial(record, claimed), merge)


def test_answers_and_the_intake_of_a_new_name(database: Database, vault: Vault):
    """Answers write to the journal, then to Bob; intake writes Bob's new name, then to the journal for Carol."""
    with database.write() as session:
        carol = contact(session, vault, CAROL).contact_id
        suppression.suppress(session, vault, BUSINESS, Scope.ALL, since=NOW, now=NOW, contact_id=carol)
        session.commit()
    take_in(database, vault, said(ALICE, "stop"), said(BOB, "hi"))
    stopped = Event()

    def handler(event: events.Event, _view: object) -> list[Action]:
        if event.text == "stop":
            return [OptOut(Scope.ALL, "stop")]
        stopped.set()
        until_somebody_waits(database)
        return []

    def answers() -> None:
        desk = Desk(desks()[BUSINESS].business, [handler], "https://bot.example")
        with database.write() as session:
            rows = turns.take(session, range(LANES))
            session.commit()
        with database.write() as session:
            answered = answer.answer(session, vault, {BUSINESS: desk}, rows, now=NOW)
            session.commit()
        assert not answered.counts[BUSINESS, "turn_broken"]

    def intake() -> None:
        assert stopped.wait(PATIENCE)
        renamed, known = replace(BOB, name="Robert"), replace(CAROL, phone="447700900555")
        take_in(database, vault, said(renamed, "hi"), said(known, "hi"))

    at_once(answers, intake)
