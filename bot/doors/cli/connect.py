"""`lethe connect`: from an app at Meta to a bot that answers one's own phone."""

import contextlib
import sys
import threading
from typing import TYPE_CHECKING

import click

from bot.doors.cli.common import one_business, telling

if TYPE_CHECKING:
    from bot.doors.cli.connect_steps import Wishes


@click.command(short_help="Connect a number at Meta, step by step.")
@click.option("--app-id", default="", help="Id of the app, from Meta's app dashboard.")
@click.option("--account", default="", help="Id of the WhatsApp Business Account, if the token reaches several.")
@click.option("--number", default="", help="The number or its id, if the account has several.")
@click.option("--public-url", default="", help="Public https:// address that leads to LETHE_WEB_BIND.")
@click.option("--tunnel", is_flag=True, help="Let an installed cloudflared make the address, as long as this runs.")
@click.option("--region", default="", help="Country where Meta keeps messages at rest, as IN or DE.")
@click.option("--leave-app", is_flag=True, help="Register the number even if that ends it in the phone app.")
@click.option("--business", help="Which business, if there are several; its first number is connected.")
@click.option("--wait-bot", default=120.0, show_default=True, help="Seconds to wait for the bot to answer.")
@click.option("--wait-hi", default=300.0, show_default=True, help="Seconds to wait for your message; 0: do not.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing; agree to replace what is set.")
@telling
def connect(  # noqa: PLR0913  an option each
    *,
    app_id: str,
    account: str,
    number: str,
    public_url: str,
    tunnel: bool,
    region: str,
    leave_app: bool,
    business: str | None,
    wait_bot: float,
    wait_hi: float,
    yes: bool,
) -> None:
    """Connect a number at Meta: check app and token, register the number, write .env, subscribe, wait for your "hi".

    Says which step failed and what to do, and may be run again. Secrets are asked for, or come from the environment:
    LETHE_APP_SECRET, LETHE_ACCESS_TOKEN, LETHE_PIN. The screens at Meta are in docs/go-live.md.
    """
    from bot.doors.cli.connect_steps import Wishes

    wishes = Wishes(
        app_id=app_id,
        account=account,
        number=number,
        public_url=public_url,
        region=region,
        by_tunnel=tunnel,
        leave_app=leave_app,
        hi_within=wait_hi,
        bot_within=wait_bot,
    )
    with contextlib.ExitStack() as stack:
        if not _walk(stack, wishes, business, yes=yes):
            sys.exit(1)
        if tunnel:
            click.echo("The tunnel is open as long as this runs; Ctrl-C closes it.")
            with contextlib.suppress(KeyboardInterrupt):
                threading.Event().wait()


def _walk(stack: contextlib.ExitStack, wishes: "Wishes", business: str | None, *, yes: bool) -> bool:
    """Take the steps until one fails; return whether all were good."""
    from bot.config.content import load as load_content
    from bot.config.settings import Need, load
    from bot.doors.cli.connect_answers import Answers, MissingError
    from bot.doors.cli.connect_steps import Connecting
    from bot.doors.cli.connect_told import tell
    from bot.doors.going_live.outcome import Failed
    from bot.runtime import utc_now
    from bot.wire.onboarding import Onboarding

    settings = load(Need.CHECK)
    graph = Onboarding(settings.graph_url, ca_file=str(settings.ca_file) if settings.ca_file else None)
    chosen = one_business(dict(load_content(settings.config_dir).businesses), business)
    connecting = Connecting(
        wishes=wishes, answers=Answers(yes=yes), graph=stack.enter_context(graph), settings=settings,
        business=chosen, clock=utc_now, open=stack,
    )  # fmt: skip
    for name, step in connecting.steps():
        try:
            outcome = step()
        except MissingError as missing:
            outcome = Failed(f"{missing} is not known", "set it in the environment or in .env, or leave --yes out")
        tell(name, outcome)
        if isinstance(outcome, Failed):
            return False
    return True
