"""One count of what is still to happen, so that a test can wait for silence."""

import threading


class Pending:
    """Count things begun and not ended."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    def add(self, count: int = 1) -> None:
        """Note that so many things began (or, with a negative count, ended)."""
        with self._changed:
            self._count += count
            if self._count <= 0:
                self._changed.notify_all()

    def done(self, count: int = 1) -> None:
        """Note that so many things ended."""
        self.add(-count)

    @property
    def count(self) -> int:
        """Return how many things have not ended."""
        return self._count

    def wait(self, timeout: float) -> bool:
        """Return True when nothing is pending, False when the time is over."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count <= 0, timeout)
