"""The app and its access token: whether they belong together, what the token may do, and how long."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.doors.going_live.outcome import Failed, Ok, Outcome, Warned, refused
from bot.wire.errors import SendError
from bot.wire.onboarding import Onboarding
from bot.wire.payload.scalars import parts

Json = dict[str, Any]

MANAGE, SEND = "whatsapp_business_management", "whatsapp_business_messaging"
NEEDED = frozenset({MANAGE, SEND})
# Meta gives it to every token of a business's system user.
_HARMLESS = frozenset({"public_profile"})
SOON = timedelta(days=14)
MAKE_NEW = (
    "in Business settings, Users, System users: choose the system user, Generate new token, this app, "
    "expiry Never, both whatsapp permissions"
)


def app_token(app_id: str, secret: str) -> str:
    """Return the token that is the app itself."""
    return f"{app_id}|{secret}"


def check_app(graph: Onboarding, app_id: str, secret: str) -> Outcome:
    """Ask Meta for the app with its own id and secret: only the right secret gets an answer."""
    wrong = "copy both again from the app dashboard: App settings, Basic, App ID and App secret (Show)"
    try:
        found = graph.app(app_id, app_token(app_id, secret))
    except SendError as fault:
        return refused(fault, "reading the app", dict.fromkeys((0, 1, 100, 101, 104, 190), wrong))
    return Ok(f"app {found.get('name') or app_id}")


def check_token(info: Json, app_id: str, now: datetime) -> Outcome:
    """Judge what Meta tells of the access token."""
    if info.get("is_valid") is not True:
        return Failed("the access token is not valid (any more)", MAKE_NEW)
    if str(info.get("app_id")) != app_id:
        return Failed(f"the access token is of another app ({info.get('app_id')})", MAKE_NEW)
    scopes = {str(each) for each in info.get("scopes") or ()}
    if missing := NEEDED - scopes:
        return Failed(f"the access token lacks {' and '.join(sorted(missing))}", MAKE_NEW)
    ends = _ends(info)
    if ends is not None and ends <= now:
        return Failed(f"the access token expired on {ends:%Y-%m-%d}", MAKE_NEW)
    return Ok(f"access token, {_lasting(ends)}", tuple(_warnings(info, scopes, ends, now)))


def accounts(info: Json) -> list[str]:
    """Return the WhatsApp accounts that the token reaches, as far as Meta says."""
    for granular in parts(info.get("granular_scopes")):
        if granular.get("scope") == MANAGE:
            return [str(each) for each in granular.get("target_ids") or ()]
    return []


def _ends(info: Json) -> datetime | None:
    seconds = info.get("expires_at")
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds > 0 else None


def _lasting(ends: datetime | None) -> str:
    return "without an end" if ends is None else f"until {ends:%Y-%m-%d %H:%M} UTC"


def _warnings(info: Json, scopes: set[str], ends: datetime | None, now: datetime) -> list[Warned]:
    found: list[Warned] = []
    if info.get("type") != "SYSTEM_USER":
        found.append(Warned("this is a person's temporary token: it ends within hours or days", MAKE_NEW))
    elif ends is not None:
        when = "soon" if ends - now < SOON else "some day"
        found.append(Warned(f"the access token ends {when}, on {ends:%Y-%m-%d}", MAKE_NEW))
    if needless := scopes - NEEDED - _HARMLESS:
        what = f"the access token may do more than is needed: {', '.join(sorted(needless))}"
        found.append(Warned(what, "make a new token with the two whatsapp permissions alone"))
    return found
