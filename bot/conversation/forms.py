"""A form that a person is in the middle of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.conversation.events import Media

CANCEL, BACK = "form:cancel", "form:back"
"""The ids of the buttons that leave a form and go back in it."""

Ending = Literal["done", "cancelled", "expired", "left"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """The open form: the question that was asked last, the answers so far by question id, failed tries at this one.

    It lapses at `until`, or goes on being there a little longer; whoever reads it compares with the moment.
    """

    form: str
    question: str
    until: datetime
    answers: Mapping[str, str] = field(default_factory=dict)
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskQuestion:
    """Let this be the open question; opens the form if need be, and leaves another one that was open."""

    form: str
    question: str
    lasts: timedelta
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAnswer:
    """Keep the answer, in place of an earlier one to the same question, as data of the class `keep` (privacy.toml)."""

    form: str
    question: str
    value: str
    keep: str
    media: Media | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseForm:
    """End the form. Of one that is done the answers to these questions stay; of any other, none."""

    form: str
    how: Ending
    answered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tag:
    """Count this word, by day; nothing of the contact."""

    word: str


@dataclass(frozen=True, slots=True)
class TellStaff:
    """Put the contact on the staff's list, with what it is about and no content."""

    about: str
