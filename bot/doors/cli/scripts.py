"""`lethe test`: every script of every business, one line each, and where the bot differs."""

import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from bot.config.content import ConfigError, load
from bot.doors.cli.common import fail, quiet
from bot.doors.coverage import Gaps, Reached
from bot.doors.playing import Difference
from bot.doors.playing import play as play_one


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one script went."""

    business: str
    script: str
    seconds: float
    differences: list[Difference]


def play(folder: Path, business: str | None, junit: Path | None) -> int:
    """Play all scripts, tell how each went, and return the exit status."""
    alone = folder.resolve() if (folder / "business.toml").is_file() else None
    folder, business = (alone.parent, alone.name) if alone else (folder, business)
    businesses = load(folder).businesses
    if business is not None and business not in businesses:
        raise click.UsageError(f"known are: {', '.join(sorted(businesses))}")
    chosen = [each for each in businesses.values() if business in (None, each.id)]
    outcomes = []
    reached = {each.id: Reached(each) for each in chosen}
    with quiet():
        for outcome in _outcomes(folder, reached):
            _tell(outcome)
            outcomes.append(outcome)
    played = {each.business for each in outcomes}
    gaps = {id_: each.gaps() for id_, each in reached.items() if id_ in played}
    for id_, left in gaps.items():
        _tell_gaps(id_, left)
    if junit:
        _write_junit(junit, outcomes, gaps)
    if not outcomes:
        fail("There is no .chat file to play.")
    different = sum(bool(each.differences) for each in outcomes)
    click.secho(f"{len(outcomes)} scripts, {different} with differences.", fg="red" if different else "green", err=True)
    return 1 if different else 0


def _outcomes(folder: Path, businesses: dict[str, Reached]) -> Iterator[Outcome]:
    for reached in businesses.values():
        business = reached.business
        for script in sorted((folder / business.id).rglob("*.chat")):
            begun = time.monotonic()
            try:
                differences = play_one(folder, business, script, first=reached.listen, after_each=reached.note)
            except ConfigError as error:
                differences = [Difference(_line(fault.key), fault.right, fault.wrong) for fault in error.faults]
            name = str(script.relative_to(folder))
            yield Outcome(business.id, name, time.monotonic() - begun, differences)


def _line(key: str) -> int:
    number = key.removeprefix("line ")
    return int(number) if number.isdecimal() else 0


def _tell(outcome: Outcome) -> None:
    good = not outcome.differences
    click.echo(f"{click.style('ok  ' if good else 'DIFF', fg='green' if good else 'red')}  {outcome.script}")
    for each in outcome.differences:
        click.echo(
            f"      line {each.line}: wanted  {_indented(each.wanted)}\n              got     {_indented(each.got)}"
        )


def _tell_gaps(business: str, gaps: Gaps) -> None:
    """Name what no script has reached: no fault, but nobody has seen it either."""
    for what, left in _named(gaps):
        click.secho(f"{business}: {what} never reached: {', '.join(left)}", fg="yellow", err=True)


def _named(gaps: Gaps) -> Iterator[tuple[str, tuple[str, ...]]]:
    named = (("answers", gaps.outcomes), ("choices", gaps.choices), ("languages", gaps.languages))
    yield from ((what, left) for what, left in named if left)


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + " " * 22)


def _write_junit(path: Path, outcomes: list[Outcome], gaps: dict[str, Gaps]) -> None:
    suite = ET.Element(
        "testsuite",
        name="lethe",
        tests=str(len(outcomes)),
        failures=str(sum(bool(each.differences) for each in outcomes)),
        time=f"{sum(each.seconds for each in outcomes):.3f}",
    )
    for each in outcomes:
        case = ET.SubElement(suite, "testcase", classname=each.business, name=each.script, time=f"{each.seconds:.3f}")
        if each.differences:
            text = "\n".join(f"line {one.line}: wanted {one.wanted!r}, got {one.got!r}" for one in each.differences)
            ET.SubElement(case, "failure", message=f"{len(each.differences)} differences").text = text
    lines = [
        f"{id_}: {what} never reached: {one}"
        for id_, each in gaps.items()
        for what, left in _named(each)
        for one in left
    ]
    if lines:
        ET.SubElement(suite, "system-out").text = "\n".join(lines)
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
