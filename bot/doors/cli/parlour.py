"""`lethe say`: the conversation itself."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from bot.config.chat import SENT
from bot.config.content import Business, load
from bot.config.durations import duration
from bot.conversation.events import Kind
from bot.doors.cli.common import quiet
from bot.doors.rehearsal import Rehearsal
from bot.doors.stand_ins import Bubble

PROMPT = "> "
TEXTS = frozenset({"text", "interactive"})


def talk(folder: Path, choose: Callable[[dict[str, Business]], Business], person: str) -> None:
    """Read lines until the end or /quit, and show what the bot answers."""
    folder = folder.resolve().parent if (folder / "business.toml").is_file() else folder
    business = choose(dict(load(folder).businesses))
    with quiet(), Rehearsal(folder, business.id) as rehearsal:
        click.secho(f"{business.name} listens to {person}. /tap 1, /clock +25h, /send image, /quit", dim=True, err=True)
        while (line := _line()) is not None:
            try:
                bubbles = _do(rehearsal, person, line)
            except ValueError as error:
                click.secho(str(error), fg="red", err=True)
                continue
            if bubbles is None:
                return
            _show(rehearsal, person, bubbles)


def _line() -> str | None:
    try:
        line: str = click.prompt("", prompt_suffix=PROMPT, default="", show_default=False, err=True)
    except (click.Abort, EOFError):
        click.echo(err=True)
        return None
    return line.strip()


def _do(rehearsal: Rehearsal, person: str, line: str) -> Sequence[Bubble] | None:
    """Do what a line says; None ends the conversation, ValueError says what would be right."""
    word, _, rest = (part.strip() for part in line.partition(" "))
    match word:
        case "/quit" | "/exit":
            return None
        case "/tap":
            return _tap(rehearsal, person, rest or "1")
        case "/clock":
            return rehearsal.moves(duration(rest.removeprefix("+")))
        case "/send":
            return _send(rehearsal, person, *(part.strip() for part in rest.partition(" ")[::2]))
    if word.startswith("/"):
        raise ValueError("known are /tap, /clock, /send and /quit")
    return rehearsal.says(person, line) if line else []


def _tap(rehearsal: Rehearsal, person: str, title: str) -> Sequence[Bubble]:
    try:
        return rehearsal.taps(person, title)
    except LookupError:
        raise ValueError("there is nothing of that kind to tap") from None


def _send(rehearsal: Rehearsal, person: str, kind: str, caption: str) -> Sequence[Bubble]:
    if kind not in SENT:
        raise ValueError(f"send one of {', '.join(sorted(SENT))}")
    return rehearsal.sends(person, Kind(kind), caption)


def _show(rehearsal: Rehearsal, person: str, bubbles: Sequence[Bubble]) -> None:
    for bubble in bubbles:
        kind = f"[template {bubble.template}] " if bubble.template else f"[{bubble.type}] " * (bubble.type not in TEXTS)
        click.echo(click.style(kind, fg="magenta") + bubble.text)
        for place, (_, title) in enumerate(bubble.choices, 1):
            click.secho(f"  [{place}] {title}", fg="cyan")
        click.secho(f"  {bubble.rule}, {bubble.purpose}", dim=True, err=True)
    if not bubbles and (reason := rehearsal.refused(person)):
        click.secho(f"(refused: {reason})", dim=True, err=True)
