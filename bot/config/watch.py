"""Content that follows its files: a changed file serves within seconds, a broken one never replaces a good one.

Every process looks for itself, whenever it asks for the content: there is nobody who could forget to tell one of them.
"""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.config.content import Content, load
from bot.config.faults import ConfigError, Fault
from bot.log import get_logger

LOG = get_logger(__name__)

EVERY = 2.0
"""Seconds between two looks at the folder; a look is a few stats."""
READ = frozenset({".toml", ".json"})
"""What is read; what else lies there (an editor's copies, scripts) changes nothing."""

Fingerprint = frozenset[tuple[str, int, int]]


class Watched:
    """The content of a folder, read whole, kept until the files change and are good again."""

    def __init__(
        self, folder: Path, *, reading: Callable[[Path], Content] = load, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Read the folder; raises `ConfigError` with every fault, for there is nothing older to keep."""
        self._folder = folder
        self._reading = reading
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_at = clock()
        self._seen: Fingerprint | None = _fingerprint(folder)
        self._content = reading(folder)
        self._faults: tuple[Fault, ...] = ()

    def content(self) -> Content:
        """Return the newest good content."""
        if self._clock() - self._looked_at >= EVERY and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._content

    def hold(self, content: Content) -> None:
        """Serve this content in place of what was read, until the files change."""
        self._content = content

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the files as they are now; the content served is older then."""
        self.content()
        return self._faults

    def _look(self) -> None:
        self._looked_at = self._clock()
        now = _fingerprint(self._folder)
        if now == self._seen:
            return
        # Taken before the reading: what is written meanwhile is found at the next look.
        self._seen = now
        try:
            self._content = self._reading(self._folder)
        except ConfigError as error:
            self._faults = error.faults
            self._tell()
        except OSError:
            # A file went away under our hands; it is looked for again, with the next fingerprint.
            self._seen = None
        else:
            self._faults = ()
            LOG.info("content_changed", version=self._content.version)

    def _tell(self) -> None:
        """Log every fault, once for each change of the files."""
        LOG.error("content_not_served", count=len(self._faults), version=self._content.version)
        for fault in self._faults:
            LOG.error("content_fault", file=fault.file, key=fault.key, fault=fault.wrong)


def _fingerprint(folder: Path) -> Fingerprint:
    return frozenset(_stats(folder))


def _stats(folder: Path) -> Iterator[tuple[str, int, int]]:
    for path in folder.rglob("*"):
        if path.suffix in READ:
            try:
                stat = path.stat()
            except OSError:
                # Gone since it was listed: whatever replaces it has another fingerprint.
                continue
            yield str(path), stat.st_mtime_ns, stat.st_size
