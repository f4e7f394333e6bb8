"""When nobody answered."""

from collections.abc import Sequence

from bot.config.content import Business, Rule
from bot.conversation.contact import ContactView
from bot.conversation.effects import Action
from bot.conversation.events import WINDOW_OPENERS, Event, Kind
from bot.conversation.handler import Handler
from bot.conversation.replies import Message, Phrase, Reply, Say

SORRY = Phrase("fallback.sorry")
MENU = "rule.menu"
WAITS_FOR_AN_ANSWER = WINDOW_OPENERS - {Kind.CALL, Kind.WELCOME}
"""Kinds of events after which a person looks at the screen; a reaction or an edit asks for nothing."""


def build(business: Business) -> Handler:
    """Return the handler that says what the business wrote for this, else that we did not understand."""
    written = business.fallback.messages if business.fallback else ()
    messages = written or (_sorry(business.rule(MENU)),)
    replies = [Reply(message=message, rule="fallback") for message in messages]

    def answer(event: Event, _contact: ContactView, /) -> Sequence[Action] | None:
        return list(replies) if event.kind in WAITS_FOR_AN_ANSWER else None

    return answer


def _sorry(menu: Rule | None) -> Message:
    """Say sorry, with the choices of the menu if the business has one."""
    for message in menu.answer.messages if menu else ():
        if isinstance(message, Say):
            return Say(text=SORRY, choices=message.choices, menu=message.menu)
    return Say(text=SORRY)
