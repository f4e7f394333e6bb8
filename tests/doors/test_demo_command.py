"""`lethe demo`, as a stranger runs it: everything there, and afterwards nothing."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from bot.config.content.loader import SHIPPED
from tests.support.deployment import ENVIRON

pytestmark = pytest.mark.slow

WITHIN = 60.0


class Demo:
    """A demo that runs: its process, what it said, where its pages are."""

    def __init__(self, home: Path) -> None:
        self.out = home / "out"
        self.temporary = home / "tmp"
        self.temporary.mkdir()
        env = {name: value for name, value in os.environ.items() if not name.startswith(("LETHE_", "SIM_"))}
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.doors.cli", "demo"],
                env={**env, "TMPDIR": str(self.temporary)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        until(lambda: "Ctrl-C stops everything." in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()
        found = re.search(r"Chat page +(\S+)/\s.*Console +(\S+)/console/", self.said(), re.DOTALL)
        assert found
        self.page, self.web = found.groups()
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def said(self) -> str:
        return self.out.read_text("utf-8")

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.page + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def bubbles(self, person: str) -> list[Any]:
        return [each for each in self.call(f"/sim/chat?person={person}")["bubbles"] if each["direction"] == "out"]

    def ends(self, status: int) -> None:
        """See it end with this status, and leave no process, no socket and no file."""
        assert self.process.wait(WITHIN) == status, self.said()
        until(lambda: not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in self.family))
        assert list(self.temporary.iterdir()) == []


def until(true: Callable[[], Any]) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    running = Demo(tmp_path)
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.process.wait(WITHIN)


def test_it_runs_everything_and_leaves_nothing(demo: Demo) -> None:
    demo.call("/sim/say", {"person": "meera", "text": "કેક"})
    until(lambda: demo.bubbles("meera"))
    (bubble,) = demo.bubbles("meera")
    told = demo.call(f"/sim/bot/demo/message/{bubble['ref']}")
    assert (told["rule"], told["language"], told["verdict"], told["kind"]) == ("rule.cake", "gu", "send", "free")
    demo.call("/sim/clock", {"advance_seconds": 25 * 3600 + 60})
    until(lambda: len(demo.bubbles("meera")) > 1)
    assert demo.bubbles("meera")[-1]["template"]["name"] == "come_back"
    demo.process.send_signal(signal.SIGINT)
    demo.ends(0)


def test_it_ends_as_well_by_sigterm(demo: Demo) -> None:
    demo.process.terminate()
    demo.ends(0)


def test_when_a_part_dies_it_says_which_and_ends(demo: Demo) -> None:
    (simulator,) = (each for each in demo.family if "simulator" in each.cmdline())
    simulator.kill()
    demo.ends(1)
    assert "simulator ended by itself (status -9)." in demo.said()


def test_it_says_why_it_cannot_begin(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "business.toml").write_text('name = "Shop"\n', "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bot.doors.cli", "demo", "--folder", str(tmp_path)],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=WITHIN,
    )
    assert done.returncode == 1
    assert "shop/business.toml" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("lethe-*"))


def test_run_is_web_and_worker_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        web = f"127.0.0.1:{probe.getsockname()[1]}"
    environ = {**os.environ, **ENVIRON, "LETHE_WEB_BIND": web, "LETHE_CONFIG_DIR": str(SHIPPED.parent)}
    del environ["LETHE_REDIS_URL"]
    running = subprocess.Popen(
        [sys.executable, "-m", "bot.doors.cli", "run"],
        env={**environ, "LETHE_DATA_DIR": str(tmp_path / "var"), "LETHE_WORKERS": "1"},
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: _state(web).get("redis") == "ok")
        family = psutil.Process(running.pid).children(recursive=True)
        assert len(family) >= 4
    finally:
        running.terminate()
        assert running.wait(WITHIN) == 0
    until(lambda: not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in family))


def _state(web: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"http://{web}/readyz", timeout=5) as answer:
            told: dict[str, Any] = json.load(answer)
            return told
    except OSError:
        return {}
