"""The business number: which it is, whether it may go live, and its registration."""

from collections.abc import Sequence
from typing import Any

from bot.doors.going_live.outcome import Failed, Ok, Outcome, Warned, refused
from bot.wire.errors import SendError
from bot.wire.onboarding import Onboarding
from bot.wire.payload.scalars import part, parts

Json = dict[str, Any]

_REGISTERED = "CONNECTED"
_REMEDIES = {
    133005: "enter the PIN that was set before; forgotten: WhatsApp Manager, Phone numbers, the number, Two-step "
    "verification, turn it off, then run this again",
    133006: "WhatsApp Manager, Phone numbers: verify the number by SMS or call, then run this again",
    133008: "too many wrong PINs: wait until the time that WhatsApp Manager shows, or reset the PIN there",
    133009: "the PIN came too fast after a wrong one: wait a few minutes, then run this again",
    133015: "the number was just deleted from WhatsApp: wait five minutes, then run this again",
    133016: "ten registrations in 72 hours are Meta's limit: wait 72 hours, then run this again",
}
IN_THE_APP = Warned(
    "the number is still in use in the WhatsApp Business app",
    "to keep both, connect it by Meta's embedded sign-up (coexistence); else delete the account in the app: "
    "Settings, Account, Delete my account. Registering it here ends it in the app",
)


def shown(number: Json) -> str:
    """Return a number as people know it."""
    name = number.get("verified_name")
    return f"{number.get('display_phone_number')}" + (f" ({name})" if name else "")


def choose(numbers: Sequence[Json], wanted: str) -> Json | Failed:
    """Return the number that was asked for, by id or by its digits, or the only one."""
    if not numbers:
        return Failed("the account has no number", "WhatsApp Manager, Phone numbers, Add phone number")
    listed = ", ".join(f"{each.get('id')} = {shown(each)}" for each in numbers)
    if not wanted:
        return numbers[0] if len(numbers) == 1 else Failed("the account has several numbers", f"choose one: {listed}")
    digits = _digits(wanted)
    for each in numbers:
        if wanted == each.get("id") or (digits and digits == _digits(str(each.get("display_phone_number")))):
            return each
    return Failed(f"{wanted} is no number of this account", f"choose one: {listed}")


def _digits(written: str) -> str:
    return "".join(filter(str.isdigit, written))


def is_registered(number: Json) -> bool:
    """Tell whether the number works on the Cloud API already."""
    return number.get("status") == _REGISTERED and number.get("platform_type") == "CLOUD_API"


def in_the_app(number: Json) -> bool:
    """Tell whether the number still lives in the app on somebody's phone."""
    return number.get("is_on_biz_app") is True


def register(graph: Onboarding, number: Json, token: str, pin: str, region: str = "") -> Outcome:
    """Register the number under its PIN."""
    remedies = _REMEDIES | {100: "the PIN has six digits; a region is a country of Meta's list, as IN or DE"}
    try:
        graph.register(str(number["id"]), token, pin, region)
    except SendError as fault:
        return refused(fault, f"registering {shown(number)}", remedies)
    return Ok(f"{shown(number)} is registered")


def check_number(number: Json) -> Outcome:
    """Judge the health and quality of a number."""
    health = part(number.get("health_status"))
    if not is_registered(number):
        what = f"{shown(number)} is {str(number.get('status') or 'not registered').lower()} on the Cloud API"
        return Failed(what, "run `lethe connect` to register it; if it was banned, appeal in WhatsApp Manager")
    if health.get("can_send_message") == "BLOCKED":
        return Failed(f"{shown(number)} may not send: {_reasons(health)[0]}", _reasons(health)[1])
    return Ok(f"{shown(number)}, quality {number.get('quality_rating') or 'unknown'}", tuple(_warnings(number, health)))


def _warnings(number: Json, health: Json) -> list[Warned]:
    found: list[Warned] = []
    quality = number.get("quality_rating")
    if quality in ("YELLOW", "RED"):
        advice = "people block or report it: write less marketing, and only to those who agreed"
        found.append(Warned(f"the quality of {shown(number)} is {quality}", advice))
    if health.get("can_send_message") == "LIMITED":
        found.append(Warned(f"{shown(number)} is limited: {_reasons(health)[0]}", _reasons(health)[1]))
    if in_the_app(number):
        advice = "a person answers there: the bot is silent while she does; the number sends 20 messages a second"
        found.append(Warned(f"{shown(number)} is in the phone app too", advice))
    if number.get("name_status") in ("DECLINED", "EXPIRED"):
        found.append(Warned("its display name was declined", "WhatsApp Manager, Phone numbers: ask for another name"))
    return found


def _reasons(health: Json) -> tuple[str, str]:
    """Return why, and what Meta advises."""
    errors = [fault for each in parts(health.get("entities")) for fault in parts(each.get("errors"))]
    why = "; ".join(str(each.get("error_description")) for each in errors) or "Meta gives no reason"
    advice = "; ".join(str(each["possible_solution"]) for each in errors if each.get("possible_solution"))
    return why, advice or "look at the account in WhatsApp Manager, Overview"
