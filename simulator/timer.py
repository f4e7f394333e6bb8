"""Things that happen a little later: receipts and the next tries of webhooks."""

import heapq
import itertools
import sys
import threading
import time
import traceback
from collections.abc import Callable

from simulator.pending import Pending

Action = Callable[[], None]


class Timer:
    """Run small actions after real seconds, one after another, on one thread."""

    def __init__(self, pending: Pending) -> None:
        self._pending = pending
        self._wake = threading.Condition()
        self._heap: list[tuple[float, int, Action]] = []
        self._order = itertools.count()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="simulator-timer", daemon=True)
        self._thread.start()

    def after(self, seconds: float, action: Action) -> None:
        """Run the action when the seconds have passed; until then it counts as pending."""
        self._pending.add()
        with self._wake:
            heapq.heappush(self._heap, (time.monotonic() + seconds, next(self._order), action))
            self._wake.notify()

    def clear(self) -> None:
        """Forget everything that waits."""
        with self._wake:
            forgotten, self._heap = len(self._heap), []
        self._pending.done(forgotten)

    def stop(self) -> None:
        """End the thread; what waits never happens."""
        with self._wake:
            self._stopped = True
            self._wake.notify()
        self._thread.join(5)

    def _run(self) -> None:
        while (action := self._next()) is not None:
            try:
                action()
            except Exception:  # noqa: BLE001 - one broken action must not end all later ones; it is told
                traceback.print_exc(file=sys.stderr)
            finally:
                self._pending.done()

    def _next(self) -> Action | None:
        with self._wake:
            while not self._stopped:
                wait = self._heap[0][0] - time.monotonic() if self._heap else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._heap)[2]
                self._wake.wait(wait)
        return None
