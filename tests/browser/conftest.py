"""A browser of either size, and a demo for each."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.demo import Demo
from tests.browser.window import Size, Window, programs

SIZES = (Size(width=1280, height=800), Size(width=390, height=844, mobile=True))
SECONDS = pytest.StashKey[list[float]]()


@pytest.fixture
def browser() -> tuple[str, str]:
    found = programs()
    if found is None:
        pytest.skip("needs a browser and its driver (on Debian: apt-get install chromium chromium-driver)")
    return found


@pytest.fixture
def started(browser: tuple[str, str], tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path / "demo")
    yield demo
    # Shown when the test fails; a demo that ended well has left none.
    sys.stdout.write(demo.logs())
    demo.end()


@pytest.fixture(params=SIZES, ids=str)
def window(request: pytest.FixtureRequest, browser: tuple[str, str], started: Demo, tmp_path: Path) -> Iterator[Window]:
    """Give a window that opens while the demo starts."""
    window = Window(request.param, tmp_path / "browser", browser=browser[0], driver=browser[1])
    yield window
    window.close()


@pytest.fixture
def demo(started: Demo, window: Window, request: pytest.FixtureRequest) -> Demo:
    started.wait()
    request.config.stash.setdefault(SECONDS, []).append(started.seconds)
    return started


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell how quick each start was; how quick is quick enough depends on the machine."""
    if seconds := config.stash.get(SECONDS, []):
        terminalreporter.write_line(f"lethe demo was ready in {', '.join(f'{each:.1f} s' for each in seconds)}")
