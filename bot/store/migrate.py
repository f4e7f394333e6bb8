"""Bringing the tables to the newest version, by whichever process is first; the others wait for it.

It costs one query when there is nothing to do. All steps are one transaction on both databases: a process that dies
half-way leaves what was there before.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url

from bot.store.db import Database

HEAD = "0001"
"""The newest version; a constant, so that a start at the newest version need not import Alembic."""

FOLDER = Path(__file__).resolve().parent / "migrations"
LOCK = 0x6C65746865
"""The advisory lock's number on PostgreSQL: "lethe"."""


class SchemaError(Exception):
    """The database has tables of a version this program does not know."""


def migrate(database: Database) -> None:
    """Bring the tables to `HEAD`; `SchemaError` when they are of a newer program."""
    with _one_at_a_time(database):
        with database.read() as session:
            if version(session.connection()) == HEAD:
                return
        with database.engine.begin() as connection:
            if not database.is_sqlite:
                _wait_for_turn(connection)
            if version(connection) != HEAD:
                _upgrade(connection)


def version(connection: Connection) -> str | None:
    """Return the version of the tables; None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found


def _upgrade(connection: Connection) -> None:
    # Imported only when needed: it costs more than the rest of a start.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        found = version(connection)
        raise SchemaError(f"The tables are of version {found}, this program knows {HEAD}: run a newer one.") from None


@contextmanager
def _one_at_a_time(database: Database) -> Iterator[None]:
    path = make_url(database.url).database if database.is_sqlite else None
    if not path or path == ":memory:":
        yield
        return
    # A lock beside the file, taken before the file is opened: to make a new SQLite file a WAL one is no transaction.
    with Path(f"{path}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _wait_for_turn(connection: Connection) -> None:
    # However long the others take, and however long the change.
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
