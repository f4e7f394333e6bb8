"""`lethe new`: six answers make a business that passes `check` and its own script."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.config.content import load
from bot.doors.cli import main

ANSWERS = (
    "Café Sonne & Söhne",
    "de, en",
    "Europe/Berlin",
    "+49 30 901820",
    "mon-fri 08:00-12:00 14:00-18:00, sat 09:00-13:00",
    "Eva Sonne <daten@sonne.example>, Sonnenallee 1, 12047 Berlin",
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def asked(*answers: str) -> Result:
    return CliRunner().invoke(main, ["new"], input="\n".join(answers) + "\n")


def test_six_answers_make_a_business_that_passes_check_and_test(tmp_path: Path) -> None:
    told = asked(*ANSWERS)
    business = load(tmp_path / "businesses").businesses["cafe_sonne_sohne"]

    assert told.exit_code == 0, told.output
    assert (business.name, business.language, business.languages) == (ANSWERS[0], "de", ("de", "en"))
    assert business.policy.controller == "Café Sonne & Söhne, Sonnenallee 1, 12047 Berlin"
    assert [len(day) for day in business.hours.days] == [2, 2, 2, 2, 2, 1, 0]
    played = CliRunner().invoke(main, ["test", "businesses"])
    assert played.exit_code == 0, played.output


@pytest.mark.parametrize(
    ("place", "answer", "told"),
    [
        pytest.param(0, "日本", "some letters", id="a name without letters for a folder"),
        pytest.param(1, "German", "ISO 639", id="a language by its name"),
        pytest.param(2, "Berlin", "no time zone", id="a town"),
        pytest.param(3, "030 901820", "international form", id="a telephone without its country"),
        pytest.param(4, "in the morning", "mon to sun", id="hours in words"),
        pytest.param(4, "always", "write days and times", id="no hours"),
        pytest.param(5, "Eva", "Nila Shah <", id="nobody to write to"),
    ],
)
def test_what_cannot_be_read_is_asked_again(place: int, answer: str, told: str) -> None:
    said = asked(*ANSWERS[:place], answer, *ANSWERS[place:])

    assert told in said.output
    assert said.exit_code == 0, said.output


def test_it_never_writes_over_a_folder(tmp_path: Path) -> None:
    asked(*ANSWERS)
    path = tmp_path / "businesses" / "cafe_sonne_sohne" / "rules.toml"
    path.write_text("# mine\n")

    assert asked(*ANSWERS).exit_code == 1
    assert path.read_text() == "# mine\n"


def test_what_check_finds_beyond_is_told() -> None:
    told = asked(*ANSWERS[:5], "Your name <you@sonne.example>, Sonnenallee 1")

    assert (told.exit_code, "placeholder" in told.output) == (1, True)
