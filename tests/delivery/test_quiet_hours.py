"""Quiet hours at the gate: what a business begins waits until they end; answers and rights do not."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot.config.content.quiet import Quiet
from bot.config.content.spans import Span
from bot.conversation.words import Purpose
from bot.delivery import sending
from bot.delivery.outbox import To
from bot.people import windows
from bot.store.db import Database
from bot.store.lanes import LANES
from bot.store.vault import Vault
from tests.support.making import ALICE, BUSINESS, NOW, NUMBER, WABAS, contact, message, stage

LUNCH = (Span(11 * 60, 13 * 60),)
QUIET = {BUSINESS: Quiet(ZoneInfo("UTC"), {Purpose.TRANSACTIONAL: LUNCH})}
"""NOW is a Sunday at noon."""


@pytest.fixture
def alice(database: Database, vault: Vault) -> To:
    """Give Alice, who has just written."""
    with database.write() as session:
        to = contact(session, vault, ALICE)
        windows.open_windows(session, {(str(to.contact_id), NUMBER): NOW})
        session.commit()
    return to


def claimed(session: Session, vault: Vault, **more: object) -> list[str]:
    given = {"now": NOW, "quiet": QUIET, **more}
    went, _ = sending.claim(session, vault, range(LANES), WABAS, **given)  # type: ignore[arg-type]  # by name
    return [each.ref for each in went]


@pytest.mark.laws
def test_what_a_business_begins_waits_until_the_quiet_ends(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        ref = stage(session, alice, purpose=Purpose.TRANSACTIONAL, source="api")

        assert claimed(session, vault) == []
        waiting = message(session, ref)
        assert (waiting.state, waiting.reason, waiting.due_at) == ("queued", "quiet_hours", NOW + timedelta(hours=1))
        assert claimed(session, vault, now=NOW + timedelta(minutes=59)) == []
        assert claimed(session, vault, now=NOW + timedelta(hours=1)) == [ref]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"purpose": Purpose.REPLY}, id="a reply"),
        pytest.param({"purpose": Purpose.TRANSACTIONAL, "source": "answer"}, id="an answer about an order"),
        pytest.param({"purpose": Purpose.RIGHTS, "source": "rights"}, id="an answer to a privacy word"),
    ],
)
def test_who_has_just_written_is_answered_at_any_hour(
    database: Database, vault: Vault, alice: To, more: dict[str, str]
):
    with database.write() as session:
        ref = stage(session, alice, **more)

        assert claimed(session, vault) == [ref]


def test_the_quiet_of_one_business_is_not_another_s(database: Database, vault: Vault, alice: To):
    with database.write() as session:
        ref = stage(session, alice, purpose=Purpose.TRANSACTIONAL, source="api")

        assert claimed(session, vault, quiet={"another": QUIET[BUSINESS]}) == [ref]
