"""The rules of a business: words, expressions, taps and kinds of messages start them, and open forms."""

from collections.abc import Iterator, Mapping, Sequence

from bot.config.content import DAYS, Answer, Business, Facts, On, Rule
from bot.conversation.contact import ContactView
from bot.conversation.effects import Action, Later
from bot.conversation.events import MEDIA, Event, Kind
from bot.conversation.handler import Handler
from bot.conversation.replies import Reply
from bot.conversation.words import Command, Purpose
from handlers.filling import opening
from handlers.matching import Found, Matcher
from handlers.phrasing import template_with, unwanted, with_values

WRITTEN = MEDIA | {Kind.TEXT, Kind.TAP}
"""Kinds of events whose text may start a rule: a body, a caption, the title of what was tapped."""

HELP = "rule.help"

_ON: Mapping[Kind, tuple[On, ...]] = {
    Kind.IMAGE: ("image", "media"),
    Kind.VIDEO: ("video", "media"),
    Kind.AUDIO: ("audio", "media"),
    Kind.DOCUMENT: ("document", "media"),
    Kind.STICKER: ("sticker",),
    Kind.LOCATION: ("location",),
    Kind.CONTACTS: ("contacts",),
    Kind.REACTION: ("reaction",),
    Kind.ORDER: ("order",),
    Kind.WELCOME: ("welcome",),
}


def from_rules(business: Business) -> Handler:
    """Return the handler that answers by the rules of this business."""
    return Automations(business)


def facts_of(business: Business, event: Event, contact: ContactView) -> Facts:
    """Return the facts that conditions may ask about."""
    return Facts(
        open=business.hours.is_open(contact.local_now),
        weekday=DAYS[contact.local_now.weekday()],
        language=contact.language,
        consents=contact.consents,
        first_contact=contact.first_contact,
        ad=event.referral is not None,
    )


class Automations:
    """Answers with the first rule that the event starts and whose conditions hold."""

    def __init__(self, business: Business) -> None:
        self._business = business
        self._rules = {rule.id: rule for rule in business.starts}
        self._matcher = Matcher(business.starts)
        self._on: dict[On, list[Rule]] = {}
        for rule in business.starts:
            for start in rule.on:
                self._on.setdefault(start, []).append(rule)

    def __call__(self, event: Event, contact: ContactView, /) -> Sequence[Action] | None:
        """Return the answer of a rule, or None."""
        facts = facts_of(self._business, event, contact)
        for found in self._started(event, contact):
            if found.rule.when.holds(facts):
                return list(self._actions(found, facts, contact))
        return None

    def _started(self, event: Event, contact: ContactView) -> Iterator[Found]:
        """Yield what the event starts, the strongest first: a tap, an advertisement, words, the kind of message."""
        if event.kind is Kind.TAP and event.choice in self._rules:
            yield Found(self._rules[event.choice])
        if event.referral is not None:
            # The text of such a message was written by the advertisement, not by the person.
            yield from self._by_kind(("ad",))
        if event.text and event.kind in WRITTEN:
            yield from self._helps(event.text)
            yield from self._matcher.find(event.text, contact.language)
        yield from self._by_kind(_ON.get(event.kind, ()))
        if contact.first_contact and event.kind in WRITTEN:
            yield from self._by_kind(("first_message",))

    def _helps(self, text: str) -> Iterator[Found]:
        """Yield the business's own help for HELP in any language: it comes before ours."""
        own = self._rules.get(HELP)
        match = self._business.commands.match(text) if own else None
        if own and match and match.command is Command.HELP:
            yield Found(own)

    def _by_kind(self, starts: tuple[On, ...]) -> Iterator[Found]:
        for start in starts:
            for rule in self._on.get(start, ()):
                yield Found(rule)

    def _actions(self, found: Found, facts: Facts, contact: ContactView) -> Iterator[Action]:
        rule = found.rule
        form = self._business.form(rule.id)
        if form is not None:
            yield from opening(self._business, form, contact)
            return
        yield from self._replies(rule, rule.answer_for(facts), found.values, contact)
        for one in rule.later:
            if not unwanted(one.purpose, contact):
                # One message a follow-up: `check` sees to it.
                for reply in self._replies(rule, one.answer, found.values, contact, one.purpose):
                    yield Later(id=one.id, after=one.after, reply=reply, purpose=one.purpose)

    def _replies(
        self,
        rule: Rule,
        answer: Answer,
        values: Mapping[str, str],
        contact: ContactView,
        purpose: Purpose = Purpose.REPLY,
    ) -> Iterator[Reply]:
        known = self._business.values(contact.language, contact.local_now, values)
        outside = template_with(answer.outside, known)
        for message in answer.messages:
            said = with_values(message, values) if values else message
            yield Reply(message=said, rule=rule.id, purpose=purpose, outside=outside, store=rule.store)
            outside = None
