"""Playing a scripted conversation to the bot, and telling where it says something else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import assert_never

from bot.config import chat
from bot.config.chat import Expects, Match, Moves, Refused, Says, Sends, Spoke, Step, Taps
from bot.config.content import Business
from bot.doors.rehearsal import Rehearsal
from bot.doors.stand_ins import Bubble

MONDAY_MORNING = datetime(2026, 1, 5, 10)  # noqa: DTZ001  the zone is the business's
"""When every script begins, in the business's own zone: a script says the same every day."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the bot did not do what the script says."""

    line: int
    wanted: str
    got: str


@dataclass(slots=True)
class Play:
    """One script under way: who acted last, and what she was sent since."""

    rehearsal: Rehearsal
    person: str = ""
    unread: list[Bubble] = field(default_factory=list)

    def take(self, step: Step) -> Iterator[Difference]:
        """Do a step, or yield how the bot differs from it."""
        match step:
            case Says(person=person, text=text):
                self._act(person, lambda: self.rehearsal.says(person, text))
            case Sends(person=person, kind=kind, text=text):
                self._act(person, lambda: self.rehearsal.sends(person, kind, text))
            case Taps(person=person, title=title):
                yield from self._tap(step.line, person, title)
            case Moves(by=by):
                self._act(self.person, lambda: self.rehearsal.moves(by))
            case Expects():
                yield from self._expect(step)
            case Spoke(rule=rule):
                spoken = self.rehearsal.to(self.person)
                yield from _compare(step.line, rule, spoken[-1].rule if spoken else chat.NOTHING)
            case Refused(reason=reason):
                refused = self.rehearsal.refused(self.person) or "not refused"
                yield from _compare(step.line, reason, refused)
            case _:
                raise TypeError(step)

    def _act(self, person: str, act: Callable[[], object]) -> None:
        self.person = person
        before = len(self.rehearsal.to(person))
        act()
        self.unread = list(self.rehearsal.to(person)[before:])

    def _tap(self, line: int, person: str, title: str) -> Iterator[Difference]:
        try:
            self._act(person, lambda: self.rehearsal.taps(person, title))
        except LookupError:
            offered = [each[1] for bubble in self.rehearsal.to(person) for each in bubble.choices]
            yield Difference(line, f"something to tap: {title}", ", ".join(offered) or chat.NOTHING)

    def _expect(self, step: Expects) -> Iterator[Difference]:
        if step.match is Match.NOTHING:
            got = "\n".join(map(_shown, self.unread)) or chat.NOTHING
            yield from _compare(step.line, chat.NOTHING, got)
            return
        bubble = self.unread.pop(0) if self.unread else None
        if bubble is None or not _fits(step, bubble):
            yield Difference(step.line, _wanted(step), _shown(bubble) if bubble else chat.NOTHING)


def _compare(line: int, wanted: str, got: str) -> Iterator[Difference]:
    if wanted != got:
        yield Difference(line, wanted, got)


def _fits(step: Expects, bubble: Bubble) -> bool:
    match step.match:
        case Match.WHOLE:
            return bubble.text == step.text
        case Match.PART:
            return step.text in bubble.text
        case Match.TEMPLATE:
            return bubble.template == step.text
        case Match.NOTHING:
            return False
        case _:
            assert_never(step.match)


def _wanted(step: Expects) -> str:
    before = {Match.PART: "... ", Match.TEMPLATE: "template "}
    return before.get(step.match, "") + step.text


def _shown(bubble: Bubble) -> str:
    return f"template {bubble.template}: {bubble.text}" if bubble.template else bubble.text or f"[{bubble.type}]"


def opening(business: Business) -> datetime:
    """Return the moment at which the business's scripts begin."""
    return MONDAY_MORNING.replace(tzinfo=business.zone)


def play(
    folder: Path,
    business: Business,
    script: Path,
    *,
    first: Callable[[Rehearsal], None] = lambda _: None,
    after_each: Callable[[Rehearsal], None] = lambda _: None,
) -> list[Difference]:
    """Play a script from its beginning; `first` gets the bot before, `after_each` looks at it after every step."""
    found: list[Difference] = []
    with Rehearsal(folder, business.id, start=opening(business)) as rehearsal:
        first(rehearsal)
        under_way = Play(rehearsal)
        for step in chat.read(script):
            found += under_way.take(step)
            after_each(rehearsal)
    return found
