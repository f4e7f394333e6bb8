"""What was seen on the wire, kept in bounded memory: the judge of tests."""

import itertools
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


class Journal:
    """Number entries and keep the newest ones."""

    def __init__(self, room: int) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Json] = deque(maxlen=room)
        self._numbers = itertools.count(1)

    def write(self, entry: Json) -> Json:
        """Keep an entry under the next number and return it."""
        with self._lock:
            numbered = {"n": next(self._numbers), **entry}
            self._entries.append(numbered)
        return numbered

    def since(self, number: int, show: Callable[[Json], Json] = dict) -> Json:
        """Return the kept entries after a number, and the last number."""
        with self._lock:
            entries = [entry for entry in self._entries if entry["n"] > number]
            last = self._entries[-1]["n"] if self._entries else 0
        return {"entries": [show(entry) for entry in entries], "last": last}

    def clear(self) -> None:
        """Forget the entries; numbers go on."""
        with self._lock:
            self._entries.clear()
