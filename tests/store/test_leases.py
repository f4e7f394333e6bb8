"""Leases: one holder at a time, by the database's clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.store import leases
from bot.store.db import Database
from bot.store.models import Lease

LONG = timedelta(minutes=5)
OVER = timedelta(seconds=-1)


def take(database: Database, names: list[str], holder: str, lasts: timedelta = LONG) -> list[str]:
    with database.write() as session:
        taken = leases.take(session, names, holder, lasts)
        session.commit()
    return taken


def fence(database: Database, name: str) -> int:
    with database.read() as session:
        return session.execute(select(col(Lease.fence)).where(col(Lease.name) == name)).scalar_one()


def test_what_is_free_is_taken(database: Database) -> None:
    assert take(database, ["b", "a", "b"], "alice") == ["a", "b"]


def test_nothing_asked_is_nothing_taken(database: Database) -> None:
    assert take(database, [], "alice") == []


def test_what_somebody_holds_is_not_taken(database: Database) -> None:
    take(database, ["a"], "alice")

    assert take(database, ["a", "b"], "bob") == ["b"]


def test_taking_again_renews_without_a_new_fence(database: Database) -> None:
    take(database, ["a"], "alice", OVER)

    assert take(database, ["a"], "alice") == ["a"]
    assert fence(database, "a") == 1
    assert take(database, ["a"], "bob") == []


def test_what_one_has_is_renewed_by_taking_it_again(database: Database) -> None:
    take(database, ["a", "b"], "alice")

    assert take(database, ["b", "c"], "alice") == ["b", "c"]


def test_what_is_over_is_taken_with_a_new_fence(database: Database) -> None:
    take(database, ["a"], "alice", OVER)

    assert take(database, ["a"], "bob") == ["a"]
    assert fence(database, "a") == 2


def test_what_was_released_is_free_and_the_fence_goes_on(database: Database) -> None:
    take(database, ["a", "b"], "alice")
    with database.write() as session:
        leases.release(session, ["a"], "alice")
        leases.release(session, ["b"], "bob")
        session.commit()

    assert take(database, ["a", "b"], "bob") == ["a"]
    assert fence(database, "a") == 2


def test_renewing_prolongs_only_ones_own(database: Database) -> None:
    take(database, ["a"], "alice", OVER)
    take(database, ["b"], "bob")
    with database.write() as session:
        assert leases.renew(session, ["a", "b", "c"], "alice", LONG) == ["a"]
        session.commit()

    assert take(database, ["a"], "bob") == []


def test_renewing_what_somebody_took_meanwhile_fails(database: Database) -> None:
    take(database, ["a"], "alice", OVER)
    take(database, ["a"], "bob")

    with database.write() as session:
        assert leases.renew(session, ["a"], "alice", LONG) == []


@pytest.mark.parametrize(
    ("lasts", "holder", "held"),
    [(LONG, "alice", True), (OVER, "alice", False), (LONG, "bob", False)],
    ids=["holder", "over", "somebody else"],
)
def test_held_is_true_for_the_holder_until_the_end(
    database: Database, lasts: timedelta, holder: str, *, held: bool
) -> None:
    take(database, ["a"], "alice", lasts)

    with database.read() as session:
        assert leases.held(session, "a", holder) is held


def test_of_many_at_once_each_lease_has_one_holder(database: Database) -> None:
    names = [f"lane:{number}" for number in range(8)]
    holders = [f"worker {number}" for number in range(6)]

    with ThreadPoolExecutor(len(holders)) as pool:
        takings = pool.map(
            lambda holder: take(database, names[::-1] if holder[-1] in "024" else names, holder), holders
        )
        taken = [name for names_taken in takings for name in names_taken]

    assert sorted(taken) == names
