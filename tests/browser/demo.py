"""`lethe demo` as a terminal runs it: a session of its own, a temp folder of its own, ended by Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import psutil

T = TypeVar("T")

WITHIN = 60.0
LOOK_EVERY = 0.05
TOLD = re.compile(
    r"ready in (?P<seconds>[0-9.]+) s.*Chat page +(?P<chat>\S+).*Console +(?P<console>\S+) +password: (?P<password>\S+)"
    r".*Notice +(?P<notice>\S+).*Ctrl-C stops everything\.",
    re.DOTALL,
)


class Demo:
    """One demo that runs, and what it told: its addresses and the password."""

    def __init__(self, home: Path) -> None:
        self.temporary = home / "tmp"
        self.temporary.mkdir(parents=True)
        self._out = home / "out"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LETHE_", "SIM_"))}
        with self._out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.doors.cli", "demo"],
                env={**kept, "TMPDIR": str(self.temporary)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Return when it has told where its pages are."""
        until(lambda: TOLD.search(self.said) or self.process.poll() is not None, "the demo to be ready")
        told = TOLD.search(self.said)
        assert told, self.said
        self.seconds = float(told["seconds"])
        self.chat, self.console, self.notice = told["chat"], told["console"], told["notice"]
        self.password = told["password"]

    @property
    def said(self) -> str:
        """What stands in the terminal."""
        return self._out.read_text("utf-8")

    def logs(self) -> str:
        """Return what its processes have logged, while its folder is there."""
        return "".join(f"{each.name}\n{each.read_text('utf-8')}" for each in self.temporary.glob("*/*.log"))

    def press_ctrl_c(self) -> int:
        """Interrupt what a terminal would, and return the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(WITHIN)

    def processes(self) -> list[str]:
        """Return what still runs of it, whoever its parent is now: what inherited its temp folder."""
        return [" ".join(each.cmdline()) for each in psutil.process_iter() if self._is_ours(each)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get("TMPDIR") == str(self.temporary)
        except psutil.Error:
            return False

    def listens(self) -> list[str]:
        """Return the addresses where somebody still answers."""
        return [address for address in (self.chat, self.console) if _listens(address)]

    def end(self) -> None:
        """End it, whatever happened."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(WITHIN)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def until(found: Callable[[], T], what: str) -> T:
    """Return the first result that is true."""
    end = time.monotonic() + WITHIN
    while not (result := found()):
        assert time.monotonic() < end, f"waited {WITHIN:.0f} s for {what}"
        time.sleep(LOOK_EVERY)
    return result


def _listens(address: str) -> bool:
    parts = urlsplit(address)
    with socket.socket() as probe:
        return probe.connect_ex((parts.hostname or "", parts.port or 0)) == 0
