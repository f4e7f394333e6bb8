"""What is in doubt is settled by its receipt, whatever else waits to be merged."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.answering import backlog
from bot.delivery import receipts, sending
from bot.delivery.outbox import outbox
from bot.delivery.receipts import PATIENCE
from bot.delivery.sending import Posted
from bot.store.columns import EPOCH
from bot.store.db import Database
from bot.store.vault import Vault
from bot.wire.cloud import Accepted
from bot.wire.payload import Status
from tests.delivery.gate import UNKNOWN, claim, record, who_wrote
from tests.support.making import ALICE, NOW, message, receipt, stage, take_in

SECOND = timedelta(seconds=1)
BATCH = 5
OF_OTHERS = [receipt("", Status.SENT, wamid=f"wamid.other.{number}") for number in range(BATCH)]


@pytest.fixture
def doubted(database: Database, vault: Vault) -> str:
    """Give a reply of which nobody knows whether Meta took it."""
    with database.write() as session:
        ref = stage(session, who_wrote(session, vault, ALICE))
        (claimed,) = claim(session, vault)
        record(session, vault, Posted(claimed, error=UNKNOWN))
        session.commit()
    return ref


@pytest.mark.laws
def test_what_has_its_receipt_is_not_sent_again(database: Database, vault: Vault, doubted: str):
    before = [receipt(f"ref{number}", Status.SENT) for number in range(BATCH)]
    take_in(database, vault, receipts=[*before, receipt(doubted, Status.DELIVERED)])
    with database.write() as session:
        session.execute(update(outbox).values(lease_until=EPOCH))
        sending.settle_doubts(session, now=NOW)
        receipts.merge(session, now=NOW, limit=BATCH)

        assert claim(session, vault) == []
        receipts.merge(session, now=NOW, limit=BATCH)
        assert message(session, doubted).state == "delivered"


def test_what_has_no_receipt_is_sent_again(database: Database, vault: Vault, doubted: str):
    with database.write() as session:
        session.execute(update(outbox).values(lease_until=EPOCH))
        sending.settle_doubts(session, now=NOW)

        assert [each.ref for each in claim(session, vault)] == [doubted]


def test_receipts_of_another_program_hold_none_of_ours_back(database: Database, vault: Vault, doubted: str):
    take_in(database, vault, receipts=OF_OTHERS)
    take_in(database, vault, receipts=[receipt(doubted, Status.DELIVERED)])
    with database.write() as session:
        receipts.merge(session, now=NOW, limit=BATCH)

        assert message(session, doubted).state == "delivered"


def test_receipts_of_another_program_are_no_work_until_they_are_dropped(database: Database, vault: Vault):
    take_in(database, vault, receipts=OF_OTHERS)
    with database.write() as session:
        assert not backlog.look(session, now=NOW).any
        assert receipts.merge(session, now=NOW).taken == 0
        assert backlog.look(session, now=NOW + PATIENCE).receipts
        assert receipts.merge(session, now=NOW + PATIENCE).counts["", "receipt_dropped"] == BATCH


def test_a_receipt_without_our_id_is_taken_when_its_send_is_known(database: Database, vault: Vault):
    take_in(database, vault, receipts=[*OF_OTHERS, receipt("", Status.DELIVERED, wamid="wamid.A")])
    with database.write() as session:
        ref = stage(session, who_wrote(session, vault, ALICE))
        (claimed,) = claim(session, vault)
        record(session, vault, Posted(claimed, accepted=Accepted(wamid="wamid.A")))

        assert receipts.merge(session, now=NOW + SECOND).taken == 1
        assert message(session, ref).state == "delivered"
