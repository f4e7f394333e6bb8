"""A broken file: what watchers are told, while the good content of before goes on serving."""

import itertools
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.config.watch import EVERY, Watched
from bot.runtime import Runtime
from tests.config.conftest import FILES, write


@pytest.fixture
def folder(tmp_path: Path, runtime: Runtime) -> Path:
    """Let the runtime watch a sound folder, and look at it whenever it is asked."""
    home = tmp_path / "businesses"
    write(home, FILES)
    looks = itertools.count(0.0, EVERY)
    runtime.watched = Watched(home, clock=lambda: next(looks))
    return home


def metric(client: FlaskClient) -> str:
    lines = client.get("/metrics").text.splitlines()
    return next(line for line in lines if line.startswith("lethe_content_faults"))


def test_ready_and_metrics_tell_of_a_broken_file_and_of_its_end(client: FlaskClient, folder: Path) -> None:
    write(folder, {"rules.toml": FILES["rules.toml"].replace("[rule.hours]", "[rule.our_hours]")})
    broken = client.get("/readyz")

    assert (broken.status_code, broken.json and broken.json["content_faults"]) == (200, 1)
    assert metric(client) == "lethe_content_faults 1.0"
    write(folder, FILES)
    mended = client.get("/readyz").json
    assert mended is not None
    assert (mended["content_faults"], metric(client)) == (0, "lethe_content_faults 0.0")
