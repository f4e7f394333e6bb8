"""Forms on the real way, on both databases: taken in, answered in turns of their own, kept sealed, erased."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select

from bot.answering import answer, forms, turns
from bot.answering.answer import Answered
from bot.answering.desk import Desk
from bot.config.content import Business
from bot.conversation.events import Event, Kind, Media
from bot.delivery.outbox import outbox
from bot.people import contacts, standing
from bot.rights import holdings, retention
from bot.store.db import Database
from bot.store.vault import Vault, random_id
from bot.wire.payload import Arrival
from handlers import build
from tests.handlers.shop import opened
from tests.support.making import ALICE, BOB, BUSINESS, NOW, NUMBER, said, take_in

RULES = """
[rule.hours]
words = "hours"
say = "{hours.week}"
"""
CAKE = """
[form.cake]
words = "order cake"
keep = "orders"
lasts = "2 h"
ask.photo = { say = "Send it", takes = "image" }
ask.name = { say = "Which words?" }
ask.day = { say = "Which day?", takes = "date" }
[form.cake.done]
tell = "staff"
tag = "baked"
later = { before = "{day}", hours = 18, template = "order_update", with = { order = "{day}" } }
[form.visit]
words = "how was it"
ask.why = { say = "Tell us" }
done = { tell = "staff" }
"""
PRIVACY = """
controller = "Corner Shop, 1 Main Road"
[contact]
name  = "Asha Patel"
email = "privacy@corner.example"
[retention]
orders = { days = 90, en = "your orders", gu = "તમારા ઑર્ડર" }
"""
DAY = timedelta(days=1)


@pytest.fixture
def shop(tmp_path: Path) -> Business:
    return opened(tmp_path, RULES, **{"forms.toml": CAKE, "privacy.toml": PRIVACY})


def work(database: Database, vault: Vault, shop: Business, *arrivals: Arrival, now: Any = NOW) -> Answered:
    """Take in what was said and answer it, each in transactions of its own: all else is forgotten between them."""
    take_in(database, vault, *arrivals, now=now)
    with database.write() as session:
        rows = turns.take(session, range(64))
        session.commit()
    desks = {BUSINESS: Desk(shop, build(shop), "https://bot.example")}
    with database.write() as session:
        answered = answer.answer(session, vault, desks, rows, now=now)
        session.commit()
    return answered


def photo() -> Arrival:
    media = Media(id="1234567890", mime_type="image/jpeg")
    event = Event(kind=Kind.IMAGE, at=NOW, media=media)
    return Arrival(number_id=NUMBER, wamid=f"wamid.{random_id()}", sender=ALICE, event=event)


def rows(database: Database, table: Any) -> list[Row[Any]]:
    with database.read() as session:
        return list(session.execute(select(table)))


def contact_id(database: Database, vault: Vault) -> str:
    with database.read() as session:
        found = contacts.find(session, vault, BUSINESS, phone=ALICE.phone, bsuid=ALICE.bsuid)
    assert found is not None
    return found


def answers(database: Database, vault: Vault) -> Mapping[str, str]:
    with database.read() as session:
        key = contacts.keys(session, vault, [contact_id(database, vault)])[contact_id(database, vault)]
        found = session.execute(select(forms.answers)).all()
    return {row.question: key.open_json(row.body, forms.bound(row.ref))["value"] for row in found}


def fill_in(database: Database, vault: Vault, shop: Business) -> Answered:
    for each in (said(ALICE, "order cake"), photo(), said(ALICE, "Mira")):
        work(database, vault, shop, each)
    return work(database, vault, shop, said(ALICE, "24/12"))


def test_answers_outlive_every_turn_and_the_end_keeps_them(database: Database, vault: Vault, shop: Business):
    answered = fill_in(database, vault, shop)

    assert rows(database, forms.open_forms) == []
    assert answers(database, vault) == {"photo": "1234567890", "name": "Mira", "day": "2026-12-24"}
    assert {row.data_class for row in rows(database, forms.answers)} == {"orders"}
    assert answered.alerts == [(BUSINESS, "form_done")]
    assert answered.counts[BUSINESS, "form_done"] == answered.counts[BUSINESS, "tag_baked"] == 1


def test_questions_and_answers_of_one_batch_go_as_those_of_many(database: Database, vault: Vault, shop: Business):
    work(database, vault, shop, said(ALICE, "order cake"), photo(), said(ALICE, "Mira"), said(BOB, "hours"))

    assert answers(database, vault) == {"photo": "1234567890", "name": "Mira"}
    assert [row.question for row in rows(database, forms.open_forms)] == ["day"]


def test_staff_have_it_on_their_list_and_the_bot_goes_on(database: Database, vault: Vault, shop: Business):
    fill_in(database, vault, shop)
    work(database, vault, shop, said(ALICE, "hours"))

    with database.write() as session:
        [listed] = standing.handed_over(session, BUSINESS, now=NOW)
        assert listed.about == "form.cake"
        assert standing.hand_back(session, listed.id, NOW)
    assert rows(database, outbox)[-1].rule == "rule.hours"


def test_a_reminder_stays_when_she_writes_meanwhile(database: Database, vault: Vault, shop: Business):
    fill_in(database, vault, shop)
    work(database, vault, shop, said(ALICE, "hours"))

    [reminder] = [row for row in rows(database, outbox) if row.source == "follow_up"]
    assert (reminder.state, reminder.template, reminder.purpose) == ("queued", "order_update", "transactional")
    assert reminder.due_at.isoformat() == "2026-12-23T00:30:00+00:00"


def test_cancel_leaves_nothing_of_it(database: Database, vault: Vault, shop: Business):
    work(database, vault, shop, said(ALICE, "order cake"), photo(), said(ALICE, "cancel"))

    assert rows(database, forms.open_forms) == []
    assert rows(database, forms.answers) == []


def test_another_form_takes_its_place_and_its_answers_go(database: Database, vault: Vault, shop: Business):
    work(database, vault, shop, said(ALICE, "order cake"), photo(), said(ALICE, "Mira"), said(ALICE, "how was it"))

    assert [row.form for row in rows(database, forms.open_forms)] == ["form.visit"]
    assert rows(database, forms.answers) == []


def test_two_people_fill_in_their_own(database: Database, vault: Vault, shop: Business):
    work(database, vault, shop, said(ALICE, "how was it"), said(BOB, "how was it"), said(ALICE, "Good"))

    assert answers(database, vault) == {"why": "Good"}
    [still_open] = rows(database, forms.open_forms)
    assert still_open.contact_id != contact_id(database, vault)


@pytest.mark.laws
def test_an_erasure_takes_answers_and_open_forms(database: Database, vault: Vault, shop: Business):
    fill_in(database, vault, shop)
    work(database, vault, shop, said(ALICE, "how was it"))
    who = contact_id(database, vault)

    with database.write() as session:
        assert "1234567890" in holdings.media_at_meta(session, vault, who)
        gone = holdings.purge(session, who)
        session.commit()

    assert (gone["form_answers"], gone["open_forms"]) == (3, 1)
    assert rows(database, forms.answers) == rows(database, forms.open_forms) == []


@pytest.mark.laws
def test_no_answer_lies_in_clear(database: Database, vault: Vault, shop: Business):
    fill_in(database, vault, shop)

    assert not any(b"Mira" in row.body for row in rows(database, forms.answers))


@pytest.mark.parametrize(
    ("after", "left"), [pytest.param(89 * DAY, 3, id="in its time"), pytest.param(91 * DAY, 0, id="over")]
)
def test_answers_are_kept_as_long_as_their_class(
    database: Database, vault: Vault, shop: Business, after: timedelta, left: int
):
    fill_in(database, vault, shop)

    with database.write() as session:
        retention.purge(session, now=NOW + after, policies={BUSINESS: shop.policy})
        session.commit()

    assert len(rows(database, forms.answers)) == left


@pytest.mark.parametrize(
    ("after", "left"), [pytest.param(DAY, 1, id="told still"), pytest.param(2 * DAY, 0, id="forgotten")]
)
def test_a_form_that_nobody_goes_on_with_goes_with_its_answers(
    database: Database, vault: Vault, shop: Business, after: timedelta, left: int
):
    work(database, vault, shop, said(ALICE, "order cake"), photo())

    with database.write() as session:
        retention.purge(session, now=NOW + after, policies={BUSINESS: shop.policy})
        session.commit()

    assert (len(rows(database, forms.open_forms)), len(rows(database, forms.answers))) == (left, left)
