from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.conversation.words import Purpose, Scope
from bot.delivery import numbers, receipts, sending, templates
from bot.delivery.outbox import To, outbox
from bot.delivery.sending import Claimed, Posted
from bot.delivery.sending.claim import LEASE
from bot.delivery.sending.facts import UNREADABLE
from bot.people import suppression, windows
from bot.store.columns import EPOCH
from bot.store.db import Database, db_now, table
from bot.store.lanes import LANES
from bot.store.models import Contact
from bot.store.vault import Vault
from bot.wire.cloud import Accepted
from bot.wire.errors import Outcome, SendError
from bot.wire.payload import Status
from tests.support.making import (
    ALICE,
    BOB,
    BUSINESS,
    CAROL,
    MINUTE,
    NOW,
    NUMBER,
    WABA,
    WABAS,
    contact,
    message,
    receipt,
    stage,
    take_in,
)  # fmt: skip

LANES_ALL = range(LANES)
OUTSIDE = {"name": "order_update", "values": {"order": "4711"}, "languages": ["en"]}
DEFINITION = {
    "name": "order_update",
    "language": "en",
    "status": "APPROVED",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "components": [{"type": "BODY", "text": "Your order {{order}} is ready."}],
}


@pytest.fixture
def alice(database: Database, vault: Vault) -> To:
    """Give Alice, who has just written."""
    with database.write() as session:
        to = contact(session, vault, ALICE)
        wrote(session, to)
        session.commit()
    return to


def wrote(session: Session, to: To, at: datetime = NOW) -> None:
    windows.open_windows(session, {(str(to.contact_id), NUMBER): at})


def claim(session: Session, vault: Vault, *, now: datetime = NOW) -> list[Claimed]:
    claimed, _ = sending.claim(session, vault, LANES_ALL, WABAS, now=now)
    return claimed


def record(session: Session, vault: Vault, *posted: Posted, now: datetime = NOW) -> sending.Recorded:
    return sending.record(session, vault, posted, WABAS, now=now)


def accepted(claimed: Claimed, wamid: str = "wamid.A") -> Posted:
    return Posted(claimed, accepted=Accepted(wamid=wamid))


def refused(claimed: Claimed, code: int) -> Posted:
    return Posted(claimed, error=SendError(Outcome.REFUSED, code, 400))


def pass_time(session: Session, ref: str) -> None:
    """Let the lease or the grace of a message be over."""
    session.execute(update(outbox).where(outbox.c.ref == ref).values(lease_until=EPOCH))


def merge(database: Database, vault: Vault, *its: Any, now: datetime = NOW) -> receipts.Merged:
    take_in(database, vault, receipts=its, now=now)
    with database.write() as session:
        merged = receipts.merge(session, now=now)
        session.commit()
    return merged


def test_what_is_claimed_is_the_whole_request(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        ref = stage(session, alice, "hello")
        (claimed,) = claim(session, vault)

        assert claimed.request == {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "+447700900001",
            "type": "text",
            "text": {"body": "hello", "preview_url": False},
            "biz_opaque_callback_data": ref,
        }
        assert (message(session, ref).state, message(session, ref).attempt) == ("sending", 1)


def test_who_has_no_number_is_reached_by_her_user_id(database: Database, vault: Vault):
    with database.write() as session:
        carol = contact(session, vault, CAROL)
        wrote(session, carol)
        stage(session, carol)
        (claimed,) = claim(session, vault)

        assert claimed.request["recipient"] == CAROL.bsuid
        assert "to" not in claimed.request


@pytest.mark.laws
def test_replies_to_one_contact_go_one_by_one_in_order(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        refs = [stage(session, alice, text) for text in ("one", "two", "three")]
        went = []
        for _ in refs:
            (claimed,) = claim(session, vault)
            assert claim(session, vault) == [], "nothing overtakes what is on its way"
            record(session, vault, accepted(claimed, claimed.ref))
            went.append(claimed.ref)

        assert went == refs


@pytest.mark.laws
def test_nobody_waits_for_somebody_else(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        bob = contact(session, vault, BOB)
        wrote(session, bob)
        first, second = stage(session, alice, "one"), stage(session, alice, "two")
        claim(session, vault)
        other = stage(session, bob)

        assert [each.ref for each in claim(session, vault)] == [other]
        assert {first, second}.isdisjoint({other})


def test_a_reply_waits_for_the_one_before_that_is_tried_again(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        stage(session, alice, "one")
        stage(session, alice, "two")
        (claimed,) = claim(session, vault)
        record(session, vault, refused(claimed, 131000))

        assert claim(session, vault) == []
        (again,) = claim(session, vault, now=NOW + MINUTE)
        assert (again.ref, again.attempt) == (claimed.ref, 2)


def test_a_follow_up_of_tomorrow_holds_nothing_up(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        stage(session, alice, due_at=NOW + timedelta(hours=25), source="follow_up", follow_up="x")
        now = stage(session, alice)

        assert [each.ref for each in claim(session, vault)] == [now]


@pytest.mark.laws
def test_outside_the_window_only_an_approved_template_goes(database: Database, vault: Vault, alice: To):
    later = NOW + timedelta(hours=25)
    with database.write() as session:
        templates.sync(session, WABA, [DEFINITION], now=NOW)
        plain = stage(session, alice, due_at=later)
        ref = stage(session, alice, due_at=later, outside=OUTSIDE)
        claims = [*claim(session, vault, now=later), *claim(session, vault, now=later)]

        assert message(session, plain).reason == "window_closed"
        assert [each.ref for each in claims] == [ref]
        assert claims[0].request["template"] == {
            "name": "order_update",
            "language": {"code": "en"},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "parameter_name": "order", "text": "4711"}]}
            ],
        }


@pytest.mark.parametrize(
    ("changes", "outside", "reason"),
    [
        pytest.param({"status": "PAUSED"}, OUTSIDE, "template_not_approved", id="a paused template"),
        pytest.param({"name": "other"}, OUTSIDE, "template_missing", id="a template Meta does not have"),
        pytest.param({"language": "hi"}, OUTSIDE, "template_missing", id="in that language"),
        pytest.param({}, {**OUTSIDE, "values": {}}, "template_parameters", id="a missing parameter"),
        pytest.param({}, {**OUTSIDE, "values": {"order": "1", "x": "2"}}, "template_parameters", id="one too many"),
    ],
)
def test_a_template_that_does_not_fit_is_refused_here(
    database: Database, vault: Vault, alice: To, changes: dict[str, Any], outside: dict[str, Any], reason: str
):
    later = NOW + timedelta(hours=25)
    with database.write() as session:
        templates.sync(session, WABA, [DEFINITION | changes], now=NOW)
        ref = stage(session, alice, due_at=later, outside=outside)

        assert claim(session, vault, now=later) == []
        assert (message(session, ref).state, message(session, ref).reason) == ("blocked", reason)


@pytest.mark.laws
def test_nothing_goes_to_a_contact_whose_epoch_has_moved_on(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        ref = stage(session, alice, purpose=Purpose.RIGHTS)
        session.execute(update(table(Contact)).values(epoch=2))

        assert claim(session, vault) == []
        assert message(session, ref).reason == "erased"
        assert message(session, ref).body is None


@pytest.mark.laws
def test_the_gate_reads_the_suppression_list_in_the_claiming_transaction(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        ref = stage(session, alice, source="api", purpose=Purpose.TRANSACTIONAL)
        suppression.suppress(session, vault, BUSINESS, Scope.ALL, contact_id=alice.contact_id, since=NOW, now=NOW)

        assert claim(session, vault) == []
        assert message(session, ref).reason == "opted_out"


@pytest.mark.laws
def test_a_worker_that_wakes_from_the_dead_changes_nothing(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        ref = stage(session, alice)
        (zombies,) = claim(session, vault)
        pass_time(session, ref)
        sending.settle_doubts(session, now=NOW)
        pass_time(session, ref)
        sending.settle_doubts(session, now=NOW)
        (second,) = claim(session, vault)
        record(session, vault, refused(zombies, 131026))

        assert (message(session, ref).state, message(session, ref).attempt) == ("sending", 2)
        record(session, vault, accepted(second))
        assert message(session, ref).state == "accepted"


@pytest.mark.laws
@pytest.mark.parametrize("purpose", [Purpose.REPLY, Purpose.RIGHTS, Purpose.TRANSACTIONAL, Purpose.MARKETING])
def test_an_attempt_of_unknown_outcome_waits_for_a_receipt(
    database: Database, vault: Vault, alice: To, purpose: Purpose
):
    with database.write() as session:
        ref = stage(session, alice)
        (claimed,) = claim(session, vault)
        record(session, vault, Posted(replace(claimed, purpose=purpose), error=SendError(Outcome.UNKNOWN)))
        sending.settle_doubts(session, now=NOW)

        assert message(session, ref).state == "unknown"
        assert claim(session, vault) == []
        session.commit()
    merge(database, vault, receipt(ref, Status.SENT))
    with database.read() as session:
        assert message(session, ref).state == "sent"


@pytest.mark.laws
def test_marketing_is_never_resent_by_itself(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        ref = stage(session, alice)
        session.execute(update(outbox).values(purpose=Purpose.MARKETING, state="sending", lease_until=EPOCH))
        for _ in range(3):
            sending.settle_doubts(session, now=NOW)

        assert message(session, ref).state == "unknown"


def test_a_doubt_past_its_usefulness_expires(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        ref = stage(session, alice)
        session.execute(update(outbox).values(state="unknown", lease_until=EPOCH, expires_at=NOW))
        sending.settle_doubts(session, now=NOW)

        assert (message(session, ref).state, message(session, ref).body) == ("expired", None)


def test_a_refused_window_turns_to_the_template(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        templates.sync(session, WABA, [DEFINITION], now=NOW)
        ref = stage(session, alice, outside=OUTSIDE)
        (free,) = claim(session, vault)
        record(session, vault, refused(free, 131047))
        (again,) = claim(session, vault)

        assert (free.kind, again.kind) == ("free", "template")
        assert again.ref == ref


def test_a_number_that_fails_pauses_and_what_waits_is_released_with_it(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        bob = contact(session, vault, BOB)
        wrote(session, bob)
        stage(session, alice)
        (first,) = claim(session, vault)
        recorded = record(session, vault, refused(first, 190))
        waits = stage(session, bob)

        assert recorded.alerts == [(BUSINESS, "", 190)]
        assert claim(session, vault) == []
        assert message(session, waits).reason == "paused"
        probe_at = message(session, first.ref).due_at
        probes = claim(session, vault, now=probe_at)
        record(session, vault, accepted(probes[0]), now=probe_at)
        assert numbers.pauses(session, [NUMBER]) == {}
        rest = {each.ref for each in [*probes[1:], *claim(session, vault, now=probe_at)]}
        assert {probes[0].ref, *rest} == {first.ref, waits}


def test_a_second_failure_of_a_number_alerts_nobody_again(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        stage(session, alice)
        (first,) = claim(session, vault)
        record(session, vault, refused(first, 190))
        (second,) = claim(session, vault, now=NOW + timedelta(hours=1))

        assert record(session, vault, refused(second, 190), now=NOW + timedelta(hours=1)).alerts == []


def test_a_paused_template_is_not_tried_again(database: Database, vault: Vault, alice: To):
    later = NOW + timedelta(hours=25)
    with database.write() as session:
        templates.sync(session, WABA, [DEFINITION], now=NOW)
        stage(session, alice, due_at=later, outside=OUTSIDE)
        (claimed,) = claim(session, vault, now=later)
        recorded = record(session, vault, refused(claimed, 132015), now=later)
        definition = templates.find(session, WABA, "order_update", ["en"])

    assert recorded.alerts == [(BUSINESS, "order_update", 132015)]
    assert definition is not None
    assert definition.status == "PAUSED"


def test_who_stopped_at_whatsapp_is_told_upward(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        stage(session, alice)
        (claimed,) = claim(session, vault)

        assert record(session, vault, refused(claimed, 131050)).opted_out == [(BUSINESS, alice.contact_id)]


def test_leases_go_by_the_clock_of_the_database(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        ref = stage(session, alice)
        claim(session, vault)
        left = message(session, ref).lease_until - session.execute(select(db_now())).scalar_one()

        assert timedelta() < left <= LEASE


def test_a_key_that_does_not_open_holds_up_nobody_else_and_loses_nothing(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        bob = contact(session, Vault([b"another master key of 32 bytes.."], [b"p" * 32]), BOB)
        wrote(session, bob)
        waits, goes = stage(session, bob), stage(session, alice)

        assert [each.ref for each in claim(session, vault)] == [goes]
        assert (message(session, waits).state, message(session, waits).due_at) == ("queued", NOW + UNREADABLE)
