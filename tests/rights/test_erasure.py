"""DELETE MY DATA, from the word to the last trace."""

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.config.content import Business
from bot.conversation.replies import Phrase
from bot.conversation.words import Scope
from bot.delivery.outbox import To, outbox
from bot.people import contacts, standing, suppression
from bot.people.contacts import Found
from bot.people.reach import contact_keys, people
from bot.rights import envelopes, erasure, holdings, journal_file
from bot.rights import requests as register
from bot.rights.envelopes import envelopes as envelope_table
from bot.rights.requests import Opened, State
from bot.store.columns import Eraser
from bot.store.db import db_after, table
from bot.store.models import TABLES
from bot.store.vault import Vault
from bot.wire.errors import Outcome, SendError
from bot.wire.payload import Identity
from tests.rights.house import ASHA, BOB, NOW, SHOP, TEXT, DiedError, House, dying_at, hear, know, say, subject

SECOND = timedelta(seconds=1)


def finish(house: House):
    house.advance()
    house.settle_envelope_messages()
    house.advance()


# --- the word itself


def test_from_the_word_on_nothing_that_waits_is_sent(house: House, begun: Opened, asha: Found):
    rows = house.rows(outbox)

    mine = {row.state: row.reason for row in rows if row.contact_id == asha.contact_id}
    assert mine == {"blocked": "erased", "delivered": ""}
    assert {row.state for row in rows if row.contact_id != asha.contact_id} == {"queued", "unknown", "delivered"}
    assert all(row.body is None for row in rows if row.state == "blocked")


def test_from_the_word_on_she_is_nobody(house: House, vault: Vault, begun: Opened):
    with house.db.write() as session:
        found = contacts.resolve(session, vault, SHOP, [ASHA], now=NOW)[0]

    assert (found.contact_id, found.erased) == (None, True)


def test_the_epoch_moves_on_so_that_what_is_staged_late_is_refused(house: House, begun: Opened, asha: Found):
    with house.db.read() as session:
        assert contacts.pin(session, [asha.contact_id]) == {asha.contact_id: asha.epoch + 1}


def test_saying_it_twice_begins_one_erasure(house: House, vault: Vault, bakery: Business, begun: Opened, asha: Found):
    with house.db.write() as session:
        again = erasure.begin(session, vault, subject(bakery, asha), now=NOW)

    assert (again.id, again.code, again.new) == (begun.id, begun.code, False)


def test_who_says_it_again_meanwhile_hears_the_code(
    house: House, vault: Vault, bakery: Business, begun: Opened, asha: Found
):
    with house.db.write() as session:
        phrase = erasure.again(session, vault, bakery, asha.hashes, str, now=NOW)

    assert phrase == Phrase("rights.already_erasing", {"code": begun.code})


def test_who_says_it_again_afterwards_hears_that_there_is_nothing(
    house: House, vault: Vault, bakery: Business, begun: Opened, asha: Found
):
    finish(house)
    with house.db.write() as session:
        phrase = erasure.again(session, vault, bakery, asha.hashes, "https://x/{}".format, now=NOW)
        view = register.status(session, vault, phrase.values["code"])

    assert phrase.key == "rights.erasure_nothing"
    assert phrase.values["link"] == f"https://x/{phrase.values['code']}"
    assert view.state == State.DONE


# --- to the end


def test_it_is_done_when_every_store_is_clean(house: House, begun: Opened, asha: Found):
    house.advance()

    request = house.request(begun)
    assert (request.state, request.reason, request.step, request.contact_id) == ("done", "", "forget", None)
    with house.db.read() as session:
        assert holdings.left(session, asha.contact_id) == frozenset()


def test_nothing_of_her_is_in_any_table_and_everything_of_others(house: House, begun: Opened, asha: Found):
    finish(house)

    for model in TABLES:
        each = table(model)
        rows = house.rows(each)
        assert asha.contact_id not in {getattr(row, "contact_id", None) for row in rows}, each.name
        if model.keeping.eraser is Eraser.DELETE and each.name != "standing":
            assert rows, f"{each.name} has Bob's"


def test_her_rows_are_unreadable_even_in_a_copy_made_before(house: House, begun: Opened):
    finish(house)

    with house.db.read() as session:
        assert session.execute(select(func.count()).select_from(contact_keys)).scalar() == 1


def test_the_opt_out_outlives_the_erasure(house: House, begun: Opened, asha: Found):
    finish(house)

    with house.db.read() as session:
        assert suppression.of_hashes(session, asha.own) == {Scope.ERASED}


def test_it_confirms_once_with_the_code_from_the_envelope(house: House, vault: Vault, begun: Opened, asha: Found):
    house.advance()
    house.advance(after=SECOND)

    (row,) = [row for row in house.rows(outbox) if row.envelope_id]
    with house.db.read() as session:
        envelope = envelopes.find(session, vault, row.envelope_id, now=NOW)
    body = envelope.key.open_json(row.body, f"outbox_messages.body.{row.ref}")
    said = body["interactive"]["body"]["text"]
    assert begun.code in said
    assert f"https://bot.example/deletion-status?code={begun.code}" in said
    assert (row.purpose, row.contact_id, row.number_id) == ("rights", None, "106540352242922")
    assert (envelope.content.phone, envelope.content.bsuid) == (ASHA.phone, ASHA.bsuid)


def test_the_envelope_goes_when_the_receipt_is_in(house: House, begun: Opened):
    finish(house)

    request = house.request(begun)
    assert (request.step, request.envelope_id) == ("", None)
    assert house.rows(envelope_table) == []
    assert [row for row in house.rows(outbox) if row.envelope_id] == []


@pytest.mark.parametrize("state", ["queued", "sent", "accepted", "sending", "unknown"])
def test_the_envelope_stays_while_the_receipt_is_out_and_dies_after_ten_minutes(
    house: House, begun: Opened, state: str
):
    house.advance()
    house.settle_envelope_messages(state)
    house.advance(after=timedelta(minutes=9))
    assert len(house.rows(envelope_table)) == 1

    house.advance(after=timedelta(minutes=1))
    assert house.rows(envelope_table) == []


def test_the_journal_is_outside_the_database_before_the_confirmation(house: House, begun: Opened, asha: Found):
    house.advance()

    lines = list(journal_file.read(house.journal_path))
    assert [line["kind"] for line in lines] == ["suppressed", "suppressed", "erased"]
    assert {line["subject"] for line in lines} == {*asha.hashes, asha.contact_id}


def test_it_does_not_confirm_while_the_journal_cannot_be_written(house: House, begun: Opened):
    house.journal_path.mkdir()
    house.advance()
    assert [row for row in house.rows(outbox) if row.envelope_id] == []

    house.journal_path.rmdir()
    house.advance(after=SECOND)
    assert len([row for row in house.rows(outbox) if row.envelope_id]) == 1


def test_the_register_keeps_counts_and_nobody(house: House, begun: Opened, vault: Vault):
    finish(house)
    with house.db.read() as session:
        view = register.status(session, vault, begun.code)

    assert (view.state, view.reason, view.completed_at) == (State.DONE, "", NOW)
    assert view.counts["inbound_events"] == 1
    assert view.counts["outbox_messages"] == 3


def test_the_text_is_nowhere_on_the_disk(house: House, begun: Opened, tmp_path: Path):
    finish(house)
    if not house.db.is_sqlite:
        pytest.skip("files of the server are another test's")

    for path in tmp_path.rglob("*"):
        held = path.read_bytes() if path.is_file() else b""
        for trace in (TEXT, "Asha", ASHA.phone, ASHA.bsuid, "asha.p"):
            assert trace.encode() not in held, path.name


def test_the_write_ahead_log_is_empty_after_the_scrub(house: House, begun: Opened, tmp_path: Path):
    if not house.db.is_sqlite:
        pytest.skip("PostgreSQL's holds ciphertext only")
    before = (tmp_path / "lethe.db-wal").stat().st_size
    sizes = []
    scrub = house.graph.delete_contact
    house.graph.delete_contact = lambda *given: (
        sizes.append((tmp_path / "lethe.db-wal").stat().st_size) or scrub(*given)
    )
    house.advance()

    assert before > 0
    assert (tmp_path / "lethe.db-wal").stat().st_size < sizes[0]


# --- what is in the way


def test_it_waits_for_a_send_on_its_way(house: House, vault: Vault, begun: Opened, asha: Found):
    with house.db.write() as session:
        to = To(contact_id=asha.contact_id, epoch=1, lane=asha.lane, key=asha.key)
        say(session, to, "sending", lease_until=db_after(timedelta(seconds=20)))
        session.commit()
    house.advance()
    assert house.request(begun).step == "drain"

    with house.db.write() as session:
        session.execute(update(outbox).where(outbox.c.state == "sending").values(lease_until=None, state="accepted"))
        session.commit()
    house.advance(after=SECOND)
    assert house.request(begun).state == "done"


def test_a_send_whose_worker_died_is_not_waited_for(house: House, begun: Opened, asha: Found):
    with house.db.write() as session:
        to = To(contact_id=asha.contact_id, epoch=1, lane=asha.lane, key=asha.key)
        say(session, to, "sending", lease_until=db_after(timedelta(seconds=-1)))
        session.commit()
    house.advance()

    assert house.request(begun).state == "done"


def test_it_deletes_files_and_the_contact_book_entry_at_meta(house: House, begun: Opened):
    house.advance()

    assert house.graph.deleted == ["IN.asha42", "1234567890123", "9876543209"]


def test_what_meta_does_not_delete_is_told_and_asked_for_again(house: House, vault: Vault, begun: Opened):
    house.graph.fault = SendError(code=2, http_status=503, outcome=Outcome.REFUSED)
    finish(house)
    request = house.request(begun)
    assert (request.state, request.reason, request.step) == ("partly", "meta", "meta")
    (rest,) = house.rows(envelope_table)
    with house.db.read() as session:
        content = envelopes.find(session, vault, rest.id, now=NOW).content
    assert (content.phone, content.bsuid, content.code, content.book) == (None, None, "", "IN.asha42")

    house.graph.fault = None
    house.advance(after=timedelta(minutes=5))
    request = house.request(begun)
    assert (request.state, request.reason, request.step) == ("done", "", "")
    assert house.rows(envelope_table) == []


def test_meta_is_asked_for_a_day_and_then_it_is_told_as_it_is(house: House, begun: Opened):
    house.graph.fault = SendError(code=2, http_status=503, outcome=Outcome.REFUSED)
    finish(house)
    for _ in range(25):
        house.advance(after=timedelta(hours=1))

    request = house.request(begun)
    assert (request.state, request.reason, request.step) == ("partly", "meta", "")
    assert house.rows(envelope_table) == []


def test_what_meta_has_not_got_counts_as_deleted(house: House, begun: Opened):
    house.graph.fault = SendError(code=100, http_status=400, outcome=Outcome.REFUSED)
    house.advance()

    assert house.request(begun).state == "done"


@pytest.mark.parametrize("how", ["holds", "dead"])
def test_it_is_not_done_while_redis_holds_her_or_cannot_be_asked(house: House, begun: Opened, asha: Found, how: str):
    house.doorbell.held, house.doorbell.dead = {asha.contact_id}, how == "dead"
    house.advance()
    assert house.request(begun).step == "check"
    for _ in range(40):
        house.advance(after=SECOND)

    request = house.request(begun)
    assert (request.state, request.reason) == ("partly", "redis")


def test_it_is_done_once_redis_answers(house: House, begun: Opened):
    house.doorbell.dead = True
    house.advance()
    house.doorbell.dead = False
    house.advance(after=SECOND)

    assert house.request(begun).state == "done"


def test_files_made_for_her_are_gone(house: House, begun: Opened, asha: Found):
    folder = house.settings.data_dir / "exports"
    folder.mkdir()
    hers, others = folder / f"{asha.contact_id}.txt", folder / "else.txt"
    hers.touch()
    others.touch()
    house.advance()

    assert (hers.exists(), others.exists()) == (False, True)


def test_a_row_that_slipped_in_is_found_by_the_check_and_goes(house: House, vault: Vault, begun: Opened, asha: Found):
    scrubbed = house.graph.delete_contact

    def slip_in(*given: Any) -> bool:
        with house.db.write() as session:
            hear(session, asha, "late", {"text": "late"})
            session.commit()
        return scrubbed(*given)

    house.graph.delete_contact = slip_in
    house.advance()
    assert house.request(begun).step == "check"
    house.advance(after=SECOND)

    assert house.request(begun).state == "done"
    with house.db.read() as session:
        assert holdings.left(session, asha.contact_id) == frozenset()


def test_a_reader_in_the_way_of_the_log_is_waited_for(house: House, begun: Opened):
    if not house.db.is_sqlite:
        pytest.skip("SQLite's own")
    with house.db.read() as session:
        session.execute(select(func.count()).select_from(people)).scalar()
        house.advance()
        assert house.request(begun).step == "scrub"
    house.advance(after=SECOND)

    assert house.request(begun).state == "done"


def test_a_fault_in_one_erasure_holds_up_no_other(house: House, vault: Vault, bakery: Business, begun: Opened):
    with house.db.write() as session:
        bob = contacts.resolve(session, vault, SHOP, [BOB], now=NOW)[0]
        other = erasure.begin(session, vault, subject(bakery, bob), now=NOW + SECOND)
        session.commit()
    calls = iter([RuntimeError("broken")])
    delete_contact = house.graph.delete_contact

    def break_once(*given: Any) -> bool:
        for error in calls:
            raise error
        return delete_contact(*given)

    house.graph.delete_contact = break_once
    house.advance(after=SECOND)
    assert [house.request(each).state for each in (begun, other)] == ["working", "done"]

    house.advance(after=timedelta(minutes=5))
    assert house.request(begun).state == "done"


# --- holds


@pytest.fixture
def held(house: House, vault: Vault, bakery: Business, asha: Found):
    until = NOW + timedelta(days=90)
    with house.db.write() as session:
        standing.hold(session, asha.contact_id, until)
        opened = erasure.begin(session, vault, subject(bakery, asha), now=NOW)
        session.commit()
    return opened


def test_a_hold_is_told_with_its_end(house: House, vault: Vault, held: Opened):
    house.advance()

    request = house.request(held)
    assert (request.state, request.reason, request.held_until) == ("partly", "hold", NOW + timedelta(days=90))
    (row,) = [row for row in house.rows(outbox) if row.envelope_id]
    with house.db.read() as session:
        envelope = envelopes.find(session, vault, row.envelope_id, now=NOW)
    body = envelope.key.open_json(row.body, f"outbox_messages.body.{row.ref}")
    assert "2027-02-20" in body["interactive"]["body"]["text"]


def test_what_is_held_is_kept_and_nobody_is_written_to(house: House, vault: Vault, held: Opened, asha: Found):
    finish(house)

    with house.db.write() as session:
        assert "inbound_events" in holdings.left(session, asha.contact_id)
        assert contacts.resolve(session, vault, SHOP, [ASHA], now=NOW)[0].erased


def test_after_the_hold_the_erasure_finishes_by_itself(house: House, held: Opened, asha: Found):
    finish(house)
    house.advance(after=timedelta(days=90))

    request = house.request(held)
    assert (request.state, request.reason, request.step) == ("done", "", "")
    assert house.rows(envelope_table) == []
    assert house.graph.deleted[0] == "IN.asha42"
    with house.db.read() as session:
        assert holdings.left(session, asha.contact_id) == frozenset()


# --- coming back, and the law


def test_who_comes_back_begins_anew(house: House, vault: Vault, begun: Opened, asha: Found):
    finish(house)
    with house.db.write() as session:
        suppression.lift(session, hashes=asha.hashes, own=asha.own, at=NOW + SECOND)
        found = contacts.resolve(session, vault, SHOP, [ASHA], now=NOW + SECOND)[0]

    assert found.new
    assert found.contact_id != asha.contact_id


def test_who_comes_back_during_the_erasure_begins_anew(house: House, vault: Vault, begun: Opened, asha: Found):
    with house.db.write() as session:
        suppression.lift(session, hashes=asha.hashes, own=asha.own, at=NOW + SECOND)
        found = contacts.resolve(session, vault, SHOP, [ASHA], now=NOW + SECOND)[0]
        know(session, vault, ASHA, now=NOW + SECOND)
        session.commit()
    finish(house)

    with house.db.read() as session:
        assert holdings.left(session, asha.contact_id) == frozenset()
        assert contacts.find(session, vault, SHOP, bsuid=ASHA.bsuid) == found.contact_id


@pytest.mark.laws
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__tablename__)
def test_every_table_that_erases_by_contact_says_whose_a_row_is(model: Any):
    if model.keeping.eraser in (Eraser.DELETE, Eraser.DETACH):
        assert holdings.of_contact(table(model)) is not None


def test_a_process_that_dies_at_any_commit_is_resumed(house: House, vault: Vault, bakery: Business):
    """Fault at the first point, the second, and so on, until a run comes through untouched."""
    for point in count(1):
        found, opened = begin_another(house, vault, bakery, point)
        died = comes_to_an_end(house, point)
        for _ in range(3):
            house.advance(after=timedelta(seconds=25))
        finish(house)
        request = house.request(opened)
        assert (request.state, request.step) == ("done", ""), f"died at {point}"
        with house.db.read() as session:
            assert holdings.left(session, found.contact_id) == frozenset()
        assert house.rows(envelope_table) == []
        if not died:
            break

    assert point > 10


def begin_another(house: House, vault: Vault, bakery: Business, point: int):
    with house.db.write() as session:
        found = know(session, vault, Identity(phone=f"9198000{point:05}", bsuid=f"IN.{point}"))
        opened = erasure.begin(session, vault, subject(bakery, found), now=house.now)
        session.commit()
    return found, opened


def comes_to_an_end(house: House, point: int):
    try:
        with dying_at(point):
            finish(house)
    except DiedError:
        return True
    return False
