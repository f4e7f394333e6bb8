"""DELETE MY DATA, proved on a canary: real processes, every way to talk to them, and a deep scan at each moment."""

from pathlib import Path

import pytest

from tests.proof.canary import BSUID, CODE, NAME, SAID, WORD, Canary
from tests.proof.conftest import IN_DOUBT, Story, living

ERASED = "You had your data deleted"


@pytest.mark.laws
def test_nothing_of_her_lies_anywhere_in_clear_while_she_is_known(story: Story) -> None:
    assert story.hits["before"] == []


def test_the_scan_had_something_to_miss(story: Story) -> None:
    told = {place.partition(".")[0] for place in story.mentions["before"]}

    assert {"contacts", "contact_keys", "identifiers", "inbound_events", "outbox_messages", "windows"} <= told
    assert len(story.sealed) > 20


def test_the_scan_looks_where_she_would_lie(canary: Canary, story: Story) -> None:
    planted = canary.stack.folder / "data" / "leak"
    planted.write_text(f"{NAME} said {WORD}")
    found = {hit.needle for hit in canary.scan()}
    planted.unlink()

    assert found == {"name", "text"}


@pytest.mark.laws
@pytest.mark.parametrize("moment", ["after", "talked about", "written again"])
def test_nothing_of_her_is_left_anywhere(story: Story, moment: str) -> None:
    assert story.hits[moment] == []


@pytest.mark.laws
def test_no_row_knows_her_contact_but_the_journal(story: Story) -> None:
    assert story.mentions["after"] == {"journal.subject"}


@pytest.mark.laws
def test_the_keyed_hashes_of_her_stay_on_the_suppression_list_and_its_journal_alone(story: Story) -> None:
    # When an opt-out was lifted is part of the list: a STOP said earlier that comes late must change nothing.
    assert story.hashes == {"suppressions.hash", "liftings.hash", "journal.subject"}


@pytest.mark.laws
def test_not_even_sealed_bytes_or_their_key_are_left_in_a_file(story: Story) -> None:
    assert story.sealed_left == []


def test_she_gets_one_confirmation_with_a_code_and_the_page_says_done(story: Story) -> None:
    assert len(story.confirmations) == 1
    assert story.code in story.confirmations[0]
    assert (story.status["state"], story.status["reason"]) == ("done", "")


def test_meta_is_told_to_forget_her_too(story: Story) -> None:
    assert story.at_meta == []


@pytest.mark.laws
def test_what_waited_when_she_left_is_never_sent(story: Story) -> None:
    assert {"unknown": 1, "queued": 1, "later": 1}.items() <= story.pending.items()
    assert [f"rder {IN_DOUBT}" in str(body) for body in story.posted].count(True) == 1
    assert story.unasked == []


def test_late_receipts_and_repeated_messages_bring_nothing_back(story: Story) -> None:
    assert story.mentions["talked about"] == set()


def test_the_shop_cannot_write_to_her_or_record_a_consent(story: Story) -> None:
    consent, send = story.refusals

    assert (consent["recorded"], consent["reason"]) == (False, "erased")
    assert send["state"] == "blocked"


@pytest.mark.laws
def test_what_she_writes_later_gets_one_line_a_window(story: Story) -> None:
    first, second = story.lines

    assert [len(first), len(second)] == [1, 1]
    assert all(line.startswith(ERASED) for line in (*first, *second))


@pytest.mark.laws
def test_what_she_writes_later_is_not_stored(story: Story) -> None:
    assert story.mentions["written again"] == set()


def test_privacy_words_are_answered_still(story: Story) -> None:
    assert story.code in story.words["STATUS"]
    assert "We hold no data about you" in story.words["MY"]
    assert story.words["STOP"].startswith(ERASED)
    assert story.words["DELETE"].startswith("We hold no data about you")


@pytest.mark.laws
def test_start_makes_a_new_contact_of_whom_nothing_old_is_known(story: Story) -> None:
    assert story.came_back_as
    assert story.came_back_as != story.contact_id
    assert "Messages: 2" in story.summary


@pytest.mark.laws
def test_nothing_of_her_lies_in_clear_once_she_is_back(story: Story) -> None:
    assert story.hits["come back"] == []


def test_without_a_receipt_the_envelope_goes_after_ten_minutes(tmp_path: Path) -> None:
    with living(tmp_path, receipts=()) as canary:
        canary.says(f"hi {SAID}")
        code = CODE.findall(canary.says("DELETE MY DATA"))[0]
        canary.passes(minutes=9)

        assert canary.envelopes == 1
        assert canary.scan() == []

        canary.passes(minutes=2)
        canary.forgotten()

        assert canary.scan() == []
        assert canary.status(code)["state"] == "done"
        assert BSUID not in canary.stack.simulator.state.contact_book
        assert len(canary.answers) == 2
