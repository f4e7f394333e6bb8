from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select

from bot.conversation.words import Store
from bot.delivery import receipts, sending
from bot.delivery.outbox import To
from bot.people import windows
from bot.store.db import Database
from bot.store.vault import Vault
from bot.wire.cloud import Accepted
from bot.wire.payload import Receipt, Status
from tests.support.making import (
    ALICE,
    BUSINESS,
    NOW,
    NUMBER,
    WABAS,
    contact,
    message,
    receipt,
    stage,
    take_in,
)  # fmt: skip

SECOND = timedelta(seconds=1)
WHEN = {Status.SENT: 1, Status.DELIVERED: 2, Status.READ: 3, Status.PLAYED: 4, Status.FAILED: 2}


def on_its_way(database: Database, vault: Vault, *, wamid: str = "", **more: object) -> str:
    """Return a message that was posted; with a wamid, Meta has accepted it."""
    with database.write() as session:
        to: To = contact(session, vault, ALICE)
        windows.open_windows(session, {(str(to.contact_id), NUMBER): NOW})
        ref = stage(session, to, **more)
        claimed, _ = sending.claim(session, vault, range(64), WABAS, now=NOW)
        if wamid:
            sending.record(session, vault, [sending.Posted(claimed[0], accepted=Accepted(wamid=wamid))], WABAS, now=NOW)
        session.commit()
    return ref


def told(ref: str, status: Status, **more: object) -> Receipt:
    code = 131026 if status is Status.FAILED else None
    return receipt(ref, status, at=NOW + WHEN[status] * SECOND, code=code, **more)


def merge(database: Database, vault: Vault, its: Sequence[Receipt], *, at_once: bool = True) -> receipts.Merged:
    merged = receipts.Merged()
    for batch in [its] if at_once else [[each] for each in its]:
        take_in(database, vault, receipts=batch)
        with database.write() as session:
            merged = receipts.merge(session, now=NOW)
            session.commit()
    return merged


@pytest.mark.laws
@pytest.mark.parametrize("at_once", [True, False], ids=["in one batch", "one by one"])
def test_any_order_and_any_copies_end_in_the_same_state(database: Database, vault: Vault, at_once: bool):  # noqa: FBT001
    statuses = (Status.SENT, Status.DELIVERED, Status.READ, Status.FAILED)
    ends = set()
    for order in permutations(statuses):
        ref = on_its_way(database, vault, wamid=f"wamid.{order}")
        merge(database, vault, [told(ref, status) for status in (*order, *order)], at_once=at_once)
        with database.read() as session:
            row = message(session, ref)
        ends.add((row.state, row.sent_at, row.delivered_at, row.read_at, row.failed_at, row.code))

    at = [NOW + seconds * SECOND for seconds in (1, 2, 3, 2)]
    assert ends == {("read", *at, 131026)}


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        pytest.param([Status.READ], "read", id="read without delivered, when the chat is open"),
        pytest.param([Status.SENT, Status.FAILED], "failed", id="failed after sent"),
        pytest.param([Status.FAILED, Status.SENT], "failed", id="sent told late does not undo a failure"),
        pytest.param([Status.FAILED, Status.DELIVERED], "delivered", id="what arrived has arrived"),
        pytest.param([Status.PLAYED, Status.READ], "played", id="a voice message that was played"),
        pytest.param([Status.READ, Status.SENT], "read", id="statuses never go back"),
    ],
)
def test_it_keeps_the_highest(database: Database, vault: Vault, statuses: list[Status], state: str):
    ref = on_its_way(database, vault, wamid="wamid.A")

    merge(database, vault, [told(ref, status) for status in statuses], at_once=False)

    with database.read() as session:
        assert message(session, ref).state == state


def test_a_receipt_may_come_before_the_answer_to_the_post(database: Database, vault: Vault):
    ref = on_its_way(database, vault)
    merge(database, vault, [told(ref, Status.DELIVERED)])

    with database.write() as session:
        row = message(session, ref)
        claimed = sending.Claimed(
            id=row.id, ref=ref, attempt=1, business=BUSINESS, number_id=NUMBER, contact_id=row.contact_id,
            lane=row.lane, kind="free", purpose="reply", template="", has_outside=False, request={},
        )  # fmt: skip
        sending.record(session, vault, [sending.Posted(claimed, accepted=Accepted(wamid="w"))], WABAS, now=NOW)

        assert message(session, ref).state == "delivered"
        assert message(session, ref).accepted_at == NOW


def test_a_receipt_without_our_id_is_known_by_its_wamid(database: Database, vault: Vault):
    ref = on_its_way(database, vault, wamid="wamid.A")

    merge(database, vault, [told("", Status.READ, wamid="wamid.A")])

    with database.read() as session:
        assert message(session, ref).state == "read"


@pytest.mark.laws
def test_a_receipt_of_nobody_is_dropped_unread(database: Database, vault: Vault):
    merged = merge(database, vault, [told("no-such-id", Status.READ)])

    assert merged.counts["", "receipt_dropped"] == 1
    with database.read() as session:
        assert session.execute(select(func.count()).select_from(receipts.receipts)).scalar_one() == 0


def test_a_receipt_that_may_be_of_a_send_not_yet_recorded_waits(database: Database, vault: Vault):
    merge(database, vault, [told("", Status.SENT, wamid="wamid.soon")])

    with database.write() as session:
        assert receipts.merge(session, now=NOW + receipts.PATIENCE).counts["", "receipt_dropped"] == 1


def test_each_status_is_counted_once(database: Database, vault: Vault):
    ref = on_its_way(database, vault, wamid="wamid.A")
    copies = [told(ref, Status.DELIVERED)] * 3

    first = merge(database, vault, copies)
    second = merge(database, vault, copies)

    assert first.counts[BUSINESS, "delivered"] == 1
    assert second.counts[BUSINESS, "delivered"] == 0


def test_the_price_is_kept_and_counted_once(database: Database, vault: Vault):
    ref = on_its_way(database, vault, wamid="wamid.A")

    first = merge(database, vault, [told(ref, Status.SENT), told(ref, Status.DELIVERED)])
    second = merge(database, vault, [told(ref, Status.READ)])

    assert first.counts[BUSINESS, "price_regular_service"] == 1
    assert second.counts[BUSINESS, "price_regular_service"] == 0
    with database.read() as session:
        assert (message(session, ref).price, message(session, ref).category) == ("regular", "service")


def test_a_text_that_is_not_to_be_kept_goes_with_the_last_receipt(database: Database, vault: Vault):
    ref = on_its_way(database, vault, wamid="wamid.A", store=Store.NONE)

    merge(database, vault, [told(ref, Status.SENT)])
    with database.read() as session:
        assert message(session, ref).body is not None
    merged = merge(database, vault, [told(ref, Status.DELIVERED)])

    assert [each.ref for each in merged.settled] == [ref]
    with database.read() as session:
        assert message(session, ref).body is None


@pytest.mark.parametrize("copies", [1, 3])
def test_a_window_that_closed_on_the_way_turns_to_the_template_once(database: Database, vault: Vault, copies: int):
    outside = {"name": "order_update", "values": {}, "languages": ["en"]}
    ref = on_its_way(database, vault, wamid="wamid.A", outside=outside)
    failure = receipt(ref, Status.FAILED, code=131047)

    merge(database, vault, [failure] * copies, at_once=False)

    with database.read() as session:
        row = message(session, ref)
    assert (row.state, row.body) == ("queued", None)


def test_who_stopped_at_whatsapp_is_told_upward(database: Database, vault: Vault):
    ref = on_its_way(database, vault, wamid="wamid.A")

    merged = merge(database, vault, [receipt(ref, Status.FAILED, code=131050)])

    assert [business for business, _ in merged.opted_out] == [BUSINESS]
