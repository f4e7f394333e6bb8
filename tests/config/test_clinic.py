"""The clinic of the examples: three branches over one base, in three languages; sound, and its scripts play."""

from pathlib import Path

import pytest

from bot.config.content import load
from bot.doors.playing import play

CLINIC = Path(__file__).resolve().parents[2] / "examples" / "clinic"
BRANCHES = ("asha_central", "asha_lake", "asha_riverside")
SCRIPTS = sorted(CLINIC.rglob("*.chat"))


def test_three_branches_have_about_forty_automations_in_three_languages():
    businesses = load(CLINIC).businesses

    assert tuple(businesses) == BRANCHES
    assert min(len(each.rules) + len(each.forms) for each in businesses.values()) >= 40
    assert {frozenset(each.languages) for each in businesses.values()} == {frozenset({"en", "hi", "gu"})}


def test_a_branch_is_little_more_than_what_differs():
    texts = {each: [path.read_text("utf-8") for path in (CLINIC / each).glob("*.toml")] for each in BRANCHES}

    assert max(sum(text.count("\n") for text in each) for each in texts.values()) < 40


def test_no_branch_needs_the_variables_of_the_example_that_ships():
    assert not [
        name for name in load(CLINIC).variables if name.startswith(("LETHE_PHONE", "LETHE_ACCESS", "LETHE_WABA"))
    ]


@pytest.mark.parametrize("script", [pytest.param(path, id=path.stem) for path in SCRIPTS])
def test_its_scripts_say_what_the_bot_says(script: Path):
    business = load(CLINIC).businesses[script.parent.name]

    assert play(CLINIC, business, script) == []
