r"""Scripted conversations: `.chat` files beside a business, read into steps.

    # a comment
    > Asha: hi                        a person writes; `> Asha taps Hours`, `> Asha sends image: caption`
    < Welcome to Sunrise!             the whole text of the next message to her; `<~ part of it`
    < [template order_update]         the template goes; `< nothing` comes
    @ +25h                            the clock moves
    ! rule.hours                      which rule spoke last; `! refused window_closed`

`\n` in a text is a new line. A step that expects or tells of a rule is about the person who acted last.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from bot.config.durations import duration
from bot.config.faults import ConfigError, Fault
from bot.conversation.events import MEDIA, Kind

SENT = frozenset({*MEDIA, Kind.LOCATION, Kind.CONTACTS, Kind.REACTION})
"""Kinds of messages that a person can send in a script, beside texts and taps."""

_SAYS = re.compile(r"(?P<person>\w[\w ]*?): ?(?P<text>.+)", re.DOTALL)
_TAPS = re.compile(r"(?P<person>\w[\w ]*?) taps (?P<title>.+)")
_SENDS = re.compile(r"(?P<person>\w[\w ]*?) sends (?P<kind>\w+)(?:: ?(?P<text>.*))?")
_TEMPLATE = re.compile(r"\[template ([a-z0-9_]+)\]")
NOTHING = "nothing"
REFUSED = "refused "


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A line of a script."""

    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Says(Step):
    person: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taps(Step):
    person: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sends(Step):
    person: str
    kind: Kind
    text: str = ""


class Match(StrEnum):
    """How the next message is compared with what is expected."""

    WHOLE = "whole"
    PART = "part"
    TEMPLATE = "template"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expects(Step):
    match: Match
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves(Step):
    by: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke(Step):
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Step):
    reason: str


Steps = tuple[Step, ...]


def read(path: Path) -> Steps:
    """Read a script from its file."""
    return parse(path.read_text("utf-8"), path.name)


def parse(text: str, name: str) -> Steps:
    """Read a script; ConfigError names every line that is none."""
    steps: list[Step] = []
    faults: list[Fault] = []
    for number, written in enumerate(text.splitlines(), 1):
        line = written.strip()
        if not line or line.startswith("#"):
            continue
        try:
            steps.append(_step(line, number))
        except ValueError as error:
            faults.append(Fault(name, f"line {number}", "is no step", str(error)))
    faults += _out_of_place(steps, name)
    if faults:
        raise ConfigError(faults)
    return tuple(steps)


def _step(line: str, number: int) -> Step:
    sign, rest = line[0], line[1:].strip()
    if sign == ">":
        return _acts(rest, number)
    if sign == "<":
        return _expects(rest, number)
    if sign == "@":
        if not rest.startswith("+"):
            raise ValueError("the clock only goes on: write @ +25h")
        return Moves(line=number, by=duration(rest[1:]))
    if sign == "!" and rest.startswith(REFUSED):
        return Refused(line=number, reason=rest.removeprefix(REFUSED).strip())
    if sign == "!" and rest and " " not in rest:
        return Spoke(line=number, rule=rest)
    raise ValueError("begin with > (a person), < (the bot), @ (the clock), ! (the rule) or # (a comment)")


def _acts(rest: str, number: int) -> Step:
    if found := _TAPS.fullmatch(rest):
        return Taps(line=number, **found.groupdict())
    found = _SENDS.fullmatch(rest)
    if found and found["kind"] in SENT:
        return Sends(line=number, person=found["person"], kind=Kind(found["kind"]), text=_lines(found["text"] or ""))
    if found:
        raise ValueError(f"a person can send {', '.join(sorted(SENT))}")
    if found := _SAYS.fullmatch(rest):
        return Says(line=number, person=found["person"], text=_lines(found["text"]))
    raise ValueError("write > Asha: hi, > Asha taps Hours or > Asha sends image")


def _expects(rest: str, number: int) -> Expects:
    if rest == NOTHING:
        return Expects(line=number, match=Match.NOTHING)
    if found := _TEMPLATE.fullmatch(rest):
        return Expects(line=number, match=Match.TEMPLATE, text=found[1])
    part = rest.startswith("~")
    text = rest[1:].strip() if part else rest
    if not text:
        raise ValueError("write what the bot answers, a part of it behind <~, or nothing")
    return Expects(line=number, match=Match.PART if part else Match.WHOLE, text=_lines(text))


def _lines(text: str) -> str:
    return text.replace("\\n", "\n")


def _out_of_place(steps: list[Step], name: str) -> Iterator[Fault]:
    acted = False
    for step in steps:
        acted = acted or isinstance(step, Says | Taps | Sends)
        if not acted and isinstance(step, Expects | Spoke | Refused):
            yield Fault(name, f"line {step.line}", "nobody has written yet", "begin with > and a person")
