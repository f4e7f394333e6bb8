"""From what Meta calls people to contacts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Table, func, select
from sqlalchemy import event as events
from sqlalchemy.orm import Session

from bot.conversation.words import Scope
from bot.people import consent, contacts, standing, suppression
from bot.people.contacts import Found
from bot.people.reach import contact_keys, identifiers, people
from bot.store.db import Database, insert, table
from bot.store.lanes import lane_of
from bot.store.models import InboundEvent, OutboxMessage, Window
from bot.store.vault import Vault
from bot.wire.payload import Identity

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SHOP = "shop"
ASHA = Identity(phone="919800000001", bsuid="IN.asha", name="Asha")
HIDDEN = Identity(bsuid="IN.asha", username="asha.p", name="Asha")
BY_PHONE = Identity(phone="919800000001", name="Asha")


@pytest.fixture
def session(database: Database):
    with database.write() as session:
        yield session


def resolve(session: Session, vault: Vault, *identities: Identity, now: datetime = NOW):
    return contacts.resolve(session, vault, SHOP, identities, now=now)


def one(session: Session, vault: Vault, identity: Identity, now: datetime = NOW):
    return resolve(session, vault, identity, now=now)[0]


def count(session: Session, which: Table):
    return session.execute(select(func.count()).select_from(which)).scalar()


def names(session: Session, found: Found):
    sealed = session.execute(select(people.c.name).where(people.c.id == found.contact_id)).scalar()
    return found.key.open(sealed, f"contacts.name.{found.contact_id}").decode()


def test_it_makes_a_contact_of_somebody_new(session: Session, vault: Vault):
    found = one(session, vault, ASHA)

    assert (found.new, found.erased, found.epoch) == (True, False, 1)
    assert found.lane == lane_of(found.contact_id)
    assert names(session, found) == "Asha"
    assert contacts.recipients(session, vault, [found.contact_id]) == {
        found.contact_id: contacts.Recipient(phone="919800000001", bsuid="IN.asha")
    }


def test_it_knows_her_again(session: Session, vault: Vault):
    first = one(session, vault, ASHA)
    again = one(session, vault, ASHA)

    assert (again.contact_id, again.new) == (first.contact_id, False)
    assert again.key.open(first.key.seal(b"text", "x"), "x") == b"text"


@pytest.mark.parametrize("identity", [HIDDEN, BY_PHONE], ids=["by her BSUID", "by her number"])
def test_it_knows_her_by_either_identifier(session: Session, vault: Vault, identity: Identity):
    assert one(session, vault, ASHA).contact_id == one(session, vault, identity).contact_id


def test_it_makes_one_contact_of_somebody_who_comes_twice_in_a_batch(session: Session, vault: Vault):
    found = resolve(session, vault, BY_PHONE, ASHA, Identity(phone="14155550000"), HIDDEN)

    assert len({each.contact_id for each in found}) == 2
    assert count(session, people) == count(session, contact_keys) == 2


def test_it_answers_in_the_order_of_the_question(session: Session, vault: Vault):
    batch = [Identity(phone=f"9198000000{n:02}") for n in range(50)]
    first = [each.contact_id for each in resolve(session, vault, *batch)]

    assert [each.contact_id for each in resolve(session, vault, *reversed(batch))] == first[::-1]


def test_it_keeps_a_new_name_and_forgets_none(session: Session, vault: Vault):
    found = one(session, vault, ASHA)
    one(session, vault, Identity(phone="919800000001", bsuid="IN.asha", name="Asha P."))
    one(session, vault, Identity(bsuid="IN.asha"))

    assert names(session, found) == "Asha P."


def test_it_keeps_one_username_that_nobody_is_looked_up_by(session: Session, vault: Vault):
    first = one(session, vault, HIDDEN)
    one(session, vault, Identity(bsuid="IN.asha", username="asha.new"))
    other = one(session, vault, Identity(bsuid="IN.else", username="asha.new"))

    rows = session.execute(select(identifiers).where(identifiers.c.contact_id == first.contact_id)).all()
    opened = {row.kind: first.key.open(row.value, f"identifiers.value.{row.hash}") for row in rows}
    assert opened == {"bsuid": b"IN.asha", "username": b"asha.new"}
    assert other.contact_id != first.contact_id


def test_it_makes_nobody_of_an_identity_without_identifiers(session: Session, vault: Vault):
    found = one(session, vault, Identity(name="Asha"))

    assert (found.contact_id, found.erased, found.lane) == (None, True, 0)
    assert count(session, people) == 0


def test_it_keeps_businesses_apart(session: Session, vault: Vault):
    ours = one(session, vault, ASHA)
    theirs = contacts.resolve(session, vault, "clinic", [ASHA], now=NOW)[0]

    assert ours.contact_id != theirs.contact_id


def test_it_takes_both_forms_of_a_brazilian_number_for_one_person(session: Session, vault: Vault):
    first = one(session, vault, Identity(phone="5511987654321"))

    assert one(session, vault, Identity(phone="551187654321")).contact_id == first.contact_id


# --- numbers that pass to somebody else


def test_it_takes_the_same_number_with_another_bsuid_for_another_person(session: Session, vault: Vault):
    asha = one(session, vault, ASHA)
    stranger = one(session, vault, Identity(phone="919800000001", bsuid="IN.stranger"))

    reach = contacts.recipients(session, vault, [asha.contact_id, stranger.contact_id])
    assert reach[asha.contact_id] == contacts.Recipient(bsuid="IN.asha")
    assert reach[stranger.contact_id] == contacts.Recipient(phone="919800000001", bsuid="IN.stranger")
    assert contacts.find(session, vault, SHOP, phone="919800000001") == stranger.contact_id


def test_it_lets_the_opt_out_of_a_number_bind_its_new_owner(session: Session, vault: Vault):
    asha = one(session, vault, ASHA)
    suppression.suppress(session, vault, SHOP, Scope.ALL, contact_id=asha.contact_id, since=NOW, now=NOW)
    stranger = one(session, vault, Identity(phone="919800000001", bsuid="IN.stranger"))

    assert suppression.of_contacts(session, [stranger.contact_id]) == {stranger.contact_id: {Scope.ALL}}
    assert [word.scope for word in stranger.carried] == [Scope.ALL]


def test_it_keeps_the_first_owners_opt_out_when_the_new_owner_lifts_hers(session: Session, vault: Vault):
    asha = one(session, vault, ASHA)
    suppression.suppress(session, vault, SHOP, Scope.ALL, contact_id=asha.contact_id, since=NOW, now=NOW)
    stranger = one(session, vault, Identity(phone="919800000001", bsuid="IN.stranger"))

    suppression.lift(session, contact_id=stranger.contact_id, at=NOW + timedelta(minutes=1))

    assert suppression.of_contacts(session, [asha.contact_id, stranger.contact_id]) == {asha.contact_id: {Scope.ALL}}


def test_it_reaches_her_at_the_number_seen_last(session: Session, vault: Vault):
    moves = [("919800000001", 0), ("919800000002", 1), ("919800000001", 2)]
    for phone, minutes in moves:
        found = one(session, vault, Identity(phone=phone, bsuid="IN.asha"), now=NOW + timedelta(minutes=minutes))

        assert contacts.recipients(session, vault, [found.contact_id])[found.contact_id].phone == phone


# --- opt-outs and new identifiers


def test_it_carries_an_opt_out_over_to_a_new_identifier(session: Session, vault: Vault):
    first = one(session, vault, BY_PHONE)
    suppression.suppress(session, vault, SHOP, Scope.MARKETING, contact_id=first.contact_id, since=NOW, now=NOW)
    found = one(session, vault, ASHA)

    assert suppression.of_hashes(session, found.own) == {Scope.MARKETING}


def test_it_makes_no_contact_of_somebody_who_was_erased(session: Session, vault: Vault):
    erased = suppressed(session, vault, ASHA)

    found = one(session, vault, ASHA)

    assert (found.contact_id, found.erased) == (None, True)
    assert set(found.hashes) == set(erased.hashes)
    assert found.lane == one(session, vault, HIDDEN).lane
    assert count(session, people) == 1, "the one that is being erased"


def test_it_gives_each_message_of_the_erased_a_key_of_its_own(session: Session, vault: Vault):
    suppressed(session, vault, ASHA)
    first, second = resolve(session, vault, ASHA, ASHA)

    assert first.wrapped != second.wrapped
    assert vault.key(first.wrapped).open(first.key.seal(b"text", "x"), "x") == b"text"


def test_it_knows_the_erased_by_an_identifier_first_seen_after_the_erasure(session: Session, vault: Vault):
    suppressed(session, vault, BY_PHONE)
    one(session, vault, ASHA)

    assert one(session, vault, HIDDEN).erased


def suppressed(session: Session, vault: Vault, identity: Identity):
    found = one(session, vault, identity)
    suppression.suppress(session, vault, SHOP, Scope.ERASED, contact_id=found.contact_id, since=NOW, now=NOW)
    return found


# --- two contacts that are one person


def test_it_joins_a_number_and_a_bsuid_seen_in_one_webhook(session: Session, vault: Vault):
    by_phone, hidden = one(session, vault, BY_PHONE), one(session, vault, HIDDEN)
    found = one(session, vault, ASHA)

    assert found.contact_id == hidden.contact_id != by_phone.contact_id
    assert count(session, people) == count(session, contact_keys) == 1
    reach = contacts.recipients(session, vault, [found.contact_id])[found.contact_id]
    assert reach == contacts.Recipient(phone="919800000001", bsuid="IN.asha")


def test_it_joins_within_one_batch(session: Session, vault: Vault):
    found = resolve(session, vault, BY_PHONE, HIDDEN, ASHA)

    assert len({each.contact_id for each in found}) == 1
    assert count(session, people) == count(session, contact_keys) == 1
    assert count(session, identifiers) == 3


def test_it_seals_anew_what_the_joined_contact_had(session: Session, vault: Vault):
    by_phone, hidden = one(session, vault, BY_PHONE), one(session, vault, HIDDEN)
    event(session, by_phone, "e1")
    message(session, by_phone, "m1", epoch=by_phone.epoch)
    message(session, by_phone, "m2", epoch=0)
    one(session, vault, ASHA)

    row = session.execute(select(table(InboundEvent))).one()
    assert (row.contact_id, row.lane) == (hidden.contact_id, hidden.lane)
    assert hidden.key.open(row.body, "inbound_events.body.e1") == b"hello"
    sent = session.execute(select(table(OutboxMessage)).order_by(table(OutboxMessage).c.id)).all()
    assert [(each.contact_id, each.epoch) for each in sent] == [(hidden.contact_id, 1), (hidden.contact_id, 0)]
    assert hidden.key.open(sent[0].body, "outbox_messages.body.m1") == b"hi"


def test_the_strictest_standing_wins_when_contacts_are_joined(session: Session, vault: Vault):
    by_phone, hidden = one(session, vault, BY_PHONE), one(session, vault, HIDDEN)
    standing.restrict(session, by_phone.contact_id, now=NOW)
    standing.hold(session, hidden.contact_id, NOW + timedelta(days=1))
    standing.hold(session, by_phone.contact_id, NOW + timedelta(days=3))
    suppression.suppress(session, vault, SHOP, Scope.ALL, contact_id=by_phone.contact_id, since=NOW, now=NOW)
    found = one(session, vault, ASHA)

    assert standing.of_contacts(session, [found.contact_id])[found.contact_id] == standing.StandingView(
        restricted=True, held_until=NOW + timedelta(days=3), handed_over_until=None
    )
    assert suppression.of_contacts(session, [found.contact_id])[found.contact_id] == {Scope.ALL}


def test_the_latest_window_wins_when_contacts_are_joined(session: Session, vault: Vault):
    by_phone, hidden = one(session, vault, BY_PHONE), one(session, vault, HIDDEN)
    for found, number, minutes in ((by_phone, "n1", 5), (hidden, "n1", 1), (by_phone, "n2", 2), (hidden, "n3", 3)):
        at = NOW + timedelta(minutes=minutes)
        session.execute(
            insert(session, Window).values(contact_id=found.contact_id, number_id=number, last_inbound_at=at)
        )
    one(session, vault, ASHA)

    rows = session.execute(select(table(Window))).all()
    minutes = {row.number_id: (row.last_inbound_at - NOW) // timedelta(minutes=1) for row in rows}
    assert minutes == {"n1": 5, "n2": 2, "n3": 3}


def event(session: Session, found: Found, ref: str):
    row = {
        "ref": ref, "business": SHOP, "number_id": "n1", "contact_id": found.contact_id, "lane": found.lane,
        "kind": "text", "key_hash": ref, "at": NOW, "received_at": NOW,
        "body": found.key.seal(b"hello", f"inbound_events.body.{ref}"),
    }  # fmt: skip
    session.execute(insert(session, InboundEvent).values(row))


def message(session: Session, found: Found, ref: str, epoch: int):
    row = {
        "ref": ref, "business": SHOP, "number_id": "n1", "contact_id": found.contact_id, "lane": found.lane,
        "epoch": epoch, "purpose": "reply", "rank": 1, "source": "answer", "created_at": NOW, "due_at": NOW,
        "expires_at": NOW, "body": found.key.seal(b"hi", f"outbox_messages.body.{ref}"),
    }  # fmt: skip
    session.execute(insert(session, OutboxMessage).values(row))


# --- a person who changes her number


def test_it_keeps_the_contact_through_a_change_of_number(session: Session, vault: Vault):
    asha = one(session, vault, ASHA)
    new = Identity(phone="919800000009", bsuid="IN.asha2")
    contacts.change(session, vault, SHOP, ASHA, new, now=NOW)

    assert one(session, vault, new).contact_id == asha.contact_id
    assert contacts.recipients(session, vault, [asha.contact_id])[asha.contact_id] == contacts.Recipient(
        phone="919800000009", bsuid="IN.asha2"
    )


def test_it_frees_the_old_number(session: Session, vault: Vault):
    asha = one(session, vault, ASHA)
    contacts.change(session, vault, SHOP, ASHA, Identity(phone="919800000009", bsuid="IN.asha2"), now=NOW)

    assert one(session, vault, Identity(phone="919800000001", bsuid="IN.next")).contact_id != asha.contact_id


def test_it_carries_opt_outs_through_a_change_and_never_opt_ins(session: Session, vault: Vault):
    asha = one(session, vault, ASHA)
    agreed = consent.Entry(purpose="marketing", granted=True, source="form", at=NOW)
    consent.record(session, vault, asha.contact_id, SHOP, agreed, now=NOW)
    suppression.suppress(session, vault, SHOP, Scope.ALL, contact_id=asha.contact_id, since=NOW, now=NOW)
    contacts.change(session, vault, SHOP, Identity(bsuid="IN.asha"), Identity(bsuid="IN.asha2"), now=NOW)

    found = one(session, vault, Identity(bsuid="IN.asha2"))
    assert suppression.of_hashes(session, found.own) == {Scope.ALL}
    assert consent.granted(session, [asha.contact_id]) == {}


def test_it_carries_an_erasure_through_a_change_of_number(session: Session, vault: Vault):
    suppressed(session, vault, ASHA)
    session.execute(identifiers.delete())
    carried = contacts.change(session, vault, SHOP, ASHA, Identity(phone="919800000009", bsuid="IN.asha2"), now=NOW)

    assert one(session, vault, Identity(phone="919800000009", bsuid="IN.asha2")).erased
    assert len(carried) == 2


def test_it_joins_who_wrote_from_the_new_number_before_the_change_was_told(session: Session, vault: Vault):
    asha = one(session, vault, ASHA)
    new = Identity(phone="919800000009", bsuid="IN.asha2")
    one(session, vault, new)
    contacts.change(session, vault, SHOP, ASHA, new, now=NOW)

    assert one(session, vault, new).contact_id == asha.contact_id
    assert count(session, people) == 1


# --- secrets that rotate, and races


def test_it_keys_her_anew_when_the_pepper_was_changed(session: Session, vault: Vault):
    first = one(session, vault, ASHA)
    suppression.suppress(session, vault, SHOP, Scope.MARKETING, contact_id=first.contact_id, since=NOW, now=NOW)
    rotated = Vault([b"m" * 32], [b"q" * 32, b"p" * 32])
    found = one(session, rotated, ASHA)
    later = Vault([b"m" * 32], [b"q" * 32])

    assert one(session, later, ASHA).contact_id == found.contact_id == first.contact_id
    assert count(session, identifiers) == 2
    assert suppression.of_contacts(session, [first.contact_id]) == {first.contact_id: {Scope.MARKETING}}


def test_it_begins_anew_with_somebody_whose_key_is_gone(session: Session, vault: Vault):
    first = one(session, vault, ASHA)
    session.execute(contact_keys.delete())
    found = one(session, vault, ASHA)

    assert found.new
    assert found.contact_id != first.contact_id


@pytest.mark.parametrize("round_", range(3))
def test_two_processes_make_one_contact_of_one_person(database: Database, database_url: str, vault: Vault, round_: int):
    database.now()  # a connection stays open meanwhile, as in a process that serves
    databases = [Database(database_url) for _ in range(4)]
    together = Barrier(len(databases))

    def take_in(database: Database) -> list[str | None]:
        together.wait()
        with database.write() as session:
            found = resolve(session, vault, Identity(phone="1415555000", bsuid="US.race"), ASHA)
            session.commit()
        return [each.contact_id for each in found]

    with ThreadPoolExecutor(len(databases)) as pool:
        found = list(pool.map(take_in, databases))

    assert len({tuple(each) for each in found}) == 1
    with databases[0].read() as session:
        assert count(session, people) == count(session, contact_keys) == 2
    for each in databases:
        each.close()


def test_it_takes_in_a_thousand_people_in_a_handful_of_statements(database: Database, vault: Vault):
    batch = [Identity(phone=f"9198{n:08}", bsuid=f"IN.{n}", name=f"Person {n}") for n in range(1000)]
    statements = []
    events.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with database.write() as session:
        resolve(session, vault, *batch)
        session.commit()
    with database.write() as session:
        statements.clear()
        resolve(session, vault, *batch)

    assert len([each for each in statements if not each.startswith(("BEGIN", "PRAGMA"))]) <= 3


def test_a_pinned_contact_is_there_and_tells_its_epoch(session: Session, vault: Vault):
    found = one(session, vault, ASHA)

    assert contacts.pin(session, [found.contact_id, "nobody"]) == {found.contact_id: 1}


def test_a_joined_contact_keeps_one_username(session: Session, vault: Vault):
    hidden = one(session, vault, HIDDEN)
    other = one(session, vault, Identity(parent_bsuid="IN.ENT.1", username="asha.old"))
    one(session, vault, Identity(bsuid="IN.asha", parent_bsuid="IN.ENT.1"))

    rows = session.execute(select(identifiers).where(identifiers.c.contact_id == hidden.contact_id)).all()
    assert sorted(row.kind for row in rows) == ["bsuid", "parent_bsuid", "username"]
    assert contacts.keys(session, vault, [other.contact_id]) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [pytest.param(ASHA, Identity(), id="to nobody"), pytest.param(Identity(), ASHA, id="from nobody")],
)
def test_a_change_that_names_nobody_changes_nothing(session: Session, vault: Vault, old: Identity, new: Identity):
    assert contacts.change(session, vault, SHOP, old, new, now=NOW) == ()
    assert count(session, people) == 0


def test_a_change_of_somebody_we_do_not_know_makes_no_contact(session: Session, vault: Vault):
    contacts.change(session, vault, SHOP, ASHA, Identity(bsuid="IN.asha2"), now=NOW)

    assert count(session, people) == 0


def test_it_finds_a_contact_by_number_or_bsuid(session: Session, vault: Vault):
    found = one(session, vault, ASHA)

    assert contacts.find(session, vault, SHOP, phone="+91 98000 00001") == found.contact_id
    assert contacts.find(session, vault, SHOP, bsuid="IN.nobody", phone="919800000001") == found.contact_id
    assert contacts.find(session, vault, SHOP, bsuid="IN.nobody") is None
