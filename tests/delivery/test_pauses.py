"""How long a message waits, and a number."""

from datetime import timedelta

import pytest

from bot.delivery import numbers
from bot.delivery.sending import Posted
from bot.store.db import Database
from bot.store.vault import Vault
from bot.wire.cloud import Accepted
from bot.wire.errors import Outcome, SendError
from tests.delivery.gate import NOT_SENT, claim, record, somebody, who_wrote
from tests.support.making import ALICE, NOW, NUMBER, message, stage

AT_ONCE = 20
TOKEN_EXPIRED = SendError(Outcome.REFUSED, 190, 401)
META_IS_DOWN = SendError(Outcome.REFUSED, 2, 503)


@pytest.mark.parametrize("error", [NOT_SENT, META_IS_DOWN], ids=["Meta is not reached", "Meta says that it is down"])
def test_a_reply_outlives_an_outage_of_hours(database: Database, vault: Vault, error: SendError):
    with database.write() as session:
        ref = stage(session, who_wrote(session, vault, ALICE))
        now = NOW
        while now < NOW + timedelta(hours=2):
            (claimed,) = claim(session, vault, now=now)
            record(session, vault, Posted(claimed, error=error), now=now)
            assert message(session, ref).state == "queued"
            now = message(session, ref).due_at
        (claimed,) = claim(session, vault, now=now)
        record(session, vault, Posted(claimed, accepted=Accepted(wamid="wamid.A")), now=now)

        assert message(session, ref).state == "accepted"


def test_refusals_of_one_moment_pause_a_number_once(database: Database, vault: Vault):
    with database.write() as session:
        for number in range(AT_ONCE):
            stage(session, who_wrote(session, vault, somebody(number)))
        claimed = claim(session, vault)
        record(session, vault, *(Posted(each, error=TOKEN_EXPIRED) for each in claimed))
        pause = numbers.pauses(session, [NUMBER])[NUMBER]

        assert len(claimed) == AT_ONCE
        assert pause.until <= NOW + timedelta(minutes=10)


def test_a_refusal_after_a_pause_makes_the_next_one_longer(database: Database, vault: Vault):
    lengths = []
    now = NOW
    with database.write() as session:
        stage(session, who_wrote(session, vault, ALICE))
        for _ in range(3):
            (claimed,) = claim(session, vault, now=now)
            record(session, vault, Posted(claimed, error=TOKEN_EXPIRED), now=now)
            until = numbers.pauses(session, [NUMBER])[NUMBER].until
            lengths.append(until - now)
            now = until + timedelta(hours=1)

    assert sorted(set(lengths)) == lengths
