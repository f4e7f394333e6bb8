"""One worker's shift: take the free lanes with work, answer, send, merge receipts; linger on the bell; then leave."""

import threading
import time
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from bot.answering import answer, backlog, turns
from bot.answering.answer import OvertakenError
from bot.answering.backlog import Backlog
from bot.delivery import receipts
from bot.doors import erasing
from bot.doors.aside import Aside
from bot.doors.posts import Posts
from bot.log import get_logger
from bot.rights import opt_outs
from bot.runtime import Runtime
from bot.store import bells, counters, leases
from bot.store.db import is_unavailable
from bot.store.lanes import LANES
from bot.store.vault import random_id

LOG = get_logger(__name__)

LANE_LEASE = timedelta(seconds=8)
"""Renewed at every turn; what a dead worker held is free after so long."""
LASTS = 20.0
"""Seconds until a shift ends; then RQ sees the worker alive, and the next ring starts another one."""
LINGERS = 1.0
"""Seconds on the bell before the end and a stop are looked at again."""
GLANCE = 0.05
"""Seconds between two looks at what has come in while POSTs are on their way."""
BATCH = 100
DEAF = 0.2
"""Seconds to wait in place of the bell while Redis does not answer."""


class Shift:
    """The state of one run: which lanes it holds, what is on its way."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.holder = random_id()
        self.share = -(-LANES // max(1, runtime.settings.workers))
        self.lanes: set[int] = set()
        self.posts = Posts(runtime)
        self.erasing = Aside("erasing", self._erase)
        self._never = threading.Event()

    def run(self, lasts: float = LASTS) -> None:
        """Work until the time is over or a stop is asked for, then bring home what is on its way."""
        end = time.monotonic() + lasts
        self._listen(timedelta(seconds=lasts))
        try:
            while time.monotonic() < end and not self.runtime.doorbell.stopping.is_set():
                if not self.turn():
                    self._rest(end)
        finally:
            self.posts.close()
            self.erasing.close(wait=False)
            self._release()
        if self.runtime.doorbell.stopping.is_set():
            self._listen(None)
        elif self._look().any:
            self.runtime.ring()

    def turn(self) -> bool:
        """Do one round of everything that waits; return whether there was anything to do."""
        waiting = self._look()
        merged = waiting.receipts and self._merge_receipts()
        answered = self._answer(waiting.lanes)
        sent = self.posts.send(self.lanes)
        landed = self.posts.landed()
        if len(waiting.lanes) > self.share:
            self.runtime.ring_another()
        return merged or answered or sent or landed

    def _rest(self, end: float) -> None:
        """Wait for a POST to land; with none on its way give the lanes back, look once more, linger on the bell.

        The look comes after the lanes are free: whoever rang and found them taken has left the work to us.
        """
        if self.posts.flying:
            self.posts.wait(GLANCE)
            return
        self._release()
        # What waits although a whole turn found nothing to do is not to be had yet: look again soon, but do not spin.
        lingers = DEAF if self._look().any else LINGERS
        doorbell = self.runtime.doorbell
        left = min(lingers, max(0.0, end - time.monotonic()))
        if not doorbell.wait(left) and not doorbell.alive():
            self._never.wait(DEAF)

    def _listen(self, lasts: timedelta | None) -> None:
        with self.runtime.db.write() as session:
            if lasts is None:
                bells.fall_silent(session)
            else:
                bells.answer_ring(session, lasts)
            session.commit()

    def _look(self) -> Backlog:
        with self.runtime.db.read() as session:
            return backlog.look(session, now=self.runtime.clock())

    def _merge_receipts(self) -> bool:
        runtime = self.runtime
        with runtime.db.write() as session:
            merged = receipts.merge(session, now=runtime.clock(), limit=5 * BATCH)
            turns.shred(session, [each.event_id for each in merged.settled if each.event_id is not None])
            opt_outs.from_whatsapp(session, runtime.vault, merged.opted_out, now=runtime.clock())
            counters.bump(session, runtime.today(), merged.counts)
            session.commit()
        if any(each.envelope_id for each in merged.settled):
            self.erasing.go()
        return merged.taken > 0

    def _answer(self, waiting: Collection[int]) -> bool:
        rows = self._take(waiting)
        if not rows:
            return False
        runtime = self.runtime
        try:
            with runtime.db.write() as session:
                answered = answer.answer(session, runtime.vault, runtime.desks(), rows, now=runtime.clock())
                counters.bump(session, runtime.today(), answered.counts)
                session.commit()
        except OvertakenError:
            # Somebody else has handled one of them, or its sender was joined to another: read them anew.
            self._give_back(rows)
            return True
        except Exception as error:
            if is_unavailable(error):
                self._give_back(rows)
            raise
        self.posts.mark(answered.marks)
        if answered.erasures:
            self.erasing.go()
        for business, name in answered.alerts:
            LOG.warning(name, business=business)
        return True

    def _erase(self) -> None:
        """Go on with erasures; what they have to say is sent by whoever hears the bell."""
        if erasing.advance_due(self.runtime):
            self.runtime.ring()

    def _take(self, waiting: Collection[int]) -> list[Row[Any]]:
        """Take a share of the lanes that wait, keep those with something on its way; return their oldest events."""
        own_first = sorted(waiting, key=lambda lane: (lane not in self.lanes, lane))
        if not own_first and not self.posts.lanes:
            self._release()
            return []
        with self.runtime.db.write() as session:
            others = leases.of_others(session, self.holder)
            free = [lane for lane in own_first if str(lane) not in others]
            wanted = self.posts.lanes | set(free[: self.share])
            leases.release(session, [str(lane) for lane in self.lanes - wanted], self.holder)
            held = leases.take(session, [str(lane) for lane in wanted], self.holder, LANE_LEASE)
            self.lanes = {int(name) for name in held}
            rows = turns.take(session, [int(name) for name in held], limit=BATCH)
            session.commit()
        return rows

    def _give_back(self, rows: Collection[Row[Any]]) -> None:
        """Uncount the attempt: the database failed, not the events."""
        with self.runtime.db.write() as session:
            turns.give_back(session, [row.id for row in rows])
            session.commit()

    def _release(self) -> None:
        if not self.lanes:
            return
        with self.runtime.db.write() as session:
            leases.release(session, [str(lane) for lane in self.lanes], self.holder)
            session.commit()
        self.lanes = set()
