"""The rules of a business, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from bot.conversation.replies import Message, Template
from bot.conversation.words import Purpose, Store

On = Literal[
    "image", "video", "audio", "document", "sticker", "media", "location", "contacts", "reaction",
    "first_message", "ad", "order", "welcome",
]  # fmt: skip
"""What starts a rule besides words: a kind of message, the first one, one that came through an advertisement."""

EVERY_LANGUAGE = "*"
"""Under this key stands a text or a word that serves all languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a condition may ask about: the moment and the person, as far as a business may know."""

    open: bool
    weekday: str
    language: str
    consents: frozenset[str]
    first_contact: bool
    ad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Facts that are asked for; None does not ask."""

    open: bool | None = None
    weekdays: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    consents: frozenset[str] | None = None
    first_contact: bool | None = None
    ad: bool | None = None

    def answers(self, facts: Facts) -> tuple[bool, ...]:
        """Return for each fact that is asked for whether it holds."""
        asked = (
            (self.open, facts.open == self.open),
            (self.weekdays, facts.weekday in (self.weekdays or ())),
            (self.languages, facts.language in (self.languages or ())),
            (self.consents, facts.consents >= (self.consents or frozenset())),
            (self.first_contact, facts.first_contact == self.first_contact),
            (self.ad, facts.ad == self.ad),
        )
        return tuple(holds for wanted, holds in asked if wanted is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """`if` and `unless`: all of the first hold and none of the second."""

    given: Condition = field(default_factory=Condition)
    unless: Condition = field(default_factory=Condition)

    def holds(self, facts: Facts) -> bool:
        """Tell whether the facts fit."""
        return all(self.given.answers(facts)) and not any(self.unless.answers(facts))

    @property
    def always(self) -> bool:
        """Tell whether nothing is asked for."""
        return self == ALWAYS


ALWAYS = When()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a rule sends: messages in their order, and the template that stands for them outside the window."""

    messages: tuple[Message, ...] = ()
    outside: Template | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Another answer of the same rule, if it fits."""

    when: When
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What is said some time later, if the person has not written since."""

    id: str
    after: timedelta
    answer: Answer
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What starts it, when it applies, what it says."""

    id: str
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pattern: str = ""
    on: frozenset[On] = field(default_factory=frozenset)
    when: When = ALWAYS
    cases: tuple[Case, ...] = ()
    answer: Answer = field(default_factory=Answer)
    later: tuple[FollowUp, ...] = ()
    store: Store = Store.KEEP

    def answer_for(self, facts: Facts) -> Answer:
        """Return the first case that fits, else the rule's own answer."""
        return next((case.answer for case in self.cases if case.when.holds(facts)), self.answer)
