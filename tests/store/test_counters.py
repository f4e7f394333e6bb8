"""Counters: sums by day and business."""

from concurrent.futures import ThreadPoolExecutor

from bot.store.counters import Count, bump, read
from bot.store.db import Database

TODAY = 20_000


def test_what_is_bumped_adds_up_by_day_business_and_name(database: Database) -> None:
    with database.write() as session:
        bump(session, TODAY, {("bakery", "sent"): 2, ("bakery", "received"): 1})
        bump(session, TODAY, {("bakery", "sent"): 3, ("clinic", "sent"): 7})
        bump(session, TODAY + 1, {("bakery", "sent"): 1})
        session.commit()

    with database.read() as session:
        assert read(session, since=TODAY, business="bakery") == [
            Count(TODAY, "bakery", "received", 1),
            Count(TODAY, "bakery", "sent", 5),
            Count(TODAY + 1, "bakery", "sent", 1),
        ]
        assert read(session, since=TODAY + 1) == [Count(TODAY + 1, "bakery", "sent", 1)]
        assert Count(TODAY, "clinic", "sent", 7) in read(session, since=TODAY)


def test_nothing_to_count_writes_no_row(database: Database) -> None:
    with database.write() as session:
        bump(session, TODAY, {})
        bump(session, TODAY, {("bakery", "sent"): 0})
        assert read(session, since=0) == []


def test_bumps_from_several_transactions_at_once_all_count(database: Database) -> None:
    def work(_: int) -> None:
        with database.write() as session:
            bump(session, TODAY, {("bakery", "sent"): 1, ("bakery", "received"): 1})
            session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(20)))

    with database.read() as session:
        assert [count.value for count in read(session, since=TODAY)] == [20, 20]
