"""What the bot says. Pure: an event and a contact view in, replies and effects out."""

from bot.config.content import Business
from bot.conversation.handler import Handler
from handlers import automations, fallback, forms, media, privacy


def build(business: Business) -> tuple[Handler, ...]:
    """Return the handlers of a business in their order; the order is policy."""
    rules = automations.from_rules(business)
    return (
        privacy.build(business),
        forms.build(business, rules),
        rules,
        media.build(business),
        fallback.build(business),
    )
