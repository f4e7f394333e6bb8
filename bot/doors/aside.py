"""Work beside the main loop: what may have to wait for the network or a file must hold up nobody's answer."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from bot.log import get_logger
from bot.store.db import is_unavailable

LOG = get_logger(__name__)

WAITING = 2
"""One run at work and one that waits: the second sees whatever came after the first had looked."""


class Aside:
    """One thread that does one thing, as often as it is asked to."""

    def __init__(self, name: str, what: Callable[[], None]) -> None:
        self._what = what
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._runs: list[Future[None]] = []

    def go(self) -> None:
        """Ask for a run; returns at once."""
        self._runs = [run for run in self._runs if not run.done()]
        if len(self._runs) < WAITING:
            self._runs.append(self._pool.submit(self._run))

    def close(self, *, wait: bool = True) -> None:
        """Start no other run, and wait for the one at work if so asked."""
        self._pool.shutdown(wait=wait, cancel_futures=True)

    def _run(self) -> None:
        try:
            self._what()
        except Exception as error:
            if is_unavailable(error):
                LOG.warning("aside_unavailable", error=type(error).__name__)
            else:
                LOG.exception("aside_broken")
