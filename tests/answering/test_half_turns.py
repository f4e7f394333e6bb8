"""A turn that breaks or comes too late takes nothing with it that was good."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Row, select

from bot.answering import answer, turns
from bot.answering.desk import Desk
from bot.conversation.effects import Action
from bot.conversation.events import Event
from bot.conversation.replies import Phrase, Reply, Say
from bot.store.db import Database, table
from bot.store.models import Contact
from bot.store.vault import Vault
from bot.wire.payload import Identity
from tests.support.making import ALICE, BUSINESS, NOW, desks, said, take_in

PHONE = Identity(phone="447700900077")
USER_ID = Identity(bsuid="GB.00000000000000000077")
BOTH = Identity(phone=PHONE.phone, bsuid=USER_ID.bsuid)


def says(event: Event, _view: object) -> list[Action]:
    if event.text == "poison":
        raise ZeroDivisionError
    return [Reply(message=Say(text=Phrase("media.thanks")), rule=f"rule.{event.text}")]


def taken(database: Database) -> Sequence[Row[Any]]:
    with database.write() as session:
        rows = turns.take(session, range(64))
        session.commit()
    return rows


def work(database: Database, vault: Vault, rows: Sequence[Row[Any]]) -> None:
    desk = Desk(desks()[BUSINESS].business, [says], "https://bot.example")
    with database.write() as session:
        answer.answer(session, vault, {BUSINESS: desk}, rows, now=NOW)
        session.commit()


def test_what_earlier_turns_learned_outlives_a_broken_one(database: Database, vault: Vault):
    take_in(database, vault, said(ALICE, "a"), said(ALICE, "poison"))

    work(database, vault, taken(database))

    with database.read() as session:
        alice = session.execute(select(table(Contact))).one()
    assert alice.last_inbound_at == NOW
    assert alice.notice


def test_a_message_whose_sender_was_joined_to_another_meanwhile_is_answered(database: Database, vault: Vault):
    take_in(database, vault, said(USER_ID, "a"))
    take_in(database, vault, said(PHONE, "b"))
    rows = taken(database)
    take_in(database, vault, said(BOTH, "c"))

    with pytest.raises(answer.OvertakenError):
        work(database, vault, rows)
    while again := taken(database):
        work(database, vault, again)

    with database.read() as session:
        rules = session.execute(select(turns.events.c.rule).order_by(turns.events.c.id)).scalars().all()
    assert rules == ["rule.a", "rule.b", "rule.c"]
