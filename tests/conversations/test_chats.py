"""The scripted conversations of the example business, with the laws looked at after every step."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.config.content import load
from bot.config.content.loader import SHIPPED
from bot.conversation.words import Purpose
from bot.delivery import window
from bot.delivery.outbox import outbox
from bot.doors import playing
from bot.doors.rehearsal import Rehearsal
from bot.doors.said_by import Person

FOLDER = SHIPPED.parent
BUSINESSES = load(FOLDER).businesses
SCRIPTS = sorted(FOLDER.glob("*/*.chat"))
PEOPLE = ("Asha", "Meera")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_bot_says_what_the_script_says(script: Path) -> None:
    business = BUSINESSES[script.parent.name]
    assert playing.play(FOLDER, business, script, after_each=look) == []


def look(rehearsal: Rehearsal) -> None:
    """Look at everything that the laws promise of a bot at rest."""
    _nothing_lies_open(rehearsal)
    _everything_went_through_the_gate(rehearsal)
    _everyone_was_written_to_once(rehearsal)


def _nothing_lies_open(rehearsal: Rehearsal) -> None:
    """Law 5: no number, id, name or text of a person stands in clear in any file."""
    telling = [part for name in PEOPLE for part in (name, Person(name).phone, Person(name).user_id)]
    # The words of a template are the business's own, and stand in its definition.
    telling += [bubble.text for bubble in rehearsal.earpiece.heard if not bubble.template]
    held = b"".join(path.read_bytes() for path in rehearsal.home.rglob("*") if path.is_file())
    assert held
    assert not [part for part in telling if part and part.encode() in held]


def _everything_went_through_the_gate(rehearsal: Rehearsal) -> None:
    """Law 3: what Meta heard, the gate let through, as what the window allowed."""
    with rehearsal.runtime.db.read() as session:
        rows = {row.ref: row for row in session.execute(select(outbox))}
    for bubble in rehearsal.earpiece.heard:
        row = rows.get(bubble.ref)
        if row is None:  # gone with an erasure, which sends nothing but rights
            assert bubble.purpose == Purpose.RIGHTS or not rehearsal.refused("Asha")
            continue
        assert row.attempt == 1
        assert (row.kind == "template") == bool(bubble.template)


def _everyone_was_written_to_once(rehearsal: Rehearsal) -> None:
    """Law 7: no message went twice."""
    refs = [bubble.ref for bubble in rehearsal.earpiece.heard]
    assert len(refs) == len(set(refs))


SUNRISE = BUSINESSES["sunrise_bakery"]
START = datetime(2026, 1, 5, 5, tzinfo=UTC)


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    with Rehearsal(FOLDER, "sunrise_bakery", start=START) as made:
        yield made


def test_after_an_erasure_nothing_is_left_to_open(rehearsal: Rehearsal) -> None:
    rehearsal.says("Asha", "hi")
    (confirmation,) = rehearsal.says("Asha", "DELETE MY DATA")
    assert confirmation.purpose == Purpose.RIGHTS
    assert "deletion-status?code=" in confirmation.text
    with rehearsal.runtime.db.read() as session:
        assert not session.execute(select(outbox)).all()
    look(rehearsal)


def test_outside_the_window_free_text_never_goes(rehearsal: Rehearsal) -> None:
    rehearsal.says("Meera", "cake")
    (later,) = rehearsal.moves(window.LENGTH + window.LENGTH)
    assert later.template == "come_back"
    assert later.text.startswith("You asked us about a cake.")


@pytest.mark.parametrize(
    ("script", "difference"),
    [
        pytest.param("> Asha: hi\n< Good day!", (2, "Good day!", "Welcome to Sunrise"), id="other words"),
        pytest.param("> Asha: hi\n<~ Good day!", (2, "... Good day!", "Welcome to Sunrise"), id="no such part"),
        pytest.param("> Asha: hi\n< nothing", (2, "nothing", "Welcome to Sunrise"), id="something"),
        pytest.param("> Asha: hi\n<~ Welcome\n< More", (3, "More", "nothing"), id="nothing"),
        pytest.param("> Asha: hi\n< [template x]", (2, "template x", "Welcome to Sunrise"), id="no template"),
        pytest.param("> Asha: hi\n! rule.hours", (2, "rule.hours", "rule.menu"), id="another rule"),
        pytest.param("> Asha: hi\n! refused window_closed", (2, "window_closed", "not refused"), id="not refused"),
        pytest.param("> Asha: hi\n> Asha taps Cakes", (2, "something to tap: Cakes", "Order a cake"), id="no button"),
    ],
)
def test_a_difference_is_told_by_its_line(tmp_path: Path, script: str, difference: tuple[int, str, str]) -> None:
    path = tmp_path / "one.chat"
    path.write_text(script, "utf-8")
    (found,) = playing.play(FOLDER, SUNRISE, path)
    line, wanted, got = difference
    assert (found.line, found.wanted) == (line, wanted)
    assert found.got.startswith(got)
