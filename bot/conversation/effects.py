"""What changes here because of an event; carried out by `answering/effects`."""

from dataclasses import dataclass
from datetime import timedelta

from bot.conversation.forms import AskQuestion, CloseForm, KeepAnswer, Tag, TellStaff
from bot.conversation.replies import Reply
from bot.conversation.words import Purpose, Scope


@dataclass(frozen=True, slots=True)
class OptOut:
    """Stop sending within the scope. `wording` names the command or phrase key that asked for it."""

    scope: Scope
    wording: str = ""


@dataclass(frozen=True, slots=True)
class OptIn:
    """START: lift what stands for the identifiers of this event."""

    wording: str = ""


@dataclass(frozen=True, slots=True)
class RequestErasure:
    """DELETE MY DATA. The erasure itself confirms, when it is done."""


@dataclass(frozen=True, slots=True)
class RequestExport:
    """MY DATA: a summary of what is held (the answer is written by `rights/export`)."""


@dataclass(frozen=True, slots=True)
class TellStatus:
    """STATUS <code>: answered from the register of subject requests."""

    code: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """HUMAN: the bot is silent for this contact until handed back or `lasts` is over; the operator is told."""

    lasts: timedelta


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Answer in this language (ISO 639-1) from now on."""

    language: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Remember the question just put (`privacy.near`), so that "1" counts as its first choice; "" forgets it."""

    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """A follow-up: `reply` is judged again after `after`, and gone when the person stops or is erased.

    It is gone as well when she writes, unless it `stays`: a reminder of what was agreed.
    """

    id: str
    after: timedelta
    reply: Reply
    purpose: Purpose = Purpose.REPLY
    stays: bool = False


FormEffect = AskQuestion | KeepAnswer | CloseForm | Tag | TellStaff
Effect = (
    OptOut | OptIn | RequestErasure | RequestExport | TellStatus | HandOver | ChooseLanguage | Ask | Later | FormEffect
)
Action = Reply | Effect
