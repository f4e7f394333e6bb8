"""The steps of `connect`, in their order; each asks for what it needs and says Ok or Failed."""

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import click

from bot.config import addresses
from bot.config.content import Business
from bot.config.settings import Settings
from bot.delivery import templates as known
from bot.doors.cli.common import runtime
from bot.doors.cli.connect_answers import Answers
from bot.doors.cli.keys import new_key
from bot.doors.going_live import hello, numbers, templates, tokens, tunnel, webhook
from bot.doors.going_live.outcome import Failed, Ok, Outcome, Warned, refused
from bot.runtime import Clock
from bot.store.db import is_unavailable
from bot.wire.errors import SendError
from bot.wire.onboarding import Onboarding

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was given as options; empty where the person is asked."""

    app_id: str = ""
    account: str = ""
    number: str = ""
    public_url: str = ""
    region: str = ""
    by_tunnel: bool = False
    leave_app: bool = False
    hi_within: float = 300.0
    bot_within: float = 120.0


@dataclass(slots=True, kw_only=True)
class Connecting:
    """One run of `connect`: what is known so far."""

    wishes: Wishes
    answers: Answers
    graph: Onboarding
    settings: Settings
    business: Business
    clock: Clock
    open: contextlib.ExitStack
    app_id: str = ""
    secret: str = ""
    token: str = ""
    verify_token: str = ""
    waba_id: str = ""
    public: str = ""
    info: Json = field(default_factory=dict)
    number: Json = field(default_factory=dict)

    @property
    def app_token(self) -> str:
        """Return the token that is the app."""
        return tokens.app_token(self.app_id, self.secret)

    def steps(self) -> Iterator[tuple[str, Callable[[], Outcome]]]:
        """Yield all steps with their names."""
        yield "app", self.take_app
        yield "token", self.take_token
        yield "number", self.take_number
        yield "registration", self.take_registration
        yield "address", self.take_address
        yield "settings", self.take_settings
        yield "webhook", self.take_webhook
        yield "app's webhook", self.take_app_webhook
        yield "account", self.take_account
        yield "templates", self.take_templates
        yield "hi", self.take_hi

    def take_app(self) -> Outcome:
        """Ask for id and secret of the app, and try them."""
        self.app_id = self.answers.ask("LETHE_APP_ID", "App ID", given=self.wishes.app_id)
        self.secret = self.answers.ask("LETHE_APP_SECRET", "App secret", hidden=True).partition(",")[0].strip()
        return tokens.check_app(self.graph, self.app_id, self.secret)

    def take_token(self) -> Outcome:
        """Ask for the access token, and judge it."""
        self.token = self.answers.ask(self.business.numbers[0].access_token, "Access token", hidden=True)
        try:
            self.info = self.graph.token_info(self.token, self.app_token)
        except SendError as fault:
            return refused(fault, "reading what the access token may do", {100: tokens.MAKE_NEW})
        return tokens.check_token(self.info, self.app_id, self.clock())

    def take_number(self) -> Outcome:
        """Find the account and the number."""
        names, reached = self.business.numbers[0], tokens.accounts(self.info)
        wanted = self.wishes.account or self.answers.known(names.waba_id)
        if not wanted and len(reached) > 1:
            return Failed(f"the token reaches several accounts: {', '.join(reached)}", "name one with --account")
        given = wanted or next(iter(reached), "")
        self.waba_id = self.answers.ask(names.waba_id, "WhatsApp Business Account ID", given=given)
        try:
            found = self.graph.setup_numbers(self.waba_id, self.token)
        except SendError as fault:
            remedy = "copy the account's id from WhatsApp Manager, and give the system user full control of it"
            return refused(fault, "reading the account's numbers", dict.fromkeys((10, 100, 200), remedy))
        chosen = numbers.choose(found, self.wishes.number or self.answers.known(names.phone_number_id))
        if isinstance(chosen, Failed):
            return chosen
        self.number = chosen
        self.answers.kept[names.phone_number_id] = str(chosen["id"])
        return Ok(numbers.shown(chosen), (numbers.IN_THE_APP,) if numbers.in_the_app(chosen) else ())

    def take_registration(self) -> Outcome:
        """Register the number, unless it is."""
        if numbers.is_registered(self.number):
            return Ok("the number is registered already")
        if numbers.in_the_app(self.number) and not self._may_leave_the_app():
            return Failed(numbers.IN_THE_APP.what, f"{numbers.IN_THE_APP.remedy}; `--leave-app` does that")
        pin = self.answers.ask("LETHE_PIN", "Six-digit PIN (a new one, or the one it has)", hidden=True, keep=False)
        return numbers.register(self.graph, self.number, self.token, pin, self.wishes.region)

    def _may_leave_the_app(self) -> bool:
        # A yes to everything is none to this: it takes a number off somebody's phone.
        asked = not self.answers.yes and click.confirm("Registering ends the number in the phone app. Go on?")
        return self.wishes.leave_app or asked

    def take_address(self) -> Outcome:
        """Ask where the world finds us, or start a tunnel."""
        given = self.wishes.public_url
        if self.wishes.by_tunnel:
            try:
                given = self.open.enter_context(tunnel.Tunnel(self.settings.web_bind)).address
            except tunnel.TunnelError as error:
                return Failed(str(error), tunnel.INSTALL)
        asked = self.answers.ask("LETHE_PUBLIC_URL", "Public address (https://...)", given=given)
        try:
            self.public = self.answers.kept["LETHE_PUBLIC_URL"] = addresses.public(asked)
        except ValueError as error:
            return Failed(f"{asked} cannot be a webhook's address", str(error))
        return Ok(self.public)

    def take_settings(self) -> Outcome:
        """Write `.env`, with fresh keys where there are none."""
        fresh = {
            "LETHE_MASTER_KEY": new_key(),
            "LETHE_PEPPER": new_key(),
            "LETHE_VERIFY_TOKEN": secrets.token_urlsafe(24),
        }
        for name, made in fresh.items():
            self.answers.kept[name] = self.answers.known(name) or made
        self.verify_token = self.answers.kept["LETHE_VERIFY_TOKEN"]
        changed = self.answers.replaced()
        if changed and not self.answers.agrees(f"Replace {', '.join(changed)} in .env?"):
            return Failed("the values in .env stay", "run this again with them, or agree to replace them")
        try:
            path = self.answers.write()
        except OSError as error:
            return Failed(f".env cannot be written: {error.strerror}", "start this in a folder that you may write to")
        keep = Warned(
            "whoever has .env and the database reads all", "keep a copy of .env elsewhere, and show it nobody"
        )
        return Ok(f"{path} is written", (keep,))

    def take_webhook(self) -> Outcome:
        """Wait until the bot answers at its address, by the token and the secret that Meta will use."""
        found = webhook.handshake(self.public, self.verify_token)
        if isinstance(found, Failed) and self.wishes.bot_within:
            click.echo(f"       Start the bot in another terminal: lethe run   ({found.what}; waiting)")
        found = _until(lambda: webhook.handshake(self.public, self.verify_token), found, self.wishes.bot_within)
        return found if isinstance(found, Failed) else webhook.signed(self.public, self.secret)

    def take_app_webhook(self) -> Outcome:
        """Give the app our webhook."""
        try:
            theirs = str(self.graph.webhook(self.app_id, self.app_token).get("callback_url") or "")
        except SendError as fault:
            return refused(fault, "reading the app's webhook")
        if theirs not in ("", webhook.address(self.public)) and not self.answers.agrees(
            f"The app has a webhook already, {theirs}; it will hear nothing more. Replace it?"
        ):
            return Failed("the app's webhook stays as it was", "make an app of its own for this bot, or agree")
        return webhook.subscribe_app(self.graph, self.app_id, self.app_token, self.public, self.verify_token)

    def take_account(self) -> Outcome:
        """Let the app hear of the account."""
        return webhook.subscribe_account(self.graph, self.waba_id, self.token)

    def take_templates(self) -> Outcome:
        """Read the account's templates into the database."""
        try:
            found = list(self.graph.templates(self.waba_id, self.token))
            with runtime() as here:
                if here.number(str(self.number["id"])) is None:
                    return Failed("no business serves the number", "name its variables in business.toml, `lethe check`")
                with here.db.write() as session:
                    known.sync(session, self.waba_id, found, now=here.clock())
                    session.commit()
        except SendError as fault:
            return refused(fault, "reading the account's templates")
        except Exception as error:
            if not isinstance(error, OSError) and not is_unavailable(error):
                raise
            return Failed("the database does not answer", "look at LETHE_DATABASE_URL and LETHE_DATA_DIR")
        judged = templates.check(found, (str(each["name"]) for each in self.business.templates))
        # Answers need no template, so those that are not there yet keep nobody from going live.
        return (
            Ok(f"{len(found)} templates", (Warned(judged.what, judged.remedy),))
            if isinstance(judged, Failed)
            else judged
        )

    def take_hi(self) -> Outcome:
        """Wait for the operator's own message."""
        if not self.wishes.hi_within:
            return Ok("not waited for; write to the number yourself")
        click.echo(f"       Now write hi to {numbers.shown(self.number)} from your own phone.")
        with runtime() as here:

            def look() -> hello.Seen:
                with here.db.read() as session:
                    return hello.look(session, str(self.number["id"]))

            return hello.wait(look, self.wishes.hi_within)


def _until(attempt: Callable[[], Outcome], found: Outcome, within: float) -> Outcome:
    """Try again each second until it is good or the time is over."""
    pause, tries = threading.Event(), int(within)
    while isinstance(found, Failed) and tries > 0:
        pause.wait(1)
        found, tries = attempt(), tries - 1
    return found
