"""What the bot says. Pure: an event and a contact view in, replies and effects out."""

from bot.config.content import Business
from bot.conversation.handler import Handler
from handlers import automations, fallback, media, privacy


def build(business: Business) -> tuple[Handler, ...]:
    """Return the handlers of a business in their order; the order is policy."""
    return (
        privacy.build(business),
        # A form that is open belongs here: behind the privacy words, before the rules.
        automations.from_rules(business),
        media.build(business),
        fallback.build(business),
    )
