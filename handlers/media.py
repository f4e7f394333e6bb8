"""Media that no rule claimed."""

from collections.abc import Sequence

from bot.config.content import Business
from bot.conversation.contact import ContactView
from bot.conversation.effects import Action
from bot.conversation.events import MEDIA, Event, Kind
from bot.conversation.handler import Handler
from bot.conversation.replies import Phrase, Reply, Say

THANKS = Phrase("media.thanks")


def build(_business: Business) -> Handler:
    """Return the handler that thanks for media; a sticker is a gesture and wants no answer."""
    return answer


def answer(event: Event, _contact: ContactView, /) -> Sequence[Action] | None:
    """Thank for a picture, a recording, a file."""
    if event.kind not in MEDIA:
        return None
    if event.kind is Kind.STICKER:
        return []
    return [Reply(message=Say(text=THANKS), rule="media")]
