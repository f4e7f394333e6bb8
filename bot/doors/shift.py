"""One worker's shift: take the free lanes with work, answer, send, merge receipts; linger on the bell; then leave."""

import threading
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta

from bot.answering import answer, turns
from bot.answering.answer import Mark
from bot.delivery import receipts, sending, work
from bot.delivery.sending import Claimed, Posted
from bot.doors import erasing
from bot.log import get_logger, reduced
from bot.runtime import Runtime
from bot.store import counters, leases
from bot.store.vault import random_id
from bot.wire.errors import Outcome, SendError

LOG = get_logger(__name__)
LANE_LEASE = timedelta(seconds=30)
LASTS = 20.0
"""Seconds until a shift ends; then RQ sees the worker alive, and the next ring starts another one."""
LINGERS = 1.0
"""Seconds on the bell before the stop signal and the end are looked at again."""
AT_ONCE = 64
"""POSTs on their way at the same time."""
BATCH = 100

stopping = threading.Event()
"""Set when the process is told to stop: nothing new is begun, what is on its way is waited for."""


class Shift:
    """The state of one run: who holds the lanes, what is on its way."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.holder = random_id()
        self.flying: dict[Future[Posted], Claimed] = {}
        self.lanes: set[int] = set()
        self.pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="post")

    def run(self, lasts: float = LASTS) -> None:
        """Work until the time is over or a stop is asked for, then bring home what is on its way."""
        end = time.monotonic() + lasts
        try:
            while time.monotonic() < end and not stopping.is_set():
                if not self.turn():
                    self.rest(end)
        finally:
            self.land()
            self.pool.shutdown()
            self._release(self.lanes)
        if self._work_waits():
            self.runtime.ring()

    def turn(self) -> bool:
        """Do one round of everything; return whether there was anything to do."""
        merged = self._merge_receipts()
        answered = self._answer()
        sent = self._send()
        return merged or answered or sent or self._record(self._landed())

    def rest(self, end: float) -> None:
        """Wait for a POST to land, else give the lanes back, look once more, and linger on the bell.

        The look comes after the lanes are free: whoever rang and found them taken has left it to us.
        """
        if self.flying:
            wait(self.flying, timeout=LINGERS, return_when=FIRST_COMPLETED)
            return
        self._release(self.lanes)
        if not self._work_waits():
            self.runtime.listen(min(LINGERS, max(0.0, end - time.monotonic())))

    def land(self) -> None:
        """Wait for what is on its way and write it down; takes at most one HTTP time-out."""
        while self.flying:
            wait(self.flying, return_when=FIRST_COMPLETED)
            self._record(self._landed())

    def _merge_receipts(self) -> bool:
        runtime = self.runtime
        with runtime.db.write() as session:
            merged = receipts.merge(session, runtime.vault, now=runtime.clock(), limit=5 * BATCH)
            if not merged.taken:
                return False
            turns.shred(session, [each.event_id for each in merged.settled if each.event_id is not None])
            counters.bump(session, runtime.today(), merged.counts)
            session.commit()
        if any(each.envelope_id for each in merged.settled):
            erasing.advance_due(runtime)
        return True
