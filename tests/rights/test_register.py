"""The register of requests, the export summary, opting out with a line in the journal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.config.content import Business
from bot.conversation.replies import Phrase
from bot.conversation.words import Scope
from bot.people import consent, standing, suppression
from bot.rights import export, opt_outs
from bot.rights import requests as register
from bot.rights.journal import journal as journal_table
from bot.rights.requests import ALPHABET, Asked, Opened, Right, State
from bot.store.vault import Vault
from tests.rights.house import ASHA, NOW, SHOP, hear, know

OTHERS = "other"


@pytest.fixture
def opened(session: Session, vault: Vault, bakery: Business):
    return register.open_request(session, vault, Right.ERASURE, Asked(business=bakery), now=NOW, step="drain")


def test_the_code_is_one_that_nobody_misreads(opened: Opened):
    assert len(opened.code) == 10
    assert set(opened.code) <= set(ALPHABET)
    assert not set("0O1I") & set(ALPHABET)


@pytest.mark.parametrize(
    "write", [str, str.lower, lambda code: f" {code[:5]}-{code[5:]} "], ids=["as told", "small", "apart"]
)
def test_it_knows_the_code_however_it_is_written(
    session: Session, vault: Vault, opened: Opened, write: Callable[[str], str]
):
    view = register.status(session, vault, write(opened.code))

    assert (view.kind, view.state, view.received_at, view.business) == ("erasure", State.RECEIVED, NOW, SHOP)
    assert view.due_at == NOW + timedelta(days=30)


def test_it_knows_the_code_after_the_pepper_was_changed(session: Session, opened: Opened):
    rotated = Vault([b"m" * 32], [b"q" * 32, b"p" * 32])

    assert register.status(session, rotated, opened.code) is not None


def test_it_does_not_know_a_code_that_was_never_told(session: Session, vault: Vault, opened: Opened):
    assert register.status(session, vault, "2222222222") is None


def test_status_is_answered_in_the_persons_language(session: Session, vault: Vault, bakery: Business, opened: Opened):
    phrase = register.status_phrase(session, vault, opened.code, bakery, "de")

    state = bakery.catalogue.text(Phrase("state.received"), "de")
    assert phrase == Phrase("rights.status_line", {"code": opened.code, "state": state})


def test_a_code_of_another_business_is_unknown(session: Session, vault: Vault, bakery: Business, opened: Opened):
    other = replace(bakery, id=OTHERS)

    assert register.status_phrase(session, vault, opened.code, other, "en").key == "rights.status_unknown"


# --- MY DATA


def test_my_data_tells_what_is_held(session: Session, vault: Vault, bakery: Business):
    found = know(session, vault, ASHA)
    hear(session, found, "e2", {"text": "hello"})
    entry = consent.Entry(purpose="ai", granted=False, source="form", at=NOW)
    consent.record(session, vault, found.contact_id, SHOP, entry, now=NOW)
    opt_outs.opt_out(session, vault, SHOP, Scope.ALL, contact_id=found.contact_id, since=NOW, now=NOW)

    phrase = export.summary(session, vault, found.contact_id, bakery, "en", now=NOW)

    assert phrase.key == "rights.export_summary"
    assert phrase.values == {
        "messages": "2",
        "since": "2026-11-22",
        "language": "English",
        "consents": bakery.policy.purposes["marketing"]["en"],
        "standing": "stopped",
        "retention": "texts of messages: 30 days; your contact entry, and when and how messages went: 365 days; "
        "what you agreed to, when and how: 1095 days",
    }
    assert bakery.text(phrase, "en", NOW)


@pytest.mark.parametrize("language", ["en", "hi", "gu", "es", "pt", "fr", "de", "ar", "ru", "zh"])
def test_my_data_is_answered_in_every_language(session: Session, vault: Vault, bakery: Business, language: str):
    found = know(session, vault, ASHA)

    text = bakery.text(export.summary(session, vault, found.contact_id, bakery, language, now=NOW), language, NOW)

    assert "{" not in text
    assert len(text) < 1024


def test_my_data_is_in_the_register(session: Session, vault: Vault, bakery: Business):
    found = know(session, vault, ASHA)
    export.summary(session, vault, found.contact_id, bakery, "en", now=NOW)

    row = session.execute(register.requests.select()).one()
    assert (row.kind, row.state, row.step, row.completed_at, row.contact_id) == (
        "access", "done", "", NOW, found.contact_id,
    )  # fmt: skip


# --- the journal's lines


def lines(session: Session):
    return [
        (row.kind, row.scope, row.subject)
        for row in session.execute(journal_table.select().order_by(journal_table.c.id))
    ]


def test_an_opt_out_is_journalled_once_with_every_identifier(session: Session, vault: Vault):
    found = know(session, vault, ASHA)
    for _ in range(2):
        opt_outs.opt_out(session, vault, SHOP, Scope.ALL, contact_id=found.contact_id, since=NOW, now=NOW)

    assert sorted(lines(session)) == sorted(("suppressed", "all", each) for each in found.hashes)


def test_lifting_is_journalled_with_the_rest_of_the_set(session: Session, vault: Vault):
    found = know(session, vault, ASHA)
    opt_outs.opt_out(session, vault, SHOP, Scope.ALL, contact_id=found.contact_id, since=NOW, now=NOW)

    assert opt_outs.opt_in(session, SHOP, at=NOW, hashes=found.own, own=found.own)
    assert not opt_outs.opt_in(session, SHOP, at=NOW, hashes=found.own, own=found.own)
    assert sorted(lines(session)[2:]) == sorted(("lifted", "all", each) for each in found.hashes)


def test_stopping_marketing_at_whatsapp_is_journalled(session: Session, vault: Vault):
    found = know(session, vault, ASHA)
    opt_outs.from_whatsapp(session, vault, [(SHOP, found.contact_id)], now=NOW)

    assert {line[:2] for line in lines(session)} == {("suppressed", "marketing")}
    assert suppression.of_contacts(session, [found.contact_id]) == {found.contact_id: {Scope.MARKETING}}


def test_a_restriction_and_its_end_are_journalled(session: Session, vault: Vault):
    found = know(session, vault, ASHA)
    opt_outs.restrict(session, found.contact_id, SHOP, now=NOW)
    assert standing.of_contacts(session, [found.contact_id])[found.contact_id].restricted
    assert opt_outs.resume(session, found.contact_id, SHOP, now=NOW)
    assert not opt_outs.resume(session, found.contact_id, SHOP, now=NOW)

    assert [line[0] for line in lines(session)] == ["restricted", "resumed"]
