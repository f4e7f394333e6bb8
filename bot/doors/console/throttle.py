"""Guessing made slow: so many wrong passwords from one address, and so many altogether, in a quarter of an hour."""

import threading
import time
from collections import deque
from collections.abc import Callable

WITHIN = 900.0
FROM_ONE = 5
FROM_ALL = 50


class Throttle:
    """Counts what went wrong lately; forgets the rest."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: deque[tuple[float, str]] = deque()
        self._lock = threading.Lock()

    def lets(self, address: str) -> bool:
        """Return whether one more try may be made from the address."""
        with self._lock:
            while self._wrong and self._wrong[0][0] < self._clock() - WITHIN:
                self._wrong.popleft()
            return len(self._wrong) < FROM_ALL and sum(each == address for _, each in self._wrong) < FROM_ONE

    def note(self, address: str) -> None:
        """Count a wrong one."""
        with self._lock:
            self._wrong.append((self._clock(), address))
