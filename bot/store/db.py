"""The database: one engine a process, transactions, the database's own clock.

SQLite runs in WAL mode with `synchronous=FULL` (durable before the 200) and `secure_delete=ON` (a deleted row is
overwritten); a writing transaction takes the lock at its start, so it never fails half-way for want of it.
"""

import random
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CursorResult,
    Dialect,
    Engine,
    Executable,
    Table,
    Text,
    create_engine,
    event,
    literal,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import SQLModel

from bot.store.columns import MICROSECOND, Moment

UNAVAILABLE = (OperationalError, InterfaceError)
"""What SQLAlchemy raises when the database cannot take a transaction: locked, down, full, read-only."""

SHORT = 50
"""Milliseconds that SQLite waits by itself; long enough for its own recovery after a crash."""
STEP = (0.001, 0.004)
"""Seconds between two attempts to get SQLite's lock."""
_WAIT = threading.Event()

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA foreign_keys=ON",
)


class db_now(FunctionElement[datetime]):  # noqa: N801  reads as the SQL function it is
    """The database's clock, as a `Moment`; leases go by it, whatever the machines think the time is."""

    type = Moment()
    inherit_cache = True


@compiles(db_now, "sqlite")
def _sqlite_now(_element: db_now, _compiler: SQLCompiler, **_: Any) -> str:
    return "cast((julianday('now') - 2440587.5) * 86400000000 as integer)"


@compiles(db_now, "postgresql")
def _postgresql_now(_element: db_now, _compiler: SQLCompiler, **_: Any) -> str:
    return "cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)"


def db_after(lasts: timedelta) -> ColumnElement[datetime]:
    """Return the moment that lies so far ahead on the database's clock."""
    return type_coerce(db_now() + literal(lasts // MICROSECOND, BigInteger), Moment())


class Database:
    """Sessions over one engine. `patience` is how long a transaction waits for a lock, in seconds."""

    def __init__(self, url: str, *, patience: float = 5.0) -> None:
        """Take a SQLAlchemy URL; nothing is opened yet."""
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        # No parameter ever reaches a log or an exception's text.
        options: dict[str, Any] = {"hide_parameters": True, "pool_pre_ping": not self.is_sqlite}
        if self.is_sqlite:
            # SQLite's own waiting sleeps longer and longer: a webhook would starve beside busy workers. See `_begin`.
            options["connect_args"] = {"timeout": patience, "check_same_thread": False}
        else:
            milliseconds = int(patience * 1000)
            options["connect_args"] = {
                "connect_timeout": max(2, int(patience)),
                "options": f"-c lock_timeout={milliseconds} -c statement_timeout={milliseconds * 4}",
            }
        self.engine: Engine = create_engine(url, **options)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare)
            event.listen(self.engine, "begin", partial(_begin, patience=patience))

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session for one writing transaction; the caller commits, anything else rolls back."""
        with self.engine.connect() as connection, Session(connection, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session for reading; takes no lock on SQLite."""
        options = {"reading": True}
        with self.engine.connect().execution_options(**options) as connection, Session(connection) as session:
            yield session

    def now(self) -> datetime:
        """Return the database's clock."""
        with self.read() as session:
            moment: datetime = session.execute(select(db_now())).scalar_one()
            return moment

    def close(self) -> None:
        """Close every connection; a fork calls this before it uses the engine."""
        self.engine.dispose()


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are ours, see _begin
    cursor = connection.cursor()
    for pragma in (*PRAGMAS, f"PRAGMA busy_timeout={SHORT}"):
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection, *, patience: float) -> None:
    """Begin a transaction; a writing one waits for the lock in short steps, so that everybody gets a turn."""
    if connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN")
        return
    # Asked of the driver itself: a refusal costs microseconds there, and through SQLAlchemy ten times as much.
    driver = cast("sqlite3.Connection", connection.connection.dbapi_connection)
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            _WAIT.wait(random.uniform(*STEP))  # noqa: S311  spreads those who wait
        else:
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def table(model: type[SQLModel]) -> Table:
    """Return the Core table of a model: hot statements are written in Core, which costs a third of the ORM."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def word(value: str) -> ColumnElement[str]:
    """Return one of our own words as an SQL literal: a partial index is used only where its condition is literal."""
    if not value.isidentifier():
        raise ValueError
    return literal_column(f"'{value}'", Text)


def execute_count(session: Session, statement: Executable) -> int:
    """Run an UPDATE or DELETE and return how many rows it changed."""
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def add(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns: compiled once, past the ORM."""
    session.connection().execute(insert(session, table(model)), rows)


def insert(session: Session, table: type[SQLModel] | Table) -> sqlite_dialect.Insert | postgresql.Insert:
    """Return the dialect's INSERT, which knows ON CONFLICT and RETURNING."""
    dialect: Dialect = session.get_bind().dialect
    return (sqlite_dialect.insert if dialect.name == "sqlite" else postgresql.insert)(table)


def is_unavailable(error: Exception) -> bool:
    """Return whether the error says that the database cannot take a transaction now."""
    return isinstance(error, UNAVAILABLE) or (isinstance(error, DBAPIError) and error.connection_invalidated)
