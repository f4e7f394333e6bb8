"""Content that follows its files: a changed file serves within seconds, a broken one never replaces a good one."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from bot.config.content import Content, load
from bot.config.faults import ConfigError, Fault

EVERY = 2.0
"""Seconds between two looks at the folder; a look is a few stats."""

Fingerprint = frozenset[tuple[str, int, int]]


class Watched:
    """The content of a folder, read whole, kept until the files change and are good again."""

    def __init__(self, folder: Path, *, reading: Callable[[Path], Content] = load) -> None:
        """Read the folder; raises `ConfigError` with every fault, for there is nothing older to keep."""
        self._folder = folder
        self._reading = reading
        self._lock = threading.Lock()
        self._looked_at = time.monotonic()
        self._seen = _fingerprint(folder)
        self._content = reading(folder)
        self.faults: tuple[Fault, ...] = ()
        """What is wrong with the files as they are now; the content served is older then."""

    def content(self) -> Content:
        """Return the newest good content."""
        if time.monotonic() - self._looked_at >= EVERY and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._content

    def _look(self) -> None:
        self._looked_at = time.monotonic()
        now = _fingerprint(self._folder)
        if now == self._seen:
            return
        self._seen = now
        try:
            self._content = self._reading(self._folder)
        except ConfigError as error:
            self.faults = error.faults
        else:
            self.faults = ()


def _fingerprint(folder: Path) -> Fingerprint:
    stats = ((str(path), path.stat()) for path in folder.rglob("*") if path.is_file())
    return frozenset((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
