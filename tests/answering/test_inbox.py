import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.answering.turns import events
from bot.conversation.events import Event, Kind
from bot.people.windows import windows
from bot.store.db import Database, table
from bot.store.models import TABLES, Contact, ReceiptRow
from bot.store.vault import Vault
from bot.wire.payload import Arrival, Status
from tests.support.making import ALICE, BOB, CAROL, MINUTE, NOW, NUMBER, receipt, said, take_in


def count(database: Database, *what: type) -> list[int]:
    with database.read() as session:
        return [session.execute(select(func.count()).select_from(table(each))).scalar_one() for each in what]


def test_it_takes_everything_in_order(database: Database, vault: Vault):
    accepted = take_in(database, vault, said(ALICE, "one"), said(BOB, "two"), said(ALICE, "three"), said(CAROL, "four"))

    with database.read() as session:
        rows = session.execute(select(events).order_by(events.c.id)).all()
    assert accepted.counts["event"] == 4
    assert [row.contact_id for row in rows].count(rows[0].contact_id) == 2
    assert rows[0].contact_id == rows[2].contact_id
    assert len({row.contact_id for row in rows}) == 3
    assert count(database, Contact) == [3]


@pytest.mark.laws
def test_the_same_event_is_taken_once(database: Database, vault: Vault):
    arrival = said(ALICE, "hi", wamid="wamid.X")

    again = [take_in(database, vault, arrival, arrival).counts["duplicate"] for _ in range(3)]

    assert again == [1, 2, 2]
    with database.read() as session:
        assert session.execute(select(func.count()).select_from(events)).scalar_one() == 1


@pytest.mark.laws
def test_copies_that_come_at_the_same_moment_are_taken_once(database: Database, vault: Vault):
    arrivals = [said(ALICE, "hi", wamid="wamid.X"), said(CAROL, "ho", wamid="wamid.Y")]
    start = threading.Barrier(8)
    results: list[int] = []

    def post() -> None:
        start.wait()
        results.append(take_in(database, vault, *arrivals).counts["event"])

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == [0] * 7 + [2]
    assert count(database, Contact) == [2]


def test_an_unknown_number_is_counted_and_nothing_is_kept(database: Database, vault: Vault):
    stranger = Arrival(number_id="999", wamid="w", sender=ALICE, event=Event(kind=Kind.TEXT, at=NOW, text="hi"))

    accepted = take_in(database, vault, stranger)

    assert accepted.counts["unknown_number"] == 1
    assert not accepted.work
    assert count(database, Contact) == [0]


def test_an_echo_of_the_phone_app_is_not_kept(database: Database, vault: Vault):
    echo = Arrival(number_id=NUMBER, wamid="w", sender=ALICE, event=Event(kind=Kind.ECHO, at=NOW, text="hi"))

    assert take_in(database, vault, echo).counts["not_kept"] == 1
    assert count(database, Contact) == [0]


def test_the_window_goes_by_the_latest_timestamp_of_meta(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "late", at=NOW - MINUTE), said(ALICE, "early", at=NOW - 5 * MINUTE))
    take_in(database, vault, said(ALICE, "earliest", at=NOW - timedelta(hours=3)))

    with database.read() as session:
        assert session.execute(select(windows.c.last_inbound_at)).scalars().all() == [NOW - MINUTE]


def test_a_reaction_opens_no_window(database: Database, vault: Vault):
    reaction = Arrival(number_id=NUMBER, wamid="w", sender=ALICE, event=Event(kind=Kind.REACTION, at=NOW, value="+"))

    take_in(database, vault, reaction)

    with database.read() as session:
        assert session.execute(select(windows)).first() is None


def test_a_message_taken_back_is_blanked(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "oops", wamid="wamid.X"))
    revoke = Arrival(
        number_id=NUMBER, wamid="wamid.R", sender=ALICE, event=Event(kind=Kind.REVOKE, at=NOW), target="wamid.X"
    )

    take_in(database, vault, revoke)

    with database.read() as session:
        (row,) = session.execute(select(events)).all()
    assert (row.body, row.state, row.rule) == (None, "done", "revoked")


@pytest.mark.laws
def test_nothing_of_a_person_lies_in_clear(database: Database, vault: Vault):
    arrival = said(ALICE, "canary text", wamid="wamid.HBgMNDQ3NzAwOTAwMDAx")
    take_in(database, vault, arrival, receipts=[receipt("ref", Status.SENT, wamid=arrival.wamid)])

    with database.read() as session:
        dump = repr([session.execute(select(table(each))).all() for each in TABLES])
    for secret in ("447700900001", "GB.1000", "Alice", "canary", "wamid", "HBgMNDQ3"):
        assert secret not in dump


def test_receipts_are_noted(database: Database, vault: Vault):
    take_in(database, vault, receipts=[receipt("a", Status.SENT), receipt("b", Status.FAILED, code=131026)])

    assert count(database, ReceiptRow) == [2]
