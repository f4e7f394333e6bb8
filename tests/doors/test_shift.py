"""A shift: it rests when there is nothing to be had, shares the lanes, and nothing beside the answers holds them up."""

import threading
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.answering.answer import Mark
from bot.delivery import sending
from bot.delivery.outbox import To, outbox
from bot.delivery.sending import Posted
from bot.doors import erasing
from bot.doors.shift import LANE_LEASE, Shift
from bot.doors.stand_ins import Earpiece, MovedClock, NoBell
from bot.people import windows
from bot.runtime import BoundNumber, Runtime
from bot.store import leases
from bot.store.lanes import LANES
from bot.wire.errors import Outcome, SendError
from bot.wire.payload import Identity, Status
from tests.support.making import ALICE, BOB, NOW, NUMBER, WABAS, contact, receipt, said, stage, take_in

PATIENCE = 5.0
"""Seconds after which a test gives up; where all is well nothing lasts so long."""


class OneRest(NoBell):
    """A bell that ends the shift at its first rest."""

    rested = False

    def wait(self, _seconds: float) -> bool:
        """Note the rest, and ask for an end."""
        self.rested = True
        self.stopping.set()
        return False


class SlowMarks(Earpiece):
    """Meta as it takes messages at once, and read marks when it is let go."""

    def __init__(self) -> None:
        super().__init__(lambda _request: {})
        self.let_go = threading.Event()

    def mark(self, _number_id: str, _token: str, _request: object) -> None:
        """Take a read mark."""
        self.let_go.wait(PATIENCE)


@pytest.fixture
def clock() -> MovedClock:
    """Give the clock of the messages that are made."""
    return MovedClock(NOW)


@pytest.fixture
def meta(runtime: Runtime) -> SlowMarks:
    """Give Meta."""
    runtime.cloud.close()
    meta = SlowMarks()
    runtime.cloud = cast("Any", meta)
    return meta


@pytest.fixture
def bell(runtime: Runtime) -> OneRest:
    """Give the bell."""
    bell = OneRest()
    runtime.doorbell = cast("Any", bell)
    return bell


@pytest.fixture
def worker(runtime: Runtime, meta: SlowMarks, bell: OneRest) -> Iterator[Callable[[], Shift]]:
    """Give what makes shifts, and end them."""
    made: list[Shift] = []

    def new() -> Shift:
        made.append(Shift(runtime))
        return made[-1]

    yield new
    meta.let_go.set()
    for each in made:
        each.posts.close()
        each.erasing.close()


def who_wrote(session: Session, runtime: Runtime, who: Identity) -> To:
    to = contact(session, runtime.vault, who)
    windows.open_windows(session, {(str(to.contact_id), NUMBER): NOW})
    return to


def of_two_lanes(runtime: Runtime) -> tuple[Identity, Identity]:
    """Return two people whose lanes differ."""
    with runtime.db.write() as session:
        lane = contact(session, runtime.vault, ALICE).lane
        many = (Identity(phone=f"4477009{number:05}", bsuid=f"GB.{number:020}") for number in range(100))
        other = next(who for who in many if contact(session, runtime.vault, who).lane != lane)
        session.commit()
    return ALICE, other


def states(runtime: Runtime) -> list[str]:
    with runtime.db.read() as session:
        return sorted(session.execute(select(outbox.c.state)).scalars())


@pytest.mark.parametrize(
    "error",
    [SendError(Outcome.UNKNOWN), SendError(Outcome.REFUSED, 131000, 500)],
    ids=["in doubt", "to be tried again"],
)
def test_it_rests_while_a_reply_waits_for_the_one_before(
    runtime: Runtime, bell: OneRest, worker: Callable[[], Shift], error: SendError
):
    with runtime.db.write() as session:
        alice = who_wrote(session, runtime, ALICE)
        stage(session, alice, "one")
        (claimed,), _ = sending.claim(session, runtime.vault, range(LANES), WABAS, now=NOW)
        sending.record(session, runtime.vault, [Posted(claimed, error=error)], WABAS, now=NOW)
        stage(session, alice, "two")
        session.commit()

    worker().run(1.0)

    assert bell.rested


def test_it_rests_while_a_receipt_waits_for_its_send(runtime: Runtime, bell: OneRest, worker: Callable[[], Shift]):
    take_in(runtime.db, runtime.vault, receipts=[receipt("", Status.SENT, wamid="wamid.other")])

    worker().run(1.0)

    assert bell.rested


def test_a_second_worker_takes_the_lanes_that_the_first_leaves(runtime: Runtime, worker: Callable[[], Shift]):
    people = of_two_lanes(runtime)
    one, two = worker(), worker()
    one.share = two.share = 1

    for shift in (one, two):
        take_in(runtime.db, runtime.vault, *(said(who, "hi") for who in people))
        shift.turn()

    assert len(one.lanes) == len(two.lanes) == 1
    assert one.lanes.isdisjoint(two.lanes)


@pytest.mark.laws
def test_nothing_is_sent_from_a_lane_that_somebody_else_has_taken(
    runtime: Runtime, meta: SlowMarks, worker: Callable[[], Shift]
):
    shift = worker()
    with runtime.db.write() as session:
        alice = who_wrote(session, runtime, ALICE)
        shift.lanes = {alice.lane}  # taken earlier, and not renewed in time
        assert leases.take(session, [str(alice.lane)], "somebody else", LANE_LEASE)
        stage(session, alice)
        session.commit()

    shift.turn()
    shift.posts.close()

    assert meta.heard == []


def test_its_end_does_not_wait_for_an_erasure(
    bell: OneRest, worker: Callable[[], Shift], monkeypatch: pytest.MonkeyPatch
):
    begun, let_go, ended = threading.Event(), threading.Event(), threading.Event()

    def slow(_runtime: Runtime) -> int:
        begun.set()
        let_go.wait(PATIENCE)
        ended.set()
        return 0

    monkeypatch.setattr(erasing, "advance_due", slow)
    shift = worker()
    shift.erasing.go()
    assert begun.wait(PATIENCE)

    shift.run(1.0)

    assert not ended.is_set()
    let_go.set()


def test_no_message_waits_behind_read_marks(runtime: Runtime, meta: SlowMarks, worker: Callable[[], Shift]):
    with runtime.db.write() as session:
        alice = who_wrote(session, runtime, ALICE)
        stage(session, alice)
        session.commit()
    posts = worker().posts

    posts.mark([Mark(NUMBER, "wamid.A", typing=False)] * 500)
    posts.send({alice.lane})
    posts.wait(PATIENCE)

    assert posts.landed()
    assert not meta.let_go.is_set()
    assert states(runtime) == ["accepted"]


def test_a_number_that_cannot_be_looked_up_keeps_no_outcome_from_being_recorded(
    runtime: Runtime, worker: Callable[[], Shift], monkeypatch: pytest.MonkeyPatch
):
    with runtime.db.write() as session:
        lanes = {to.lane for who in (ALICE, BOB) if stage(session, to := who_wrote(session, runtime, who))}
        session.commit()
    bound, broken = runtime.number, [FileNotFoundError()]

    def number(number_id: str) -> BoundNumber | None:
        if broken:
            raise broken.pop()
        return bound(number_id)

    monkeypatch.setattr(runtime, "number", number)
    posts = worker().posts

    posts.send(lanes)
    posts.close()

    assert states(runtime) == ["accepted", "queued"]
