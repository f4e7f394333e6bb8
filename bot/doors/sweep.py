"""The sweeper: one leader finds what a lost ring, a dead worker or a due time has left lying."""

import threading
import time
from datetime import timedelta

from bot.answering import backlog
from bot.delivery import sending
from bot.doors import erasing, upkeep
from bot.doors.aside import Aside
from bot.log import get_logger
from bot.runtime import Runtime
from bot.store import leases
from bot.store.db import is_unavailable
from bot.store.vault import random_id

LOG = get_logger(__name__)

EVERY = 1.0
"""Seconds between two sweeps."""
LEADS = timedelta(seconds=5)
UPKEEP_EVERY = 60.0
NAME = "sweeper"


class Sweeper:
    """One candidate for the sweep; of all that run, one leads."""

    def __init__(self, runtime: Runtime, stop: threading.Event) -> None:
        self.runtime = runtime
        self.stop = stop
        self.holder = random_id()
        self.erasing = Aside("erasing", self._erase)
        self.upkeep = Aside("upkeep", lambda: upkeep.run(runtime))
        self._kept_up_at = float("-inf")
        self._waited = False

    def run(self) -> None:
        """Sweep at once, and every second until told to stop."""
        while True:
            try:
                # Here too where nobody writes and nobody asks: a broken file is logged within seconds.
                self.runtime.content()
                if self._leads():
                    self.sweep()
            except Exception as error:
                if is_unavailable(error):
                    LOG.warning("sweep_unavailable", error=type(error).__name__)
                else:
                    LOG.exception("sweep_broken")
            if self.stop.wait(EVERY):
                break
        self.erasing.close()
        self.upkeep.close()

    def sweep(self) -> None:
        """Do one sweep: settle doubts, ring for what waits, go on with erasures, keep up the rest now and then."""
        self._settle()
        self._ring()
        self.erasing.go()
        if time.monotonic() - self._kept_up_at > UPKEEP_EVERY:
            self._kept_up_at = time.monotonic()
            self.upkeep.go()

    def _settle(self) -> None:
        with self.runtime.db.read() as session:
            if not sending.in_doubt(session):
                return
        with self.runtime.db.write() as session:
            doubted, released = sending.settle_doubts(session, now=self.runtime.clock())
            session.commit()
        if doubted or released:
            LOG.warning("doubts_settled", count=doubted, tries=released)

    def _ring(self) -> None:
        """Ring when something waits; when it waited a sweep ago too, whoever is said to listen may be dead."""
        with self.runtime.db.read() as session:
            waits = backlog.look(session, now=self.runtime.clock()).any
        if waits:
            self.runtime.ring()
            if self._waited:
                self.runtime.ring_another()
        self._waited = waits

    def _erase(self) -> None:
        if erasing.advance_due(self.runtime):
            self.runtime.ring()

    def _leads(self) -> bool:
        with self.runtime.db.write() as session:
            leading = leases.take(session, [NAME], self.holder, LEADS)
            session.commit()
        return bool(leading)
