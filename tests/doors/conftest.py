"""A web process to talk to: the real application over a real database, with a bell that only counts."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.app import create_app
from bot.config.content.loader import SHIPPED
from bot.config.settings import Need, load
from bot.doors.stand_ins import MovedClock, NoBell
from bot.runtime import Runtime
from tests.support.deployment import ENVIRON

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def environ(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    """Give a whole environment, to change before `runtime` is asked for."""
    return ENVIRON | {
        "LETHE_CONFIG_DIR": str(SHIPPED.parent),
        "LETHE_DATA_DIR": str(tmp_path),
        "LETHE_DATABASE_URL": sqlite_url,
    }


@pytest.fixture
def clock() -> MovedClock:
    """Give the clock of the doors."""
    return MovedClock(NOW)


@pytest.fixture
def make(clock: MovedClock) -> Iterator[Callable[[Mapping[str, str]], Runtime]]:
    """Give what makes runtimes, and close them in the end."""
    made: list[Runtime] = []

    def new(environ: Mapping[str, str]) -> Runtime:
        runtime = Runtime(load(Need.WEB, environ=environ, dotenv=None), clock=clock, patience=0.2)
        runtime.doorbell.close()
        runtime.doorbell = cast("Any", NoBell())
        made.append(runtime)
        return runtime

    yield new
    for each in made:
        each.close()


@pytest.fixture
def runtime(make: Callable[[Mapping[str, str]], Runtime], environ: dict[str, str]) -> Runtime:
    """Give the parts of a web process."""
    return make(environ)


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    """Give the application."""
    return create_app(runtime)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a client on this machine."""
    return app.test_client()


@pytest.fixture
def two_shops(tmp_path: Path) -> Path:
    """Give a folder with two businesses that differ in name and variables."""
    folder = tmp_path / "shops"
    shutil.copytree(SHIPPED, folder / "_common")
    for name in ("sunrise_bakery", "moon_bakery"):
        shutil.copytree(SHIPPED.parent / "sunrise_bakery", folder / name)
    head = folder / "moon_bakery" / "business.toml"
    text = head.read_text("utf-8").replace('"LETHE_', '"LETHE_MOON_').replace("Sunrise Bakery", "Moon Bakery")
    head.write_text(text, "utf-8")
    return folder
