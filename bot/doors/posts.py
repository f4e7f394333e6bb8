"""What is on its way to Meta: POSTs in parallel, never two of one contact, their outcomes written down in batches."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from bot.answering.answer import Mark
from bot.delivery import sending
from bot.delivery.sending import Claimed, Posted
from bot.log import get_logger
from bot.rights import opt_outs
from bot.runtime import Runtime
from bot.store import counters
from bot.wire import render
from bot.wire.errors import Outcome, SendError

LOG = get_logger(__name__)

AT_ONCE = 64
"""POSTs on their way at the same time."""
MARKS_AT_ONCE = 8
MOST_MARKS = 100
"""Read marks that wait; more are left out: nothing hangs on them, and no message may wait behind them."""


class Posts:
    """The threads of one shift and what they carry."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.flying: dict[Future[Posted], Claimed] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="post")
        self._marks = ThreadPoolExecutor(MARKS_AT_ONCE, thread_name_prefix="mark")
        self._marking: set[Future[None]] = set()

    @property
    def lanes(self) -> set[int]:
        """The lanes of what is on its way."""
        return {claimed.lane for claimed in self.flying.values()}

    def send(self, lanes: set[int]) -> bool:
        """Claim what may go in these lanes and set it on its way; return whether the gate had anything to judge."""
        runtime, room = self.runtime, AT_ONCE - len(self.flying)
        if not lanes or room <= 0:
            return False
        with runtime.db.write() as session:
            claimed, refused = sending.claim(
                session,
                runtime.vault,
                lanes,
                runtime.wabas(),
                now=runtime.clock(),
                quiet=runtime.quiet(),
                limit=room,
            )
            counters.bump(
                session, runtime.today(), Counter((business, f"refused_{reason}") for business, reason in refused)
            )
            session.commit()
        claimed_at = time.monotonic()
        for each in claimed:
            self.flying[self._pool.submit(self._post, each, claimed_at)] = each
        return bool(claimed or refused)

    def mark(self, marks: Iterable[Mark]) -> None:
        """Show what was read (and that an answer comes), best effort: nothing waits for it."""
        self._marking = {each for each in self._marking if not each.done()}
        for mark in marks:
            if len(self._marking) < MOST_MARKS:
                self._marking.add(self._marks.submit(self._mark, mark))

    def landed(self) -> bool:
        """Write down what has landed; return whether anything had."""
        return self._record([future for future in self.flying if future.done()])

    def wait(self, seconds: float) -> None:
        """Wait for one to land."""
        wait(self.flying, timeout=seconds, return_when=FIRST_COMPLETED)

    def close(self) -> None:
        """Bring home what is on its way; takes at most one HTTP time-out."""
        while self.flying:
            done, _ = wait(self.flying, return_when=FIRST_COMPLETED)
            self._record(list(done))
        self._pool.shutdown()
        self._marks.shutdown(wait=False, cancel_futures=True)

    def _record(self, futures: Sequence[Future[Posted]]) -> bool:
        if not futures:
            return False
        runtime = self.runtime
        posted = [future.result() for future in futures]
        with runtime.db.write() as session:
            recorded = sending.record(session, runtime.vault, posted, runtime.wabas(), now=runtime.clock())
            opt_outs.from_whatsapp(session, runtime.vault, recorded.opted_out, now=runtime.clock())
            counters.bump(session, runtime.today(), recorded.counts)
            session.commit()
        for future in futures:
            del self.flying[future]
        if recorded.alerts:
            runtime.read_tokens_again()
        for business, template, code in recorded.alerts:
            LOG.error("sending_alert", business=business, template=template, code=code)
        return True

    def _post(self, claimed: Claimed, claimed_at: float) -> Posted:
        try:
            number = self.runtime.number(claimed.number_id)
        except Exception:
            LOG.exception("post_broken", ref=claimed.ref)
            number = None
        if number is None:
            return Posted(claimed, error=SendError(Outcome.NOT_SENT))
        try:
            return sending.post(self.runtime.cloud, number.token, claimed, claimed_at)
        except Exception:
            # Whatever broke here, Meta may have the message: only a receipt or the grace can tell.
            LOG.exception("post_broken", ref=claimed.ref)
            return Posted(claimed, error=SendError(Outcome.UNKNOWN))

    def _mark(self, mark: Mark) -> None:
        number = self.runtime.number(mark.number_id)
        if number is None:
            return
        try:
            self.runtime.cloud.mark(mark.number_id, number.token, render.read_mark(mark.wamid, typing=mark.typing))
        except SendError as error:
            LOG.info("mark_failed", code=error.code)
