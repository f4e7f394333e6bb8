"""Our webhook as Meta meets it: reachable, of the same verify token, the same secret; and Meta's order to use it."""

import secrets
from http import HTTPStatus
from urllib.parse import urlsplit

from bot.doors.going_live.fields import FIELDS, NEEDED
from bot.doors.going_live.outcome import Failed, Ok, Outcome, Warned, refused
from bot.wire.errors import SendError
from bot.wire.onboarding import Onboarding
from bot.wire.payload.scalars import parts
from bot.wire.probe import Probed, ask
from bot.wire.signature import sign

PATH = "/webhook"
# Signed as Meta signs, and about nothing: intake takes it, stores nothing, and says 200.
_NOTHING = b'{"object":"whatsapp_business_account","entry":[]}'
_SEEN = "look at the web process's log and at the proxy before it: {} must reach LETHE_WEB_BIND"


def address(public: str) -> str:
    """Return the address of the webhook."""
    return public.rstrip("/") + PATH


def handshake(public: str, verify_token: str) -> Outcome:
    """Do what Meta does before it takes a webhook."""
    url, challenge = address(public), secrets.token_hex(8)
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    found = ask(url, query=query)
    if found.status == HTTPStatus.OK and found.text == challenge:
        return Ok(f"{url} answers")
    if found.status == HTTPStatus.FORBIDDEN:
        remedy = "the bot runs with another LETHE_VERIFY_TOKEN: start it again, so that it reads .env"
        return Failed(f"{url} does not know our verify token", remedy)
    return _unreachable(url, found)


def signed(public: str, secret: str) -> Outcome:
    """Post an empty webhook, signed with our secret, and another one signed with none of ours."""
    url = address(public)
    found = _post(url, secret)
    if found.status == HTTPStatus.UNAUTHORIZED:
        remedy = "the bot runs with another LETHE_APP_SECRET: start it again, so that it reads .env"
        return Failed(f"{url} refuses what our app secret signed", remedy)
    if found.status != HTTPStatus.OK:
        return _unreachable(url, found)
    if _post(url, secrets.token_hex(16)).status != HTTPStatus.UNAUTHORIZED:
        return Failed(f"{url} takes what nobody signed", "something else answers there: let it reach the web process")
    return Ok("what Meta signs is taken, what others sign is not")


def _post(url: str, secret: str) -> Probed:
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": sign(_NOTHING, secret)}
    return ask(url, body=_NOTHING, headers=headers)


def _unreachable(url: str, found: Probed) -> Failed:
    if found.status:
        return Failed(f"{url} answers with status {found.status}", _SEEN.format(url))
    remedy = "start the bot (`lethe run`) and let the address lead to it; Meta trusts public certificates alone"
    return Failed(f"{url} cannot be reached: {found.fault}", remedy)


def subscribe_app(graph: Onboarding, app_id: str, app_token: str, public: str, verify_token: str) -> Outcome:
    """Give the app our webhook, with the fields we process."""
    remedies = {
        2200: "Meta could not do the handshake: the address must be public, with a certificate everybody trusts",
        100: "the address must be https:// and public; a field may be unknown to this version of the API",
    }
    try:
        graph.set_webhook(app_id, app_token, address(public), verify_token, FIELDS)
    except SendError as fault:
        return refused(fault, "setting the app's webhook", remedies)
    return Ok(f"the app tells {address(public)} of {len(FIELDS)} fields")


def subscribe_account(graph: Onboarding, waba_id: str, token: str) -> Outcome:
    """Let the app hear of the account."""
    remedy = "give the system user the WhatsApp account with full control: Business settings, Accounts, WhatsApp"
    try:
        graph.subscribe(waba_id, token)
    except SendError as fault:
        return refused(fault, "subscribing the app to the account", dict.fromkeys((3, 10, 100, 200), remedy))
    return Ok(f"the app hears of account {waba_id}")


def check_app(graph: Onboarding, app_id: str, app_token: str, public: str) -> Outcome:
    """Judge the app's webhook at Meta: address and fields."""
    try:
        found = graph.webhook(app_id, app_token)
    except SendError as fault:
        return refused(fault, "reading the app's webhook")
    if not found:
        return Failed("the app has no webhook", "run `lethe connect`")
    theirs = str(found.get("callback_url"))
    if theirs != address(public):
        return Failed(
            f"the app's webhook is another one, at {urlsplit(theirs).hostname}",
            "run `lethe connect`, or mend LETHE_PUBLIC_URL",
        )
    names = {str(each.get("name")) for each in parts(found.get("fields"))}
    if missing := NEEDED - names:
        return Failed(f"the app is not told of {', '.join(sorted(missing))}", "run `lethe connect`")
    return Ok(f"the app tells {theirs} of {len(names)} fields", tuple(_warnings(names)))


def _warnings(names: set[str]) -> list[Warned]:
    found: list[Warned] = []
    if missing := set(FIELDS) - names:
        found.append(Warned(f"the app is not told of {', '.join(sorted(missing))}", "run `lethe connect`"))
    if needless := names - set(FIELDS):
        what = f"the app is told of what we do not process: {', '.join(sorted(needless))}"
        found.append(Warned(what, "run `lethe connect`, which asks for the fields we process alone"))
    return found


def check_account(graph: Onboarding, app_id: str, waba_id: str, token: str) -> Outcome:
    """Judge whether our app hears of the account, and who else does."""
    try:
        found = graph.subscribers(waba_id, token)
    except SendError as fault:
        return refused(fault, "reading who hears of the account")
    if app_id not in found:
        return Failed(f"the app does not hear of account {waba_id}", "run `lethe connect`")
    others = len(found) - 1
    more = Warned(f"{others} more app(s) hear of it too", "remove those that nobody knows, in WhatsApp Manager")
    return Ok(f"the app hears of account {waba_id}", (more,) if others else ())
