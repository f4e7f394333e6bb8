"""Migrations: from nothing to the models' tables, by several processes at once, and for nothing when all is done."""

import fcntl
import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from bot.store.db import Database
from bot.store.migrate import FOLDER, HEAD, SchemaError, migrate, version
from bot.store.models import TABLES
from tests.support.postgres import Postgres

NAMES = {model.__tablename__ for model in TABLES}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.empty()
    yield url
    server.drop(url)


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.close()


def migrate_url(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()


def test_an_empty_database_gets_every_table(empty: Database) -> None:
    migrate(empty)

    assert set(inspect(empty.engine).get_table_names()) == NAMES | {"alembic_version"}


def test_a_second_time_changes_nothing(empty: Database) -> None:
    migrate(empty)
    migrate(empty)

    with empty.engine.connect() as connection:
        assert version(connection) == HEAD


@pytest.mark.laws
def test_models_and_migrations_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, TABLES[0].metadata)

    # A new column? `alembic revision --autogenerate -m "Say what it is for"`, then HEAD in bot/store/migrate.py.
    assert differences == []


def test_head_is_the_newest_version() -> None:
    assert ScriptDirectory(str(FOLDER)).get_current_head() == HEAD


def test_several_processes_may_start_at_once(empty_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=migrate_url, args=(empty_url,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    assert [process.exitcode for process in processes] == [0, 0, 0]


def test_whoever_comes_second_waits_for_the_first(sqlite_url: str) -> None:
    with Path(sqlite_url.removeprefix("sqlite:///") + ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = threading.Thread(target=migrate_url, args=(sqlite_url,))
        second.start()
        second.join(0.3)
        waited = second.is_alive()
    second.join(30)

    assert waited
    assert not second.is_alive()


def test_a_start_at_the_newest_version_does_not_import_alembic(sqlite_url: str) -> None:
    program = (
        "import sys; from bot.store.db import Database; from bot.store.migrate import migrate;"
        f"migrate(Database({sqlite_url!r})); sys.exit('alembic' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_newer_database_is_told_and_left_alone(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        session.commit()

    with pytest.raises(SchemaError, match=f"version 9999, this program knows {HEAD}"):
        migrate(database)


def test_a_change_that_fails_leaves_what_was_there(empty: Database) -> None:
    with empty.write() as session:
        session.execute(text("CREATE TABLE windows (in_the_way int)"))
        session.commit()

    with pytest.raises(Exception, match="windows"):
        migrate(empty)

    assert inspect(empty.engine).get_table_names() == ["windows"]
