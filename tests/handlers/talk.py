"""What tests of the privacy words share: people, ways to say things, the parts of an answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.config.content import Business, Rule, load
from bot.config.content.loader import SHIPPED
from bot.conversation.contact import ContactView
from bot.conversation.effects import Action
from bot.conversation.events import Event, Kind
from bot.conversation.handler import Handler
from bot.conversation.replies import Reply, Say
from bot.conversation.words import Purpose, Scope
from handlers import privacy

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
BAKERY = load(SHIPPED.parent).businesses["sunrise_bakery"]
HELPLESS = replace(BAKERY, rules=tuple(rule for rule in BAKERY.rules if rule.id != "rule.help"))
HELPFUL = replace(HELPLESS, rules=(*HELPLESS.rules, Rule(id="rule.help", words={"en": ("help",)})))

NOBODY = ContactView()
STOPPED = ContactView(opted_out=frozenset({Scope.ALL}))
NO_OFFERS = ContactView(opted_out=frozenset({Scope.MARKETING}))
ERASED = ContactView(opted_out=frozenset({Scope.ERASED}))
HANDED_OVER = ContactView(handed_over=True)
ASKED = ContactView(asked="privacy.near", opted_out=frozenset({Scope.MARKETING}))


def said(text: str, kind: Kind = Kind.TEXT, **more: Any) -> Event:
    return Event(kind=kind, at=AT, text=text, **more)


def tapped(choice: str, title: str = "", **more: Any) -> Event:
    return Event(kind=Kind.TAP, at=AT, text=title, choice=choice, **more)


def answer(event: Event | str, contact: ContactView = NOBODY, business: Business = HELPLESS) -> Sequence[Action] | None:
    handler: Handler = privacy.build(business)
    return handler(event if isinstance(event, Event) else said(event), contact)


def spoken(actions: Sequence[Action] | None) -> Say:
    """Return the one message among the actions."""
    assert actions is not None
    [reply] = [action for action in actions if isinstance(action, Reply)]
    assert reply.purpose is Purpose.RIGHTS
    assert reply.outside is None
    assert isinstance(reply.message, Say)
    return reply.message


def effects(actions: Sequence[Action] | None) -> list[Action]:
    assert actions is not None
    return [action for action in actions if not isinstance(action, Reply)]


def choices(say: Say) -> list[tuple[str, str]]:
    return [(choice.id, choice.title.key) for choice in say.choices]


START = [("privacy:start", "button.start")]
