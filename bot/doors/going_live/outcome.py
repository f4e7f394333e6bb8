"""What a step says: that it is good, perhaps with warnings, or what failed and what to do about it."""

from dataclasses import dataclass

from bot.wire.errors import Outcome as Sent
from bot.wire.errors import SendError, sentence

_REMEDIES = {
    0: "make a new access token, then run this again",
    4: "Meta limits the calls of an app: wait an hour, then run this again",
    10: "give the system user the app and the WhatsApp account, both with full control, and make a new token",
    190: "the token is wrong, expired or was revoked: make a new one, then run this again",
    200: "give the system user the app and the WhatsApp account, both with full control, and make a new token",
}


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that works and should not stay so."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Ok:
    """The step is good; `what` says how things stand."""

    what: str
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """The step is not good, and what to do about it."""

    what: str
    remedy: str


Outcome = Ok | Failed


def refused(fault: SendError, doing: str, remedies: dict[int, str] | None = None) -> Failed:
    """Return what a refusal of Meta's means, and the remedy that stands for its code."""
    known = _REMEDIES | (remedies or {})
    if fault.outcome is Sent.NOT_SENT:
        return Failed(f"Meta could not be reached while {doing}", "look at the network and at LETHE_GRAPH_URL")
    if fault.outcome is Sent.UNKNOWN:
        return Failed(f"Meta gave no answer while {doing}", "wait a minute, then run this again")
    code = "no code" if fault.code is None else f"code {fault.code}"
    remedy = known.get(fault.code or -1, "look the code up in Meta's list of error codes, then run this again")
    return Failed(f"Meta refused while {doing} ({code}): {sentence(fault.code)}", remedy)
