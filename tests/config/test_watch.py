"""Content that follows its files."""

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import log
from bot.config.content import ConfigError, Content, load
from bot.config.watch import EVERY, Watched
from tests.config.conftest import FILES, write

BROKEN = {"rules.toml": FILES["rules.toml"].replace("[rule.hours]", "[rule.ours]")}


class Clock:
    """A clock that goes on by itself far enough for another look at each reading."""

    def __init__(self) -> None:
        self.now = 0.0
        self.step = EVERY

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def logs() -> Iterator[None]:
    """Write logs as the program does."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log.configure("INFO")
    yield
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def name(content: Content) -> str:
    return content.businesses["shop"].name


def change(folder: Path, files: dict[str, str]) -> None:
    """Write files that no clock can take for the ones before."""
    write(folder, files)
    for path in files:
        stat = (folder / "shop" / path).stat()
        os.utime(folder / "shop" / path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000))


def renamed(to: str) -> dict[str, str]:
    return {"business.toml": FILES["business.toml"].replace("Corner Shop", to)}


def test_a_changed_file_serves_at_the_next_look(tmp_path: Path, clock: Clock):
    write(tmp_path, FILES)
    one, other = Watched(tmp_path, clock=clock), Watched(tmp_path, clock=clock)
    change(tmp_path, renamed("Corner House"))

    assert [name(each.content()) for each in (one, other)] == ["Corner House"] * 2
    assert one.content().version == load(tmp_path).version


def test_it_looks_only_now_and_then(tmp_path: Path, clock: Clock):
    write(tmp_path, FILES)
    watched = Watched(tmp_path, clock=clock)
    clock.step = EVERY / 2
    change(tmp_path, renamed("Corner House"))

    assert [name(watched.content()) for _ in range(3)] == ["Corner Shop"] + ["Corner House"] * 2


def test_a_broken_file_never_replaces_a_good_one(tmp_path: Path, clock: Clock):
    write(tmp_path, FILES)
    watched = Watched(tmp_path, clock=clock)
    good = watched.content()
    change(tmp_path, BROKEN)

    assert watched.content() is good
    assert [fault.key for fault in watched.faults] == ["rule.menu.choices.1.go"]


def test_a_mended_file_serves_and_ends_the_faults(tmp_path: Path, clock: Clock):
    write(tmp_path, FILES)
    watched = Watched(tmp_path, clock=clock)
    change(tmp_path, BROKEN)
    assert watched.faults
    change(tmp_path, {**renamed("Corner House"), "rules.toml": FILES["rules.toml"]})

    assert (watched.faults, name(watched.content())) == ((), "Corner House")


def test_a_fault_is_logged_once_a_change(tmp_path: Path, clock: Clock, logs: None, capsys: pytest.CaptureFixture[str]):
    write(tmp_path, FILES)
    watched = Watched(tmp_path, clock=clock)
    change(tmp_path, BROKEN)
    for _ in range(3):
        watched.content()

    fault = {"event": "content_fault", "file": "shop/rules.toml", "key": "rule.menu.choices.1.go"}
    said = told(capsys)
    assert [each["event"] for each in said] == ["content_not_served", "content_fault"]
    assert said[1].items() >= fault.items()
    change(tmp_path, FILES)
    watched.content()
    assert [each["event"] for each in told(capsys)] == ["content_changed"]


def test_a_file_that_goes_away_while_it_is_read_is_looked_for_again(tmp_path: Path, clock: Clock):
    write(tmp_path, FILES)
    readings = iter([None, FileNotFoundError("rules.toml"), None])

    def reading(folder: Path) -> Content:
        if problem := next(readings):
            raise problem
        return load(folder)

    watched = Watched(tmp_path, reading=reading, clock=clock)
    change(tmp_path, renamed("Corner House"))

    assert [name(watched.content()) for _ in range(2)] == ["Corner Shop", "Corner House"]


@pytest.mark.parametrize("path", ["rules.toml.swp", "notes.md", "hours.chat"])
def test_what_is_not_read_changes_nothing(tmp_path: Path, clock: Clock, path: str):
    write(tmp_path, FILES)
    watched = Watched(tmp_path, clock=clock)
    content = watched.content()
    change(tmp_path, {path: "> Asha: hi"})

    assert watched.content() is content


def test_a_removed_business_is_gone(tmp_path: Path, clock: Clock):
    write(tmp_path, FILES)
    write(tmp_path, {**FILES, "business.toml": FILES["business.toml"].replace("SHOP", "EAST")}, "east")
    watched = Watched(tmp_path, clock=clock)
    (tmp_path / "east" / "business.toml").unlink()

    assert set(watched.content().businesses) == {"shop"}


def test_there_must_be_something_good_to_begin_with(tmp_path: Path):
    write(tmp_path, {**FILES, **BROKEN})

    with pytest.raises(ConfigError):
        Watched(tmp_path)
