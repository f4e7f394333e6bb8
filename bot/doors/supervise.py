"""The worker process and its children: RQ workers and the sweeper; the dead are restarted, a stop is passed on."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from bot.config.settings import Settings
from bot.doors import jobs, start
from bot.doors.sweep import Sweeper
from bot.log import get_logger
from bot.store.doorbell import Worker

LOG = get_logger(__name__)

DRAIN = 20.0
"""Seconds that children may take to end: one HTTP time-out and a little."""
CALM = 5.0
"""A child that lived so long may be restarted at once; one that did not waits, longer each time."""
LONGEST_PAUSE = 10.0
TICK = 0.2


@dataclass(slots=True)
class Child:
    """One child: what it does, and how it fares."""

    name: str
    task: Callable[[Settings], None]
    pid: int = 0
    born: float = 0.0
    fails: int = 0
    due: float = 0.0


class Supervisor:
    """Forks the children from a process that has opened nothing yet, so that each opens its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        workers = [Child(f"worker-{number}", work) for number in range(1, settings.workers + 1)]
        self.children = [*workers, Child("sweeper", sweep)]
        self.stopping = threading.Event()
        self._alive, self._lifeline = os.pipe()

    def run(self) -> int:
        """Keep the children running until SIGTERM or SIGINT; return the exit status."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._stop)
        while not self.stopping.is_set():
            self._reap()
            for child in self.children:
                if not child.pid and time.monotonic() >= child.due:
                    self._spawn(child)
            self.stopping.wait(TICK)
        return self._end()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def _spawn(self, child: Child) -> None:
        child.born = time.monotonic()
        pid = os.fork()
        if pid:
            child.pid = pid
            LOG.info("child_started", worker=child.name, pid=pid)
            return
        status = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.close(self._lifeline)
            threading.Thread(target=_end_with_parent, args=(self._alive,), daemon=True).start()
            child.task(self.settings)
            status = 0
        except BaseException:
            LOG.exception("child_failed", worker=child.name)
        finally:
            sys.stderr.flush()
            os._exit(status)

    def _reap(self) -> None:
        for child in self.children:
            if not child.pid:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if not pid:
                continue
            child.pid = 0
            lived = time.monotonic() - child.born
            child.fails = 0 if lived > CALM else child.fails + 1
            child.due = time.monotonic() + min(LONGEST_PAUSE, child.fails * 0.5)
            LOG.warning("child_ended", worker=child.name, status=status, seconds=lived)

    def _end(self) -> int:
        """Pass the stop on, wait one drain, and end whoever does not."""
        running = [child for child in self.children if child.pid]
        for child in running:
            _signal(child.pid, signal.SIGTERM)
        end = time.monotonic() + DRAIN
        while running and time.monotonic() < end:
            running = [child for child in running if not os.waitpid(child.pid, os.WNOHANG)[0]]
            threading.Event().wait(TICK / 4)
        for child in running:
            LOG.error("child_killed", worker=child.name)
            _signal(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
        return 1 if running else 0


def _signal(pid: int, which: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, which)


def _end_with_parent(alive: int) -> None:
    """Read from a pipe that only the parent can write to: it ends when the parent does, even by SIGKILL."""
    os.read(alive, 1)
    _signal(os.getpid(), signal.SIGTERM)


def work(settings: Settings) -> None:
    """Be an RQ worker."""
    runtime = start.runtime(settings)
    jobs.serve_with(runtime)
    Worker.on(runtime.doorbell).run()
    runtime.close()


def sweep(settings: Settings) -> None:
    """Be the sweeper."""
    runtime = start.runtime(settings)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Sweeper(runtime, stop).run()
    runtime.close()


def run(settings: Settings) -> int:
    """Supervise until told to stop."""
    return Supervisor(settings).run()
