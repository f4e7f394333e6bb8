from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from bot.answering import answer, backlog, turns
from bot.answering.answer import Answered
from bot.answering.desk import Desk
from bot.conversation.effects import Action
from bot.conversation.events import Event
from bot.conversation.replies import Phrase, Reply, Say
from bot.conversation.words import Store
from bot.delivery.outbox import outbox
from bot.people import contacts, standing
from bot.store.db import Database, table
from bot.store.models import Contact, Envelope
from bot.store.vault import Vault
from tests.support.making import ALICE, BOB, BUSINESS, NOW, contact, desks, said, take_in


def work(database: Database, vault: Vault, *, now: datetime = NOW, at: dict[str, Desk] | None = None) -> Answered:
    """Take and answer everything that waits."""
    with database.write() as session:
        rows = turns.take(session, range(64))
        session.commit()
    with database.write() as session:
        answered = answer.answer(session, vault, at or desks(), rows, now=now)
        session.commit()
    return answered


def staged(database: Database) -> Sequence[Row[Any]]:
    with database.read() as session:
        return session.execute(select(outbox).order_by(outbox.c.id)).all()


def text_of(database: Database, vault: Vault, row: Row[Any]) -> str:
    with database.read() as session:
        key = contacts.keys(session, vault, [row.contact_id])[row.contact_id]
    body = key.open_json(row.body, f"outbox_messages.body.{row.ref}")
    return str(body["text"]["body"] if body["type"] == "text" else body["interactive"]["body"]["text"])


def desk(handler: Any) -> dict[str, Desk]:
    return {BUSINESS: Desk(desks()[BUSINESS].business, [handler], "https://bot.example")}


def says(event: Event, _contact: object) -> list[Action]:
    return [Reply(message=Say(text=Phrase("media.thanks")), rule=f"rule.{event.text}")]


def test_a_question_gets_one_answer_and_is_handled(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "hi"))

    work(database, vault)
    work(database, vault)

    (row,) = staged(database)
    assert (row.rule, row.source, row.purpose, row.language) == ("rule.menu", "answer", "reply", "en")
    with database.read() as session:
        (event,) = session.execute(select(turns.events)).all()
    assert (event.state, event.rule, event.attempts) == ("done", "rule.menu", 1)


def test_the_first_answer_carries_the_notice_and_the_second_does_not(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "hi"), said(ALICE, "hi"))

    work(database, vault)

    first, second = (text_of(database, vault, row) for row in staged(database))
    assert "https://bot.example/privacy/sunrise_bakery" in first
    assert "https://" not in second


def test_the_answer_comes_in_the_language_of_the_question(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "કેમ છો"), said(ALICE, "12345678"))

    work(database, vault)

    assert [row.language for row in staged(database)] == ["gu", "gu"]


def test_a_word_of_all_languages_is_answered_in_the_persons_own(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "કેમ છો"), said(ALICE, "MY DATA"), said(ALICE, "मेरा डेटा हटाओ"))

    work(database, vault)

    assert [row.language for row in staged(database)][:2] == ["gu", "gu"]


@pytest.mark.laws
def test_events_of_a_contact_are_answered_in_order_of_arrival(database: Database, vault: Vault):
    take_in(database, vault, *(said(who, f"{number}") for number in range(5) for who in (ALICE, BOB)))

    work(database, vault, at=desk(says))

    rows = staged(database)
    for contact_id in {row.contact_id for row in rows}:
        assert [row.rule for row in rows if row.contact_id == contact_id] == [f"rule.{n}" for n in range(5)]


@pytest.mark.laws
def test_a_poison_event_is_set_aside_and_its_neighbours_go_on(database: Database, vault: Vault):
    def breaks(event: Event, view: object) -> list[Action]:
        if event.text == "poison":
            raise ZeroDivisionError
        return says(event, view)

    take_in(database, vault, said(ALICE, "a"), said(ALICE, "poison"), said(ALICE, "b"), said(BOB, "c"))

    for _ in range(3 * turns.TRIES):
        work(database, vault, at=desk(breaks))

    assert sorted(row.rule for row in staged(database)) == ["rule.a", "rule.b", "rule.c"]
    with database.read() as session:
        states = session.execute(select(turns.events.c.state).order_by(turns.events.c.id)).scalars().all()
    assert states == ["done", "set_aside", "done", "done"]


@pytest.mark.laws
def test_an_event_that_brings_the_process_down_takes_no_other_with_it(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "a"), said(ALICE, "poison"), said(BOB, "b"))
    crashes = 0
    for _ in range(10):
        with database.write() as session:
            rows = turns.take(session, range(64))
            session.commit()
        if any(is_poison(database, vault, row) for row in rows):
            crashes += 1
            continue
        with database.write() as session:
            answer.answer(session, vault, desk(says), rows, now=NOW)
            session.commit()

    assert crashes == turns.TRIES
    assert sorted(row.rule for row in staged(database)) == ["rule.a", "rule.b"]


def is_poison(database: Database, vault: Vault, row: Row[Any]) -> bool:
    with database.read() as session:
        key = contacts.keys(session, vault, [row.contact_id])[row.contact_id]
    return bool(key.open_json(row.body, f"inbound_events.body.{row.ref}")["text"] == "poison")


@pytest.mark.laws
def test_a_broken_turn_leaves_nothing_half(database: Database, vault: Vault):
    def half(event: Event, view: object) -> list[Action]:
        return [*says(event, view), Reply(message=Say(text=Phrase("no.such.phrase")), rule="rule.broken")]

    take_in(database, vault, said(ALICE, "x"))

    assert work(database, vault, at=desk(half)).counts[BUSINESS, "turn_broken"] == 1
    assert staged(database) == []


@pytest.mark.laws
def test_two_workers_with_the_same_events_answer_once(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "hi"))
    with database.write() as session:
        rows = turns.take(session, range(64))
        session.commit()
    with database.write() as session:
        answer.answer(session, vault, desks(), rows, now=NOW)
        session.commit()

    with database.write() as session, pytest.raises(answer.OvertakenError):
        answer.answer(session, vault, desks(), rows, now=NOW)

    assert len(staged(database)) == 1


def test_a_follow_up_is_gone_when_the_person_writes(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "cake"))
    work(database, vault)
    take_in(database, vault, said(ALICE, "hours"))
    work(database, vault)

    follow_up = next(row for row in staged(database) if row.follow_up)
    assert (follow_up.state, follow_up.reason) == ("blocked", "person_wrote")
    assert follow_up.due_at == NOW + timedelta(hours=25)


def test_a_text_that_is_not_to_be_kept_goes_at_once_when_nothing_is_said(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "order 4711"), said(BOB, "hello there"))

    work(database, vault)

    with database.read() as session:
        kept = dict(session.execute(select(turns.events.c.rule, turns.events.c.store)).all())
    assert kept["rule.order"] == Store.NONE


def test_a_person_has_the_chat_and_the_bot_is_silent(database: Database, vault: Vault):
    with database.write() as session:
        to = contact(session, vault, ALICE)
        standing.hand_over(session, str(to.contact_id), BUSINESS, until=NOW + timedelta(hours=1), now=NOW)
        session.commit()
    take_in(database, vault, said(ALICE, "hi"))

    work(database, vault)

    assert staged(database) == []


def test_human_alerts_the_operator_without_content(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "HUMAN"))

    assert work(database, vault).alerts == [(BUSINESS, "hand_over_asked")]


def test_a_question_put_is_open_for_one_message_only(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "please remove me from this"))
    work(database, vault)
    take_in(database, vault, said(ALICE, "hours"), said(ALICE, "1"))
    work(database, vault)

    assert staged(database)[0].rule == "privacy.near"
    assert not any(row.rule.startswith("privacy.stop") for row in staged(database))


@pytest.mark.laws
def test_who_was_erased_is_answered_from_an_envelope_and_not_stored(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "DELETE MY DATA"))
    work(database, vault)
    take_in(database, vault, said(ALICE, "hi"), said(ALICE, "hello?"), said(ALICE, "MY DATA"))
    work(database, vault)

    with database.read() as session:
        of_nobody = session.execute(select(turns.events).where(turns.events.c.contact_id.is_(None))).all()
        envelopes = session.execute(select(table(Envelope))).all()
    rules = [row.rule for row in staged(database) if row.envelope_id]
    assert of_nobody == []
    assert rules == ["privacy.erased", "privacy.export"]
    assert len(envelopes) == 3, "one for the erasure itself, one for each answer"


def test_start_after_an_erasure_makes_a_new_contact(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "DELETE MY DATA"))
    work(database, vault)
    with database.read() as session:
        (old,) = session.execute(select(table(Contact).c.id)).scalars().all()
    later = NOW + timedelta(minutes=1)
    take_in(database, vault, said(ALICE, "START", at=later), now=later)
    work(database, vault, now=later)
    take_in(database, vault, said(ALICE, "hi", at=later), now=later)
    work(database, vault, now=later)

    (row,) = [row for row in staged(database) if row.rule == "rule.menu"]
    assert row.contact_id not in {None, old}


def test_the_backlog_shows_what_waits(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "hi"))
    with database.read() as session:
        waiting = backlog.look(session, now=NOW)
        figures = {queue.name: queue.count for queue in backlog.figures(session, now=NOW)}

    assert len(waiting.lanes) == 1
    assert figures["events"] == 1
    work(database, vault)
    with database.read() as session:
        assert backlog.look(session, now=NOW).any, "the answer waits to be sent"
