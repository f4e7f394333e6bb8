"""What Meta's errors mean: one table from code to policy, and the one exception of this wing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class Action(StrEnum):
    """What an error asks for."""

    RETRY = "retry"
    RETRY_PAIR = "retry_pair"
    """Wait with this contact only; others are not affected."""
    SLOW_NUMBER = "slow_number"
    """Wait with all of this business number."""
    DROP = "drop"
    """The same request will fail the same way."""
    UNDELIVERABLE = "undeliverable"
    """This person cannot be reached so."""
    NEEDS_TEMPLATE = "needs_template"
    """The service window is closed."""
    OPTED_OUT = "opted_out"
    """The person stopped marketing at WhatsApp: record it."""
    NOT_BEFORE_A_DAY = "not_before_a_day"
    """Meta withheld it; trying again within 24 hours makes it worse."""
    PAUSE_TEMPLATE = "pause_template"
    PAUSE_NUMBER = "pause_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What to do about an error.

    `tries` counts all attempts of a message, the first included. Before attempt n + 1 goes, `wait(n)` seconds pass;
    for the actions that pause a number or a template they are the time until it is probed again.
    """

    action: Action
    alert: bool = False
    first_wait: float = 0.0
    factor: float = 1.0
    cap: float = 86_400.0
    tries: int = 1

    def wait(self, attempt: int) -> float:
        """Return the seconds to wait after this attempt (1 is the first)."""
        # Beyond 60 steps every series stands at its cap, and a float would overflow.
        return min(self.cap, self.first_wait * self.factor ** min(attempt - 1, 60))


class Outcome(StrEnum):
    """What is known about a request that did not succeed."""

    REFUSED = "refused"
    """Meta said no: it did not go out."""
    NOT_SENT = "not_sent"
    """Meta never had the whole request: it did not go out."""
    UNKNOWN = "unknown"
    """It may have gone out. There is no idempotency key: never send again blindly."""


class SendError(Exception):
    """A request to Meta that did not succeed. It never holds the request, a number, an id or a token."""

    # All by place, so that the error survives pickling.
    def __init__(
        self,
        outcome: Outcome,
        code: int | None = None,
        http_status: int | None = None,
        retry_after: float | None = None,
        transient: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        super().__init__(outcome, code, http_status, retry_after, transient)
        self.outcome = outcome
        self.code = code
        self.http_status = http_status
        self.retry_after = retry_after
        self.transient = transient

    @property
    def policy(self) -> Policy:
        """What to do about it. It says how often; only the outcome says whether sending again is safe."""
        return policy(self.code, self.http_status, transient=self.transient)

    def __str__(self) -> str:
        return f"{'no code' if self.code is None else self.code} {self.outcome}"


_RETRY = Policy(action=Action.RETRY, first_wait=2, factor=3, cap=300, tries=300)
# An outage of Meta's may last for hours: what ends these tries is that the message is no longer of use.
_RETRY_ALERT = replace(_RETRY, alert=True)
_RETRY_MINUTES = replace(_RETRY, first_wait=30, factor=2, cap=600, tries=8)
_RETRY_SLOW = replace(_RETRY, first_wait=60, factor=2, cap=3600, tries=8)
_RETRY_TEN_MINUTES = replace(_RETRY, first_wait=600, factor=1, tries=3)
_RETRY_HOURLY = replace(_RETRY, first_wait=3600, factor=1, cap=3600, tries=4)
_PAIR = Policy(action=Action.RETRY_PAIR, first_wait=1, factor=4, cap=1024, tries=7)
_SLOW = Policy(action=Action.SLOW_NUMBER, first_wait=1, factor=2, cap=64, tries=10)
_DROP = Policy(action=Action.DROP)
_DROP_ALERT = replace(_DROP, alert=True)
_UNDELIVERABLE = Policy(action=Action.UNDELIVERABLE)
_UNDELIVERABLE_ALERT = replace(_UNDELIVERABLE, alert=True)
_TEMPLATE_NEEDED = Policy(action=Action.NEEDS_TEMPLATE)
_OPTED_OUT = Policy(action=Action.OPTED_OUT)
_TOMORROW = Policy(action=Action.NOT_BEFORE_A_DAY, first_wait=86_400)
_PAUSE_TEMPLATE = Policy(action=Action.PAUSE_TEMPLATE, first_wait=10_800, factor=2, tries=4)
_PAUSE_TEMPLATE_ALERT = replace(_PAUSE_TEMPLATE, alert=True)
_PAUSE_NUMBER = Policy(action=Action.PAUSE_NUMBER, alert=True, first_wait=300, factor=2, cap=14_400, tries=10)
_PAUSE_NUMBER_HOURS = replace(_PAUSE_NUMBER, first_wait=14_400)

Codes = int | range | tuple[int | range, ...]

_TABLE: tuple[tuple[Codes, Policy, str], ...] = (
    (0, _PAUSE_NUMBER, "The access token is invalid or was changed."),
    (1, _RETRY_ALERT, "Meta does not know the call, or its servers failed."),
    (2, _RETRY, "Meta's service is down for a moment."),
    (3, _PAUSE_NUMBER, "The app lacks a capability or a permission."),
    (4, _RETRY_SLOW, "The app made too many calls."),
    ((10, range(200, 300)), _PAUSE_NUMBER, "A permission is missing or was removed."),
    (33, _PAUSE_NUMBER, "The business number was deleted, or its id is wrong."),
    (100, _DROP, "A parameter is invalid."),
    (190, _PAUSE_NUMBER, "The access token has expired."),
    (368, _PAUSE_NUMBER, "Blocked for a time for breaking a policy."),
    ((613, 138013), _RETRY_SLOW, "Too many look-ups of call permissions."),
    (80007, _RETRY_SLOW, "The WhatsApp business account made too many calls."),
    (130429, _SLOW, "The number sends faster than its throughput allows."),
    (130472, _DROP, "The person is part of an experiment of Meta's without marketing messages."),
    (130497, _UNDELIVERABLE_ALERT, "This business may not write to people of that country."),
    (131000, _RETRY_ALERT, "Something went wrong at Meta."),
    (131005, _PAUSE_NUMBER, "Access denied: the permission is missing or was removed."),
    (131008, _DROP, "A parameter is missing."),
    (131009, _DROP, "The value of a parameter is not allowed."),
    (131016, _RETRY, "Meta's service is not available."),
    ((131020, 131041, range(131201, 131216)), _DROP, "A group refused it."),
    (131021, _DROP, "Sender and recipient are the same number."),
    (131026, _UNDELIVERABLE, "Cannot be delivered: not on WhatsApp, an old app, or terms not accepted."),
    (131030, _DROP_ALERT, "A test number writes to its allowed recipients only."),
    (131031, _PAUSE_NUMBER, "The business account is locked."),
    (131037, _PAUSE_NUMBER, "The number needs an approved display name first."),
    ((131042, 131044), _PAUSE_NUMBER, "The payment method is missing or has a problem."),
    (131045, _PAUSE_NUMBER, "The number is not registered properly (certificate)."),
    (131047, _TEMPLATE_NEEDED, "More than 24 hours since the person wrote: only a template may go."),
    (131048, _PAUSE_NUMBER_HOURS, "People blocked or reported messages of this number: it is slowed as spam."),
    (131049, _TOMORROW, "Meta withheld it: the person had enough marketing, or her country gets none."),
    (131050, _OPTED_OUT, "The person stopped this business's marketing messages."),
    (131051, _DROP, "WhatsApp does not support this type of message."),
    (131052, _DROP, "Meta could not fetch the file that the person sent."),
    (131053, _DROP_ALERT, "Meta could not take the file: check its type and size."),
    ((131055, 134100), _DROP, "Only marketing messages may go by this call."),
    (134101, _RETRY_TEN_MINUTES, "The template is being synchronised; it takes about ten minutes."),
    ((134102, 134103), _DROP_ALERT, "The template is not available for marketing messages."),
    (131056, _PAIR, "Too many messages to this person in a short time."),
    (131057, _RETRY_MINUTES, "The business account is in maintenance (a rise in throughput, as a rule)."),
    (131059, _RETRY, "The page mark of a list is no longer good: the list starts again."),
    (131060, _DROP, "The message is not available; the person has to send it again."),
    (131062, _UNDELIVERABLE, "This message needs the person's number; her user id alone is not enough."),
    (131063, _DROP_ALERT, "Marketing templates are switched off on this account."),
    (131064, _PAUSE_NUMBER, "The sending limit is cut: templates were filed under a wrong category."),
    ((132000, 132012, 132018), _DROP_ALERT, "The template's parameters do not fit it."),
    (132001, _PAUSE_TEMPLATE_ALERT, "The template does not exist in that language, or is not approved."),
    (132005, _DROP, "The template is too long once filled."),
    (132007, _PAUSE_TEMPLATE_ALERT, "The template breaks a rule on format or content."),
    (132008, _DROP, "The value of a template parameter is not allowed."),
    (132015, _PAUSE_TEMPLATE, "The template is paused for low quality."),
    (132016, _PAUSE_TEMPLATE_ALERT, "The template was paused too often and is switched off."),
    (132068, _PAUSE_TEMPLATE_ALERT, "The flow is blocked."),
    (132069, _RETRY_HOURLY, "The flow is throttled to ten messages an hour."),
    (133004, _RETRY_MINUTES, "Meta's registration server is not available."),
    (
        (133000, 133005, 133006, 133008, 133009, 133010, 133015, 133016),
        _PAUSE_NUMBER,
        "The number is not registered, or its registration or PIN failed.",
    ),
    (134011, _PAUSE_NUMBER, "The terms of payments are not accepted."),
    (135000, _DROP_ALERT, "Meta refused the request without naming a reason."),
    (137000, _DROP_ALERT, "The person's identity key changed: make sure who it is before anything private."),
    (range(138000, 139000), _DROP, "A call was refused."),
    (range(139100, 139104), _DROP, "The block list could not be changed."),
    (range(147001, 147006), _DROP_ALERT, "The business's username was refused."),
    (
        (2388019, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299),
        _DROP_ALERT,
        "The template cannot be made: its header, body, footer, length, variables or the account's limit.",
    ),
    (2494100, _RETRY_MINUTES, "The number is in maintenance."),
    (range(2494164, 2494180), _DROP_ALERT, "The sign-up link was refused."),
)

_SERVER_FAULTS = 500
_UNLISTED = "An error that is not in the table."


def _numbers(codes: Codes) -> Iterator[int]:
    parts: Iterable[int | range] = codes if isinstance(codes, tuple) else (codes,)
    for part in parts:
        yield from part if isinstance(part, range) else (part,)


# Read from the end: where a code stands in a range of its own kind and alone (138013), the earlier line holds.
_POLICIES = {code: line for line in reversed(_TABLE) for code in _numbers(line[0])}


def policy(code: int | None, http_status: int | None, *, transient: bool = False) -> Policy:
    """Return what to do: by the code if Meta gave one that is listed, else by what the answer looks like."""
    if code in _POLICIES:
        return _POLICIES[code][1]
    if transient or (http_status is None and code is None) or (http_status or 0) >= _SERVER_FAULTS:
        return _RETRY
    match code, http_status:
        case None, 401 | 403:
            return _PAUSE_NUMBER
        case _, 429:
            return _SLOW
        case _:
            return _DROP_ALERT


def sentence(code: int | None) -> str:
    """Return what the code means, for operators."""
    return _POLICIES[code][2] if code in _POLICIES else _UNLISTED
