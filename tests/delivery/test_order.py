"""Two messages of one person are never on their way at once, and no two attempts share a number."""

from bot.conversation.words import Purpose
from bot.delivery import receipts, templates
from bot.delivery.sending import Posted
from bot.people.contacts import Recipient
from bot.rights import envelopes
from bot.rights.envelopes import Address
from bot.store.db import Database
from bot.store.vault import Vault
from bot.wire.cloud import Accepted
from bot.wire.payload import Status
from tests.delivery.gate import NOT_SENT, claim, record, who_wrote
from tests.support.making import ALICE, BUSINESS, NOW, NUMBER, WABA, message, receipt, stage, take_in

OUTSIDE = {"name": "order_ready", "values": {}, "languages": ["en"]}
DEFINITION = {
    "name": "order_ready",
    "language": "en",
    "status": "APPROVED",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "components": [{"type": "BODY", "text": "Your order is ready."}],
}


def test_answers_from_one_envelope_go_one_by_one(database: Database, vault: Vault):
    address = Address(business=BUSINESS, number_id=NUMBER, last_inbound_at=NOW)
    with database.write() as session:
        to = envelopes.from_envelope(session, vault, address, Recipient(phone=ALICE.phone), now=NOW)
        refs = [stage(session, to, text, purpose=Purpose.RIGHTS) for text in ("one", "two")]
        (first,) = claim(session, vault)

        assert first.ref == refs[0]
        assert claim(session, vault) == []
        record(session, vault, Posted(first, accepted=Accepted(wamid="wamid.A")))
        assert [each.ref for each in claim(session, vault)] == refs[1:]


def test_the_number_of_an_attempt_never_comes_again(database: Database, vault: Vault):
    """Meta took the text and told by receipt that the window was closed, before our record of the POST was written."""
    with database.write() as session:
        templates.sync(session, WABA, [DEFINITION], now=NOW)
        ref = stage(session, who_wrote(session, vault, ALICE), outside=OUTSIDE)
        (text,) = claim(session, vault)
        session.commit()
    take_in(database, vault, receipts=[receipt(ref, Status.FAILED, code=131047)])
    with database.write() as session:
        receipts.merge(session, now=NOW)
        (template,) = claim(session, vault)
        record(session, vault, Posted(text, accepted=Accepted(wamid="wamid.text")))
        record(session, vault, Posted(template, error=NOT_SENT))

        assert (text.kind, template.kind) == ("free", "template")
        assert message(session, ref).state == "queued", "the template has not gone"
