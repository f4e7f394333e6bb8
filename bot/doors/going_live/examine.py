"""All checks of a deployment that is live, each on its own: one that fails hides no other."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from bot.doors.going_live import clock, numbers, templates, tokens, webhook
from bot.doors.going_live.outcome import Failed, Ok, Outcome, Warned, refused
from bot.runtime import BoundNumber, Runtime
from bot.wire.errors import SendError
from bot.wire.onboarding import Onboarding

Json = dict[str, Any]
Found = Iterator[tuple[str, Outcome]]

_TOKEN = dict.fromkeys((0, 100, 190), tokens.MAKE_NEW)
NO_ADDRESS = Failed(
    "LETHE_PUBLIC_URL is not set", "run `lethe connect`, or set the https:// address of the web process"
)


class Examination:
    """Every check of one deployment."""

    def __init__(self, runtime: Runtime, graph: Onboarding) -> None:
        self._here, self._graph = runtime, graph
        self._secrets = runtime.app_secrets()
        self._app_id = runtime.settings.variable("LETHE_APP_ID") or ""

    def all(self) -> Found:
        """Yield every check with its name."""
        bound = list(self._here.numbers().values())
        yield from self._tokens(bound)
        yield from self._app()
        yield from self._webhook()
        for waba_id, number in {each.waba_id: each for each in bound if each.waba_id}.items():
            yield from self._account(waba_id, number, [each for each in bound if each.waba_id == waba_id])
        if bound:
            yield "clock", self._asked("reading Meta's clock", lambda: self._clock(bound[0].token))

    def _tokens(self, bound: list[BoundNumber]) -> Found:
        for token, number in {each.token: each for each in bound}.items():
            yield f"token of {number.business}", self._asked("reading a token", partial(self._token, token), _TOKEN)

    def _token(self, token: str) -> Outcome:
        # A token may be asked about by itself, so the app's id need not be known before.
        info = self._graph.token_info(token, token)
        self._app_id = self._app_id or str(info.get("app_id") or "")
        return tokens.check_token(info, self._app_id, self._here.clock())

    def _app(self) -> Found:
        if not self._secrets:
            yield "app", Failed("LETHE_APP_SECRET is not set", "run `lethe connect`")
        for place, secret in enumerate(self._secrets):
            found = tokens.check_app(self._graph, self._app_id, secret)
            # During a rotation one of the two is Meta's no more, or not yet.
            if isinstance(found, Ok) or place + 1 == len(self._secrets):
                self._secrets = (secret,) if isinstance(found, Ok) else self._secrets
                yield "app", found
                return

    def _webhook(self) -> Found:
        verify_token = self._here.settings.verify_token
        if self._here.settings.public_url is None:
            yield "webhook", NO_ADDRESS
            return
        public = self._here.public_url
        known = verify_token.get_secret_value() if verify_token else ""
        yield "webhook", webhook.handshake(public, known)
        for secret in self._secrets[:1]:
            yield "signature", webhook.signed(public, secret)
            app_token = tokens.app_token(self._app_id, secret)
            yield "app's webhook", webhook.check_app(self._graph, self._app_id, app_token, public)

    def _account(self, waba_id: str, number: BoundNumber, bound: list[BoundNumber]) -> Found:
        yield f"account {waba_id}", webhook.check_account(self._graph, self._app_id, waba_id, number.token)
        yield from self._numbers(waba_id, number.token, bound)
        used = [str(each["name"]) for each in self._used(bound)]
        yield (
            f"templates of {waba_id}",
            self._asked(
                "reading templates", lambda: templates.check(list(self._graph.templates(waba_id, number.token)), used)
            ),
        )

    def _used(self, bound: list[BoundNumber]) -> Iterator[Any]:
        for business in sorted({each.business for each in bound}):
            yield from self._here.content().businesses[business].templates

    def _numbers(self, waba_id: str, token: str, bound: list[BoundNumber]) -> Found:
        try:
            found = {str(each.get("id")): each for each in self._graph.setup_numbers(waba_id, token)}
        except SendError as fault:
            yield f"numbers of {waba_id}", refused(fault, "reading the account's numbers")
            return
        for each in bound:
            name, number = f"number {each.number_id}", found.get(each.number_id)
            if number is None:
                yield name, Failed(f"it is not in account {waba_id}", "mend the number's id or the account's in .env")
                continue
            yield name, numbers.check_number(number)
            yield f"data of {each.number_id}", self._region(each)

    def _region(self, number: BoundNumber) -> Outcome:
        try:
            region = self._graph.region(number.number_id, number.token)
        except SendError as fault:
            return Ok("not told", (Warned(f"Meta does not say where messages rest ({fault})", "ask Meta's support"),))
        if region:
            return Ok(f"Meta keeps messages at rest in {region}")
        return Ok("Meta chooses where messages rest; `lethe connect --region` decides it when a number is registered")

    def _clock(self, token: str) -> Outcome:
        theirs = self._graph.server_time(token)
        return clock.check(self._here.clock(), theirs)

    def _asked(self, doing: str, check: Callable[[], Outcome], remedies: dict[int, str] | None = None) -> Outcome:
        try:
            return check()
        except SendError as fault:
            return refused(fault, doing, remedies)
