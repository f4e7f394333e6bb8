"""The consent ledger; restriction, hold and hand-over."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.people import consent, contacts, standing
from bot.people.contacts import Found
from bot.store.db import Database, table
from bot.store.models import ConsentEntry
from bot.store.vault import Vault
from bot.wire.payload import Identity

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SHOP = "shop"


@pytest.fixture
def session(database: Database):
    with database.write() as session:
        yield session


@pytest.fixture
def asha(session: Session, vault: Vault):
    return contacts.resolve(session, vault, SHOP, [Identity(bsuid="IN.asha")], now=NOW)[0].contact_id


def say(session: Session, vault: Vault, contact_id: str, purpose: str, *, granted: bool, minutes: int, proof: str = ""):
    entry = consent.Entry(
        purpose=purpose, granted=granted, source="form", at=NOW + timedelta(minutes=minutes), proof=proof
    )
    return consent.record(session, vault, contact_id, SHOP, entry, now=NOW + timedelta(hours=1))


def test_the_latest_word_counts_for_each_purpose(session: Session, vault: Vault, asha: Found):
    say(session, vault, asha, "marketing", granted=False, minutes=2)
    say(session, vault, asha, "marketing", granted=True, minutes=1)
    say(session, vault, asha, "transactional", granted=True, minutes=1)

    assert consent.granted(session, [asha, "nobody"]) == {asha: {"transactional"}}


def test_of_words_of_one_moment_the_last_counts(session: Session, vault: Vault, asha: Found):
    say(session, vault, asha, "ai", granted=True, minutes=1)
    say(session, vault, asha, "ai", granted=False, minutes=1)

    assert consent.granted(session, [asha]) == {}


def test_a_consent_is_never_from_the_future(session: Session, vault: Vault, asha: Found):
    say(session, vault, asha, "ai", granted=True, minutes=600)
    say(session, vault, asha, "ai", granted=False, minutes=60)

    assert consent.granted(session, [asha]) == {}


def test_the_proof_lies_under_the_contacts_key(session: Session, vault: Vault, asha: Found):
    ref = say(session, vault, asha, "marketing", granted=True, minutes=1, proof="form 17, line 3")

    row = session.execute(select(table(ConsentEntry))).one()
    key = contacts.keys(session, vault, [asha])[asha]
    assert key.open(row.proof, f"consent_entries.proof.{ref}") == b"form 17, line 3"


def test_who_has_no_standing_is_left_out(session: Session, asha: Found):
    assert standing.of_contacts(session, [asha]) == {}


def test_a_restriction_is_kept_until_it_is_resumed(session: Session, asha: Found):
    standing.restrict(session, asha, now=NOW)

    assert standing.of_contacts(session, [asha])[asha].restricted
    assert standing.resume(session, asha)
    assert not standing.resume(session, asha)
    assert not standing.of_contacts(session, [asha])[asha].restricted


def test_a_conversation_is_handed_over_and_back(session: Session, asha: Found):
    until = NOW + timedelta(hours=12)
    hand_over = standing.hand_over(session, asha, SHOP, until=until, now=NOW)

    assert standing.of_contacts(session, [asha])[asha].handed_over_until == until
    assert [each.id for each in standing.handed_over(session, SHOP, now=NOW)] == [hand_over]
    assert standing.hand_back(session, hand_over, NOW)
    assert not standing.hand_back(session, hand_over, NOW)
    assert standing.of_contacts(session, [asha])[asha].handed_over_until is None
    assert standing.handed_over(session, now=NOW) == []


def test_asking_for_a_person_again_prolongs_the_hand_over(session: Session, asha: Found):
    first = standing.hand_over(session, asha, SHOP, until=NOW + timedelta(hours=1), now=NOW)
    later = NOW + timedelta(minutes=30)

    assert standing.hand_over(session, asha, SHOP, until=NOW + timedelta(hours=2), now=later) == first
    assert standing.handed_over(session, now=later)[0].until == NOW + timedelta(hours=2)


def test_a_hand_over_that_is_over_is_not_listed(session: Session, asha: Found):
    standing.hand_over(session, asha, SHOP, until=NOW + timedelta(hours=1), now=NOW)

    assert standing.handed_over(session, SHOP, now=NOW + timedelta(hours=1)) == []
    assert standing.handed_over(session, "clinic", now=NOW) == []
