"""How `connect` and `doctor` tell what a step said: to people in lines, to programs in JSON."""

from typing import Any

import click

from bot.doors.going_live.outcome import Failed, Ok, Outcome


def tell(name: str, outcome: Outcome) -> None:
    """Write one step: how it went, and for what is not good what to do."""
    if isinstance(outcome, Failed):
        click.echo(f"{click.style('fault', fg='red')}  {name}: {outcome.what}\n       {outcome.remedy}")
        return
    click.echo(f"{click.style('ok', fg='green')}     {name}: {outcome.what}")
    for warned in outcome.warnings:
        click.echo(f"{click.style('warn', fg='yellow')}   {name}: {warned.what}\n       {warned.remedy}")


def as_data(name: str, outcome: Outcome) -> dict[str, Any]:
    """Return one step for programs."""
    warnings = outcome.warnings if isinstance(outcome, Ok) else ()
    return {
        "check": name,
        "good": isinstance(outcome, Ok),
        "what": outcome.what,
        "remedy": outcome.remedy if isinstance(outcome, Failed) else None,
        "warnings": [{"what": each.what, "remedy": each.remedy} for each in warnings],
    }
