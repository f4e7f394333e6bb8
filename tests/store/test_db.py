"""The database: durable, overwriting what is deleted, patient with other writers, and silent about parameters."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.store.columns import EPOCH
from bot.store.db import Database, db_after, db_now, insert, is_unavailable, table, word
from bot.store.models import Bell, Seen
from tests.support.postgres import Postgres

PHONE = "919876543210"
SECOND = timedelta(seconds=1)


def see(database: Database, *hashes: str) -> None:
    with database.write() as session:
        session.execute(insert(session, Seen).values([{"hash": each, "day": 1} for each in hashes]))
        session.commit()


def seen(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.execute(text("SELECT hash FROM seen")).scalars())


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1), ("temp_store", 2)],
)
def test_every_connection_to_sqlite_is_durable_and_overwrites(sqlite_url: str, pragma: str, value: object) -> None:
    database = Database(sqlite_url)
    with database.read() as session:
        assert session.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
    database.close()


def test_what_is_not_committed_is_not_there(database: Database) -> None:
    with database.write() as session:
        session.execute(insert(session, Seen).values(hash="gone", day=1))
    see(database, "kept")

    assert seen(database) == {"kept"}


def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(database: Database) -> None:
    with pytest.raises(IntegrityError):
        see(database, "a", "a")
    see(database, "b")

    assert seen(database) == {"b"}


@pytest.mark.laws
def test_no_parameter_stands_in_an_error(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught:
        see(database, PHONE, PHONE)

    # What PostgreSQL itself says quotes the key; that is why keys are hashes, and why the log keeps types alone.
    assert "parameters hidden" in str(caught.value)
    assert PHONE not in str(caught.value).split("[SQL:")[1]


def test_reading_goes_on_while_somebody_writes(database: Database) -> None:
    see(database, "a")
    with database.write() as session:
        session.execute(insert(session, Seen).values(hash="b", day=1))
        assert seen(database) == {"a"}


def test_a_writer_that_waits_too_long_for_the_lock_is_told_so(sqlite_url: str) -> None:
    first, second = Database(sqlite_url), Database(sqlite_url, patience=0.05)
    begun = time.monotonic()
    with first.write() as session:
        session.execute(insert(session, Seen).values(hash="a", day=1))
        with pytest.raises(OperationalError) as caught:
            see(second, "b")

    assert is_unavailable(caught.value)
    assert time.monotonic() - begun < 5
    first.close()
    second.close()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all.db",
        pytest.param("postgresql+psycopg://postgres@/x?host=/nowhere", marks=pytest.mark.postgres),
    ],
    ids=["sqlite", "postgres"],
)
def test_a_database_that_is_not_there_is_unavailable(url: str) -> None:
    database = Database(url)
    with pytest.raises(OperationalError) as caught:
        seen(database)

    assert is_unavailable(caught.value)
    database.close()


def test_a_fault_of_ours_is_not_taken_for_an_unavailable_database(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught:
        see(database, "a", "a")

    assert not is_unavailable(caught.value)


@pytest.mark.postgres
def test_a_connection_that_the_server_closed_is_replaced(postgres: Postgres, postgres_url: str) -> None:
    database = Database(postgres_url)
    see(database, "a")
    postgres.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'")

    assert seen(database) == {"a"}
    database.close()


def test_the_databases_clock_is_the_time_in_utc(database: Database) -> None:
    assert abs(database.now() - datetime.now(UTC)) < SECOND


def test_the_databases_clock_goes_on_within_a_transaction(database: Database) -> None:
    with database.write() as session:
        first = session.execute(select(db_now())).scalar_one()
        later = first
        while later == first:
            later = session.execute(select(db_now())).scalar_one()
        ahead = session.execute(select(db_after(timedelta(hours=1)))).scalar_one()

    assert later > first
    assert timedelta(0) <= ahead - later - timedelta(hours=1) < SECOND


@pytest.mark.parametrize(
    "moment",
    [EPOCH, datetime(2026, 11, 22, 16, 5, 26, 232_013, UTC), datetime(1969, 12, 31, tzinfo=UTC)],
    ids=["epoch", "microseconds", "before"],
)
def test_a_moment_comes_back_as_it_went_in(database: Database, moment: datetime) -> None:
    with database.write() as session:
        session.execute(insert(session, Bell).values(name="x", waiting_since=moment))
        assert session.execute(select(table(Bell).c.waiting_since)).scalar_one() == moment


def test_a_naive_moment_is_refused(database: Database) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  that is the point
    with database.read() as session, pytest.raises(Exception, match="naive"):
        session.execute(select(db_now() > naive))


def test_a_word_in_a_statement_is_one_of_ours() -> None:
    assert str(word("queued")) == "'queued'"
    with pytest.raises(ValueError, match=r"^$"):
        word("queued' or '1' = '1")


def test_what_was_deleted_is_not_in_the_file_any_more(sqlite_url: str) -> None:
    mark = "only-in-this-row-" + PHONE
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    database = Database(sqlite_url)
    see(database, mark)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert mark.encode() in path.read_bytes()

    with database.write() as session:
        session.execute(text("DELETE FROM seen"))
        session.commit()
    database.close()

    left = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert mark.encode() not in left
