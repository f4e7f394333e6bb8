"""Sending a template by hand, through the same gate as everything else."""

from typing import TYPE_CHECKING, Any

import click

from bot.doors.cli.common import as_json, fail, one_business, runtime, telling, write_json

if TYPE_CHECKING:
    from bot.config.content import Business
    from bot.runtime import Runtime


@click.command(short_help="Stage a template for a person.")
@click.argument("to")
@click.argument("template")
@click.option(
    "--purpose",
    type=click.Choice(["transactional", "marketing", "authentication"]),
    required=True,
    help="Why it is sent; the gate decides by it.",
)
@click.option("--set", "parameters", metavar="NAME=VALUE", multiple=True, help="A parameter of the template.")
@click.option("--language", default="", help="Language of the template (default: the person's).")
@click.option("--number", default="", help="Which of the business's numbers (default: its first).")
@click.option("--business", help="Which business, if there are several.")
@click.option("--key", default="", help="Idempotency key: the same key and request are sent once.")
@as_json
@telling
def send(  # noqa: PLR0913  an option each
    *,
    to: str,
    template: str,
    purpose: str,
    parameters: tuple[str, ...],
    language: str,
    number: str,
    business: str | None,
    key: str,
    as_json: bool,
) -> None:
    """Stage TEMPLATE for TO (a number as +919876543210, or a business-scoped user id).

    It goes when the gate lets it: the person agreed, or wrote before; the template is approved; the window plays no
    part. `lethe send` returns at once with the message's id.
    """
    values = dict(_pair(each) for each in parameters)
    with runtime() as here:
        its = one_business(dict(here.content().businesses), business)
        ref = _stage(
            here, its, to, number, key, template=template, parameters=values, purpose=purpose, language=language
        )
        here.ring()
    if as_json:
        write_json({"id": ref, "state": "queued"})
    else:
        click.echo(f"Staged as {ref}.")


def _stage(here: "Runtime", its: "Business", to: str, number: str, key: str, **wanted: Any) -> str:
    from bot.conversation.words import Purpose
    from bot.doors import sends
    from bot.doors.idempotency import ConflictError
    from bot.doors.recipients import Unreadable, identity, number_of

    wanted["purpose"] = Purpose(wanted["purpose"])
    try:
        wish = sends.Wish(to=identity(to), number_id=number_of(here, its, number), **wanted)
    except Unreadable as error:
        raise click.UsageError(str(error)) from error
    with here.db.write() as session:
        try:
            ref = sends.accept(session, here.vault, its, wish, key=key, now=here.clock())
        except ConflictError:
            fail("This key was used before, for another request.")
        session.commit()
    return ref


def _pair(written: str) -> tuple[str, str]:
    name, sign, value = written.partition("=")
    if not sign or not name:
        raise click.UsageError(f"--set {written!r}: write NAME=VALUE")
    return name, value
