"""The message templates as Meta has them."""

import click

from bot.doors.cli.common import as_json, fail, runtime, telling, write_json, write_table


@click.group(short_help="Read and list message templates.")
def templates() -> None:
    """Message templates: only those that Meta has approved are ever sent."""


@templates.command()
@as_json
@telling
def pull(*, as_json: bool) -> None:
    """Read the templates of every account from Meta, page by page, in place of what was known."""
    pulled: dict[str, int] = {}
    with runtime() as here:
        from bot.doors.upkeep import pull_templates
        from bot.wire.errors import SendError

        accounts = {number.waba_id: number for number in here.numbers().values() if number.waba_id}
        for waba_id, number in accounts.items():
            try:
                pulled[waba_id] = pull_templates(here, number)
            except SendError as error:
                fail(f"Meta did not list the templates of {waba_id}: code {error.code}, {error.outcome}.")
    if as_json:
        write_json(pulled)
        return
    for waba_id, count in pulled.items():
        click.echo(f"{waba_id}: {count} templates")


@templates.command("list")
@as_json
@telling
def list_(*, as_json: bool) -> None:
    """List the templates that are known here, with their state."""
    from bot.delivery import templates as known

    with runtime() as here, here.db.read() as session:
        rows = known.listing(session)
    names = ("waba_id", "name", "language", "status", "category", "quality", "reason", "synced_at")
    if as_json:
        write_json([{name: getattr(row, name) for name in names} for row in rows])
        return
    shown = names[:-1]
    write_table(
        shown,
        [[str(getattr(row, name)) for name in shown] for row in rows],
        empty="None is known; `lethe templates pull` reads them from Meta.",
    )
