"""Child processes of one command: started side by side, watched, ended in order, nothing left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

LOOK_EVERY = 0.05
DRAIN = 25.0
"""Seconds that a child may take to end."""
LAST_LINES = 15
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Child:
    """A child, its name, and where its log goes (None: to our own stderr)."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path | None

    def last_lines(self) -> str:
        """Return the end of the child's log."""
        if self.log is None:
            return ""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-LAST_LINES:])


class Children:
    """All children of a command. Each is a session of its own, so Ctrl-C reaches us alone and we end them in order."""

    def __init__(self, logs: Path | None = None) -> None:
        """Take the folder for their logs; without one they write where we write."""
        self._logs = logs
        self._children: list[Child] = []
        self.stopped = threading.Event()
        """Set when somebody asked us to end."""

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str], home: Path | None = None) -> Child:
        """Start one, with this environment, in this folder."""
        log = self._logs / f"{name}.log" if self._logs else None
        with contextlib.ExitStack() as files:
            out = files.enter_context(log.open("wb")) if log else None
            process = subprocess.Popen(
                [sys.executable, *command],
                env=env,
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        child = Child(name, process, log)
        self._children.append(child)
        return child

    def dead(self) -> Child | None:
        """Return the first child that has ended, if any has."""
        return next((child for child in self._children if child.process.poll() is not None), None)

    def watch(self) -> Child | None:
        """Wait until we are told to stop (None), or a child ends (the child)."""
        while not self.stopped.wait(LOOK_EVERY):
            if child := self.dead():
                return child
        return None

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """Take SIGINT, SIGTERM and SIGHUP as a wish to stop."""

        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.stopped.set()

        before = {each: signal.signal(each, stop) for each in STOPS}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def end(self) -> None:
        """End all, the last one started first to be asked; whoever does not listen is killed with its own children."""
        for child in reversed(self._children):
            if child.process.poll() is None:
                child.process.terminate()
        for child in reversed(self._children):
            try:
                child.process.wait(DRAIN)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()
        self._children.clear()
