"""The suppression list."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.conversation.words import Scope
from bot.people import contacts, suppression
from bot.people.contacts import Found
from bot.store.db import Database
from bot.store.vault import Vault
from bot.wire.payload import Identity

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SHOP = "shop"
ASHA = Identity(phone="919800000001", bsuid="IN.asha")


def at(minutes: int):
    return NOW + timedelta(minutes=minutes)


@pytest.fixture
def session(database: Database):
    with database.write() as session:
        yield session


@pytest.fixture
def asha(session: Session, vault: Vault):
    return contacts.resolve(session, vault, SHOP, [ASHA], now=NOW)[0]


@pytest.fixture
def stop(session: Session, vault: Vault, asha: Found):
    def stop(minutes: int = 0, scope: Scope = Scope.ALL, **whose: Any) -> list[suppression.Word]:
        whose = whose or {"contact_id": asha.contact_id}
        return suppression.suppress(session, vault, SHOP, scope, since=at(minutes), now=at(60), **whose)

    return stop


def test_it_holds_for_every_identifier(session: Session, asha: Found, stop: Callable[..., Any]):
    assert stop()
    assert suppression.of_contacts(session, [asha.contact_id]) == {asha.contact_id: {Scope.ALL}}
    assert [suppression.of_hashes(session, [each]) for each in asha.hashes] == [{Scope.ALL}] * 2


def test_saying_it_twice_changes_nothing(stop: Callable[..., Any]):
    assert stop()
    assert not stop(1)


def test_scopes_stand_beside_each_other(session: Session, asha: Found, stop: Callable[..., Any]):
    stop(scope=Scope.MARKETING)
    stop(scope=Scope.ALL)

    assert suppression.of_contacts(session, [asha.contact_id])[asha.contact_id] == {Scope.MARKETING, Scope.ALL}


def test_it_is_kept_of_somebody_we_do_not_know(session: Session, vault: Vault, stop: Callable[..., Any]):
    assert stop(hashes=["h1", "h2"])
    assert suppression.of_hashes(session, ["h2"]) == {Scope.ALL}


def test_it_does_nothing_for_nobody(stop: Callable[..., Any]):
    assert not stop(hashes=())


@pytest.mark.parametrize("order", list(permutations([("stop", 1), ("start", 2), ("stop", 3)])))
def test_the_latest_word_wins_in_whatever_order_it_arrives(
    session: Session, asha: Found, stop: Callable[..., Any], order: Sequence[tuple[str, int]]
):
    for what, minutes in order:
        if what == "stop":
            stop(minutes)
        else:
            suppression.lift(session, contact_id=asha.contact_id, at=at(minutes))

    assert suppression.of_contacts(session, [asha.contact_id]) == {asha.contact_id: {Scope.ALL}}


@pytest.mark.parametrize("order", list(permutations([("start", 1), ("stop", 2), ("start", 3)])))
def test_a_start_that_is_the_latest_word_wins(
    session: Session, asha: Found, stop: Callable[..., Any], order: Sequence[tuple[str, int]]
):
    for what, minutes in order:
        if what == "stop":
            stop(minutes)
        else:
            suppression.lift(session, contact_id=asha.contact_id, at=at(minutes))

    assert suppression.of_contacts(session, [asha.contact_id]) == {}


def test_a_word_from_the_future_counts_as_said_now(session: Session, vault: Vault, asha: Found):
    whose = {"contact_id": asha.contact_id}
    suppression.suppress(session, vault, SHOP, Scope.ALL, since=at(600), now=NOW, **whose)

    assert suppression.lift(session, at=at(1), **whose)


def test_start_tells_whether_anything_was_lifted(session: Session, asha: Found, stop: Callable[..., Any]):
    stop()

    assert suppression.lift(session, contact_id=asha.contact_id, at=at(1))
    assert not suppression.lift(session, contact_id=asha.contact_id, at=at(2))


def test_start_may_be_limited_to_a_scope(session: Session, asha: Found, stop: Callable[..., Any]):
    stop(scope=Scope.MARKETING)
    stop(scope=Scope.ALL)
    suppression.lift(session, contact_id=asha.contact_id, at=at(1), scopes=[Scope.MARKETING])

    assert suppression.of_contacts(session, [asha.contact_id])[asha.contact_id] == {Scope.ALL}


def test_start_by_the_bsuid_lifts_the_rest_of_its_set(session: Session, asha: Found, stop: Callable[..., Any]):
    stop(scope=Scope.ERASED)

    assert suppression.lift(session, hashes=asha.own, own=asha.own, at=at(1))
    assert suppression.of_hashes(session, asha.hashes) == frozenset()


def test_start_by_the_number_alone_leaves_the_bsuid(session: Session, asha: Found, stop: Callable[..., Any]):
    stop(scope=Scope.ERASED)
    by_phone = [each for each in asha.hashes if each not in asha.own]

    assert suppression.lift(session, hashes=by_phone, at=at(1))
    assert suppression.of_hashes(session, asha.own) == {Scope.ERASED}


def test_who_comes_back_before_the_erasure_is_through_is_somebody_new(
    session: Session, vault: Vault, asha: Found, stop: Callable[..., Any]
):
    stop(scope=Scope.ERASED)
    suppression.lift(session, hashes=asha.hashes, own=asha.own, at=at(1))
    found = contacts.resolve(session, vault, SHOP, [ASHA], now=at(2))[0]

    assert found.new
    assert found.contact_id != asha.contact_id


def test_start_of_nobody_lifts_nothing(session: Session):
    assert not suppression.lift(session, at=NOW)


def test_the_erased_are_told_once_a_window(session: Session, asha: Found, stop: Callable[..., Any]):
    stop(scope=Scope.ERASED)

    said = [suppression.told(session, asha.hashes, at(hours * 60)) for hours in (0, 1, 23, 24, 25)]

    assert said == [True, False, False, True, False]


def test_who_was_not_erased_is_told_nothing(session: Session, asha: Found, stop: Callable[..., Any]):
    stop(scope=Scope.ALL)

    assert not suppression.told(session, asha.hashes, NOW)
