"""Envelopes: answering somebody of whom nothing is kept."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.delivery.outbox import To
from bot.people.contacts import Recipient
from bot.rights import envelopes
from bot.rights.envelopes import Address
from bot.rights.envelopes import envelopes as table
from bot.store.vault import Vault
from tests.rights.house import NOW, NUMBER, SHOP, House, say


@pytest.fixture
def to(session: Session, vault: Vault):
    address = Address(business=SHOP, number_id=NUMBER, last_inbound_at=NOW)
    recipient = Recipient(phone="919812345678", bsuid="IN.asha42")
    return envelopes.from_envelope(session, vault, address, recipient, now=NOW, language="gu")


def test_it_names_whom_to_answer_under_a_key_of_its_own(session: Session, vault: Vault, to: To):
    opened = envelopes.find(session, vault, to.envelope_id, now=NOW)

    assert (opened.content.phone, opened.content.bsuid, opened.content.language) == ("919812345678", "IN.asha42", "gu")
    assert (opened.number_id, opened.last_inbound_at, opened.to.contact_id) == (NUMBER, NOW, None)
    assert to.key.open(opened.key.seal(b"x", "y"), "y") == b"x"


def test_it_can_be_read_by_the_gate(session: Session, to: To):
    body = to.key.open_json(session.execute(table.select()).one().body, f"envelopes.body.{to.envelope_id}")

    assert (body["phone"], body["bsuid"]) == ("919812345678", "IN.asha42")


def test_after_ten_minutes_it_is_dead(session: Session, vault: Vault, to: To):
    assert envelopes.find(session, vault, to.envelope_id, now=NOW + timedelta(minutes=10)) is None


@pytest.mark.parametrize(
    ("state", "after", "goes"),
    [
        pytest.param("queued", 1, False, id="not sent yet"),
        pytest.param("sent", 1, False, id="no receipt yet"),
        pytest.param("delivered", 1, True, id="delivered"),
        pytest.param("read", 1, True, id="read"),
        pytest.param("failed", 1, True, id="failed"),
        pytest.param("blocked", 1, True, id="refused"),
        pytest.param("queued", 10, True, id="its time is over"),
    ],
)
def test_it_is_burnt_when_it_has_served(session: Session, to: To, state: str, after: Any, goes: Any):
    say(session, to, state)

    dead = envelopes.answered(session, now=NOW + timedelta(minutes=after))
    envelopes.burn(session, dead)

    assert (session.execute(table.select()).first() is None) == goes


def test_one_that_nothing_was_sent_from_waits_for_its_time(session: Session, to: To):
    assert envelopes.answered(session, now=NOW + timedelta(minutes=9)) == []
    assert envelopes.answered(session, now=NOW + timedelta(minutes=10)) == [to.envelope_id]


def test_whom_it_went_to_is_forgotten_at_meta_too(house: House):
    """The answer has put her into the contact book again."""
    address = Address(business=SHOP, number_id=NUMBER, last_inbound_at=NOW)
    recipient = Recipient(phone="919812345678", bsuid="IN.asha42")
    with house.db.write() as session:
        say(session, envelopes.from_envelope(session, house.vault, address, recipient, now=NOW), "delivered")
        session.commit()

    house.advance()

    assert house.graph.deleted == ["IN.asha42"]
    assert house.rows(table) == []
