"""Retention: every period of the policy is kept, in every table."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.config.content import Business
from bot.config.policy import Period, Policy
from bot.conversation.words import Scope
from bot.delivery.outbox import To, outbox
from bot.people import contacts, standing, suppression
from bot.people.contacts import Found
from bot.people.reach import contact_keys, identifiers, people
from bot.people.suppression import liftings, suppressions
from bot.rights import export, holdings, opt_outs, retention
from bot.rights import requests as register
from bot.rights.envelopes import envelopes
from bot.rights.holdings import events
from bot.rights.journal import journal
from bot.rights.requests import Asked, Right
from bot.store.columns import EPOCH, Eraser
from bot.store.db import insert, table
from bot.store.models import TABLES, ApiKey, ConsentEntry, Counter, HandOver, ReceiptRow, Seen, Window
from bot.store.vault import Vault
from tests.rights.house import ASHA, NOW, NUMBER, SHOP, hear, know, say

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def policies(bakery: Business):
    return {SHOP: bakery.policy}


def purge(session: Session, policies: Mapping[str, Policy], after: Any):
    return retention.purge(session, now=NOW + after, policies=policies)


@pytest.fixture
def known(session: Session, vault: Vault):
    return know(session, vault, ASHA)


def test_nothing_goes_before_its_time(session: Session, vault: Vault, policies: Mapping[str, Policy], known: Found):
    assert purge(session, policies, 9 * DAY) == {}


def test_texts_go_after_their_period_and_the_rest_of_the_row_stays(
    session: Session, policies: Mapping[str, Policy], known: Found
):
    gone = purge(session, policies, 30 * DAY + HOUR)

    assert gone == {"inbound_events.body": 1, "outbox_messages.body": 3}
    assert [row.body for row in session.execute(select(events))] == [None]
    assert [row.body for row in session.execute(select(outbox))] == [None] * 3


def test_texts_are_there_until_their_period_is_over(session: Session, policies: Mapping[str, Policy], known: Found):
    assert "inbound_events.body" not in purge(session, policies, 30 * DAY - HOUR)


def test_metadata_goes_with_the_contact_after_a_quiet_year(
    session: Session, vault: Vault, policies: Mapping[str, Policy], known: Found
):
    purge(session, policies, 366 * DAY)

    left = {model.__tablename__ for model in TABLES if session.execute(select(table(model)).limit(1)).first()}
    assert left == {"consent_entries"}
    assert holdings.left(session, known.contact_id) == {"consent_entries"}


def test_consent_is_kept_for_its_own_period(session: Session, policies: Mapping[str, Policy], known: Found):
    purge(session, policies, 1096 * DAY)

    assert session.execute(select(table(ConsentEntry))).first() is None


def test_a_contact_who_writes_is_kept(session: Session, policies: Mapping[str, Policy], known: Found):
    session.execute(update(people).values(last_inbound_at=NOW + 300 * DAY))
    purge(session, policies, 366 * DAY)

    assert session.execute(select(people)).first()
    assert session.execute(select(contact_keys)).first()
    assert len(session.execute(select(identifiers)).all()) == 3


def test_a_contact_whom_we_wrote_to_is_kept(session: Session, policies: Mapping[str, Policy], known: Found):
    to = To(contact_id=known.contact_id, lane=known.lane, key=known.key, epoch=1)
    say(session, to, "delivered", now=NOW + 100 * DAY)
    purge(session, policies, 366 * DAY)

    assert session.execute(select(people)).first()


def test_a_contact_under_a_hold_is_kept_until_it_ends(session: Session, policies: Mapping[str, Policy], known: Found):
    standing.hold(session, known.contact_id, NOW + 400 * DAY)
    purge(session, policies, 366 * DAY)
    assert session.execute(select(people)).first()

    purge(session, policies, 401 * DAY)
    assert session.execute(select(people)).first() is None


def test_an_opt_out_outlives_the_contact(session: Session, vault: Vault, policies: Mapping[str, Policy], known: Found):
    opt_outs.opt_out(session, vault, SHOP, Scope.ALL, contact_id=known.contact_id, since=NOW, now=NOW)
    purge(session, policies, 366 * DAY)

    assert suppression.of_hashes(session, known.hashes) == {Scope.ALL}
    again = contacts.resolve(session, vault, SHOP, [ASHA], now=NOW + 366 * DAY)[0]
    assert suppression.of_contacts(session, [again.contact_id]) == {again.contact_id: {Scope.ALL}}


@pytest.mark.parametrize(
    ("model", "row", "days"),
    [
        pytest.param(Seen, {"hash": "h", "day": (NOW - EPOCH).days}, 10, id="hashes of messages"),
        pytest.param(ApiKey, {"hash": "h", "request_hash": "h", "ref": "r", "at": NOW}, 10, id="idempotency keys"),
        pytest.param(
            Counter, {"day": (NOW - EPOCH).days, "business": SHOP, "name": "sent", "value": 1}, 730, id="counts"
        ),
        pytest.param(
            ReceiptRow,
            {"number_id": "n", "ref": "r", "wamid_hash": "h", "status": "sent", "at": NOW, "received_at": NOW},
            7,
            id="receipts that match nothing",
        ),
        pytest.param(Window, {"contact_id": "c", "number_id": "n", "last_inbound_at": NOW}, 365, id="windows"),
        pytest.param(
            HandOver, {"id": "i", "business": SHOP, "contact_id": "c", "since": NOW, "until": NOW}, 365, id="hand-overs"
        ),
    ],
)
def test_rows_go_by_the_period_of_their_class(
    session: Session, policies: Mapping[str, Policy], model: Any, row: dict[str, Any], days: int
):
    session.execute(insert(session, model).values(row))

    assert purge(session, policies, days * DAY - HOUR)[model.__tablename__] == 0
    assert purge(session, policies, (days + 1) * DAY + HOUR)[model.__tablename__] == 1


def test_suppressions_journal_and_liftings_go_in_the_end(
    session: Session, vault: Vault, policies: Mapping[str, Policy]
):
    opt_outs.opt_out(session, vault, SHOP, Scope.ALL, hashes=["h"], since=NOW, now=NOW)
    suppression.lift(session, hashes=["other"], at=NOW)
    purge(session, policies, 11 * DAY)
    assert session.execute(select(liftings)).first() is None
    assert session.execute(select(suppressions)).first()

    purge(session, policies, 3651 * DAY)
    assert session.execute(select(suppressions)).first() is None
    assert session.execute(select(journal)).first() is None


def test_requests_end_up_without_anybody(
    session: Session, vault: Vault, bakery: Business, policies: Mapping[str, Policy], known: Found
):
    export.summary(session, vault, known.contact_id, bakery, "en", now=NOW)
    open_ = register.open_request(
        session, vault, Right.ERASURE, Asked(business=bakery, contact_id="c"), now=NOW, step="drain"
    )
    purge(session, policies, 1096 * DAY)

    rows = {row.id: row.contact_id for row in session.execute(select(register.requests))}
    assert rows.pop(open_.id) == "c"
    assert list(rows.values()) == [None]


def test_each_business_has_its_own_periods(session: Session, policies: Mapping[str, Policy], known: Found):
    quick = replace(policies[SHOP], retention={**policies[SHOP].retention, "content": Period(DAY, "delete")})
    with_others = {"other": quick, SHOP: policies[SHOP]}

    assert purge(session, with_others, 2 * DAY) == {}
    assert purge(session, {SHOP: quick}, 2 * DAY)["inbound_events.body"] == 1


def test_a_business_that_is_served_no_more_goes_by_the_shortest_period(
    session: Session, policies: Mapping[str, Policy], known: Found
):
    quick = replace(policies[SHOP], retention={**policies[SHOP].retention, "content": Period(DAY, "delete")})

    assert purge(session, {"other": policies[SHOP], "quick": quick}, 2 * DAY)["inbound_events.body"] == 1


def test_without_a_policy_nothing_is_touched(session: Session, known: Found):
    assert purge(session, {}, 9999 * DAY) == {}


# --- what is not to be stored


@pytest.fixture
def unstored(session: Session, known: Found):
    hear(session, known, "none", {"text": "secret"}, store="none", state="done", handled_at=NOW)
    row = session.execute(select(events).where(events.c.store == "none")).one()

    def answer(state: str) -> str:
        to = To(contact_id=known.contact_id, lane=known.lane, key=known.key, epoch=1)
        return say(session, to, state, event_id=row.id)

    return answer


@pytest.mark.parametrize(
    ("state", "minutes", "goes"),
    [
        pytest.param("delivered", 1, True, id="its answer arrived"),
        pytest.param("failed", 1, True, id="its answer failed"),
        pytest.param("sent", 59, False, id="its answer is on its way"),
        pytest.param("sent", 61, True, id="the receipt never came"),
    ],
)
def test_a_text_that_is_not_to_be_stored_goes_with_its_answer(
    session: Session,
    policies: Mapping[str, Policy],
    unstored: Callable[[str], str],
    state: str,
    minutes: int,
    goes: Any,
):
    unstored(state)
    purge(session, policies, timedelta(minutes=minutes))

    body = session.execute(select(events.c.body).where(events.c.store == "none")).scalar()
    assert (body is None) == goes


def test_messages_of_the_erased_that_no_turn_took_go_within_a_day(
    session: Session, policies: Mapping[str, Policy], vault: Vault
):
    suppression.suppress(session, vault, SHOP, Scope.ERASED, hashes=["h"], since=NOW, now=NOW)
    key, wrapped = vault.new_key()
    row = {
        "ref": "r", "business": SHOP, "number_id": NUMBER, "lane": 1, "kind": "text", "key_hash": "k", "at": NOW,
        "received_at": NOW, "own_key": wrapped, "body": key.seal(b"x", "y"),
    }  # fmt: skip
    session.execute(insert(session, table_of_events()).values(row))

    assert purge(session, policies, 23 * HOUR)["inbound_events"] == 0
    assert purge(session, policies, 25 * HOUR)["inbound_events"] == 1


def table_of_events():
    return next(model for model in TABLES if model.__tablename__ == "inbound_events")


# --- the law, and the size of a batch


@pytest.mark.laws
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__tablename__)
def test_every_class_of_a_table_has_a_period(bakery: Business, model: Any):
    assert model.keeping.retention in bakery.policy.retention


@pytest.mark.laws
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__tablename__)
def test_every_table_ages_goes_with_the_contact_or_holds_nobody(model: Any):
    with_the_contact = model.keeping.eraser is Eraser.DELETE and model.keeping.retention in ("metadata", "keys")
    of_the_service = model.keeping.retention == "service"

    assert model in retention.AGED_BY or with_the_contact or of_the_service or table(model) is envelopes


def test_a_run_takes_a_batch_and_the_next_one_the_rest(
    session: Session, policies: Mapping[str, Policy], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(retention, "BATCH", 3)
    day = (NOW - EPOCH).days
    session.execute(insert(session, Seen), [{"hash": f"h{number}", "day": day} for number in range(5)])

    assert [purge(session, policies, 12 * DAY)["seen"] for _ in range(3)] == [3, 2, 0]
    assert isinstance(policies, Mapping)
