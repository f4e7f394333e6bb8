"""A business and all businesses of a deployment, as values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.config.catalogue import Catalogue
from bot.config.commands import Commands
from bot.config.content.day_names import DayNames
from bot.config.content.form_words import FormWords
from bot.config.content.forms import Form
from bot.config.content.hours import Hours
from bot.config.content.quiet import Quiet
from bot.config.content.rules import Answer, Rule
from bot.config.policy import Policy
from bot.conversation.replies import Phrase

COMPUTED = ("business.name", "business.telephone", "business.email", "privacy.contact", "hours.week", "hours.next")
"""Values that every text may use; they are worked out, never typed twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberNames:
    """A business number, by the names of the variables that hold its ids and its token; never their values."""

    name: str
    phone_number_id: str
    access_token: str
    waba_id: str

    @property
    def variables(self) -> tuple[str, str, str]:
        """Return the three names."""
        return self.phone_number_id, self.access_token, self.waba_id


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverTo:
    """Where a person goes who asks for a human, and how long the bot is silent then."""

    kind: Literal["staff", "phone", "webhook"]
    target: str
    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """What one business wrote, checked; handlers and rooms read it and never change it."""

    id: str
    name: str
    language: str
    languages: tuple[str, ...]
    zone: ZoneInfo
    hours: Hours
    quiet: Quiet
    telephone: str
    email: str
    read_marks: bool
    typing: bool
    hand_over: HandOverTo
    numbers: tuple[NumberNames, ...]
    rules: tuple[Rule, ...]
    fallback: Answer | None
    catalogue: Catalogue
    commands: Commands
    templates: tuple[Mapping[str, Any], ...]
    policy: Policy
    forms: tuple[Form, ...] = ()
    form_words: FormWords = field(default_factory=FormWords)
    day_names: Mapping[str, DayNames] = field(default_factory=dict)

    @property
    def egress(self) -> frozenset[str]:
        """Return the hosts besides Meta's that this business has us call."""
        target = self.hand_over.target if self.hand_over.kind == "webhook" else ""
        return frozenset({host} if (host := urlsplit(target).hostname) else ())

    @property
    def starts(self) -> tuple[Rule, ...]:
        """Return all that words, taps and kinds of messages start: the rules, and the openings of the forms."""
        return (*self.rules, *(form.start for form in self.forms))

    def form(self, id_: str) -> Form | None:
        """Return the form by its id (`form.cake`), if there is one."""
        return next((form for form in self.forms if form.id == id_), None)

    def rule(self, id_: str) -> Rule | None:
        """Return the rule by its id (`rule.hours`), if there is one."""
        return next((rule for rule in self.rules if rule.id == id_), None)

    def values(self, language: str, local_now: datetime, own: Mapping[str, str]) -> Mapping[str, str]:
        """Return the computed values and those of a reply; its own come first."""
        return _Values(self, language, local_now, own)

    def text(self, phrase: Phrase, language: str, local_now: datetime) -> str:
        """Return the sentence in the language, with its values and the computed ones filled in."""
        values = self.values(language, local_now, phrase.values)
        return self.catalogue.text(Phrase(phrase.key, values), language)


class _Values(Mapping[str, str]):
    """The values of a reply, then the computed ones, each worked out only when a text names it."""

    def __init__(self, business: Business, language: str, local: datetime, own: Mapping[str, str]) -> None:
        self._business = business
        self._language = language
        self._local = local
        self._own = own

    def __getitem__(self, name: str) -> str:
        if name in self._own:
            return self._own[name]
        business = self._business
        match name:
            case "business.name":
                return business.name
            case "business.telephone":
                return business.telephone
            case "business.email":
                return business.email
            case "privacy.contact":
                return business.policy.contact.email
            case "hours.week":
                return business.hours.week(self._language, business.catalogue, self._local.date())
            case "hours.next":
                return business.hours.next(self._local, self._language, business.catalogue)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        yield from self._own
        yield from (name for name in COMPUTED if name not in self._own)

    def __len__(self) -> int:
        return len({*self._own, *COMPUTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All businesses of a deployment, by id; `version` changes when any of their files does."""

    businesses: Mapping[str, Business]
    version: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the names of all variables that the businesses' numbers need."""
        names = (
            name for business in self.businesses.values() for number in business.numbers for name in number.variables
        )
        return tuple(dict.fromkeys(names))
