"""The sweeper: one leader finds what a lost ring, a dead worker or a due time has left lying."""

import threading
import time
from datetime import timedelta

from bot.answering import backlog
from bot.delivery import sending
from bot.doors import erasing, upkeep
from bot.log import get_logger, reduced
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
        self._kept_up_at = 0.0

    def run(self) -> None:
        """Sweep every second until told to stop."""
        while not self.stop.wait(EVERY):
            try:
                if self._leads():
                    self.sweep()
            except Exception as error:
                if not is_unavailable(error):
                    LOG.exception("sweep_broken")
                else:
                    LOG.warning("sweep_unavailable", **reduced(error))

    def sweep(self) -> None:
        """Do one sweep: settle doubts, go on with erasures, ring for what waits, keep up the rest now and then."""
        runtime = self.runtime
        with runtime.db.write() as session:
            doubted, released = sending.settle_doubts(session, now=runtime.clock())
            session.commit()
        if doubted or released:
            LOG.warning("doubts_settled", count=doubted, tries=released)
        erasing.advance_due(runtime)
        with runtime.db.read() as session:
            waiting = backlog.look(session, now=runtime.clock())
        if waiting.any:
            runtime.ring()
        if time.monotonic() - self._kept_up_at > UPKEEP_EVERY:
            self._kept_up_at = time.monotonic()
            upkeep.run(runtime)

    def _leads(self) -> bool:
        with self.runtime.db.write() as session:
            leading = leases.take(session, [NAME], self.holder, LEADS)
            session.commit()
        return bool(leading)
