"""The simulator's time: real time plus an offset that only grows."""

import threading
import time
from datetime import UTC, datetime


class Clock:
    """Tell the time; it can be put forward, never back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.offset = 0.0

    def now(self) -> float:
        """Return the simulated time in seconds since 1970."""
        return time.time() + self.offset

    def put(self, offset: float) -> None:
        """Set the offset; an offset smaller than the present one is refused."""
        with self._lock:
            if offset < self.offset:
                raise ValueError(f"the clock never goes back: its offset is {self.offset} s already")
            self.offset = offset

    def advance(self, seconds: float) -> None:
        """Put the clock forward by some seconds."""
        if seconds < 0:
            raise ValueError("the clock never goes back: advance_seconds must not be negative")
        with self._lock:
            self.offset += seconds


def iso(at: float) -> str:
    """Return a moment as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
