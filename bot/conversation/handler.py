"""The contract of a handler."""

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.conversation.contact import ContactView
from bot.conversation.effects import Action
from bot.conversation.events import Event


class Handler(Protocol):
    """Answer the event, or return None to pass it on; `[]` means: mine, and silence is the answer.

    Pure: no I/O, no clock, no database, the same answer for the same arguments.
    """

    def __call__(self, event: Event, contact: ContactView, /) -> Sequence[Action] | None:
        """Return the actions for this event."""
        ...


def first_answer(handlers: Sequence[Handler], event: Event, contact: ContactView) -> Sequence[Action]:
    """Ask the handlers in their order; the first that answers ends the search. No answer at all is silence."""
    for handler in handlers:
        actions = handler(event, contact)
        if actions is not None:
            return actions
    return []


Build = Callable[..., Sequence[Handler]]
"""What the entry point `lethe.handlers` names: content of one business in, handlers in their order out."""
