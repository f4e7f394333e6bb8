"""What a run of scripts names as never reached."""

import xml.etree.ElementTree as ET
from pathlib import Path

from click.testing import CliRunner

from bot.config.content import load
from bot.doors.cli import main
from bot.doors.coverage import Gaps, Reached
from bot.doors.playing import play
from tests.config.conftest import FILES, write

CASE = '\n[[rule.hours.case]]\nif.open = false\nsay = "Closed"\n'
HOURS = 'say   = "{hours.week}"\n'
RULES = FILES["rules.toml"].replace(HOURS, HOURS + CASE)
SCRIPT = "> Asha: hi\n<~ Hello!\n> Asha taps Hours\n<~ Mon\n"


def gaps(folder: Path, *scripts: str) -> Gaps:
    write(folder, {**FILES, "rules.toml": RULES})
    reached = Reached(load(folder).businesses["shop"])
    for script in scripts:
        write(folder, {"one.chat": script})
        path = folder / "shop" / "one.chat"
        assert play(folder, reached.business, path, first=reached.listen, after_each=reached.note) == []
    return reached.gaps()


def test_it_names_answers_choices_and_languages_that_nobody_reached(tmp_path: Path) -> None:
    assert gaps(tmp_path, "> Asha: hi\n<~ Hello!\n") == Gaps(
        outcomes=("rule.hours", "rule.hours.case.1", "rule.order"),
        choices=("rule.menu: rule.hours",),
        languages=("gu",),
    )


def test_it_names_nothing_when_all_was_reached(tmp_path: Path) -> None:
    order = "> Asha: order 7\n< Order 7\n> Asha: કેમ છો\n<~ નમસ્તે!\n@ +24h\n@ +12h\n> Asha: hours\n< Closed\n"
    left = gaps(tmp_path, SCRIPT, SCRIPT + order)

    assert (left, left.any) == (Gaps((), (), ()), False)


def test_the_command_tells_it_and_writes_it_into_the_report(tmp_path: Path) -> None:
    write(tmp_path / "shops", {**FILES, "one.chat": SCRIPT})
    report = tmp_path / "report.xml"
    told = CliRunner().invoke(main, ["test", str(tmp_path / "shops"), "--junit", str(report)])

    assert told.exit_code == 0
    assert "shop: answers never reached: rule.order" in told.stderr
    written = ET.parse(report).getroot().findtext("system-out", "")
    assert written.splitlines() == ["shop: answers never reached: rule.order", "shop: languages never reached: gu"]
