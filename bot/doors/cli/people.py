"""What is done for a person who asks an operator in place of the chat, and what time does by itself."""

import click

from bot.doors.cli.common import as_json, one_business, runtime, telling, write_json, write_table

BUSINESS = click.option("--business", help="Which business, if there are several.")
WHO = click.argument("who")


@click.command(short_help="Erase a person, as DELETE MY DATA.")
@WHO
@BUSINESS
@click.confirmation_option("--yes", prompt="Erase everything that is held about this person?", help="Do not ask.")
@as_json
@telling
def erase(*, who: str, business: str | None, as_json: bool) -> None:
    """Erase WHO (a number as +919876543210, or a business-scoped user id), as DELETE MY DATA does.

    The person must have asked, and you must know that it was she. The code that is printed opens the status page.
    """
    from bot.doors import erasing, operators
    from bot.doors.recipients import Unreadable, identity

    with runtime() as here:
        its = one_business(dict(here.content().businesses), business)
        try:
            whose = identity(who)
        except Unreadable as error:
            raise click.UsageError(str(error)) from error
        with here.db.write() as session:
            code = operators.erase(session, here, its, whose, now=here.clock())
            session.commit()
        erasing.advance_due(here)
        link = f"{here.public_url}/deletion-status?code={code}"
    if as_json:
        write_json({"code": code, "status": link})
    else:
        click.echo(f"Code {code}: {link}")


@click.command("opt-out", short_help="Opt a person out, as STOP.")
@WHO
@click.option("--scope", type=click.Choice(["all", "marketing"]), default="all", show_default=True, help="From what.")
@BUSINESS
@telling
def opt_out(*, who: str, scope: str, business: str | None) -> None:
    """Put WHO on the suppression list, as STOP does; only the person's own START takes her off again."""
    from bot.conversation.words import Scope
    from bot.doors import operators
    from bot.doors.recipients import Unreadable, identity

    with runtime() as here:
        its = one_business(dict(here.content().businesses), business)
        try:
            whose = identity(who)
        except Unreadable as error:
            raise click.UsageError(str(error)) from error
        with here.db.write() as session:
            new = operators.opt_out(session, here, its, whose, Scope(scope), now=here.clock())
            session.commit()
    click.echo("Opted out." if new else "Was opted out already.")


@click.command(short_help="List the subject requests.")
@click.option("--open", "only_open", is_flag=True, help="Only those that are not done.")
@click.option("--business", help="Only this business's.")
@as_json
@telling
def requests(*, only_open: bool, business: str | None, as_json: bool) -> None:
    """List the register of subject requests: what was asked, how far it is, when it is due. Nobody's name."""
    from bot.doors import operators

    with runtime() as here, here.db.read() as session:
        rows = operators.register(session, business, only_open=only_open)
    if as_json:
        write_json(rows)
        return
    names = [name for name in operators.REGISTER if name != "step"]
    shown = [[operators.shown(row[name]) for name in names] for row in rows]
    write_table(names, shown, empty="The register is empty.")


@click.command(short_help="Delete what is older than its period.")
@as_json
@telling
def purge(*, as_json: bool) -> None:
    """Delete now what is older than its period in privacy.toml; the worker does the same every minute."""
    with runtime() as here:
        from bot.rights import retention

        policies = {each.id: each.policy for each in here.content().businesses.values()}
        with here.db.write() as session:
            gone = retention.purge(session, now=here.clock(), policies=policies)
            session.commit()
    if as_json:
        write_json(dict(gone))
    else:
        lines = [f"{name}: {count}" for name, count in sorted(gone.items())]
        click.echo("\n".join(lines) or "Nothing was too old.")
