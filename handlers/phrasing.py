"""Values put into what is said, and what is not said to somebody who stopped."""

from collections.abc import Mapping
from dataclasses import replace

from bot.config.content import filled
from bot.conversation.contact import ContactView
from bot.conversation.replies import Choice, Message, Phrase, Say, SendLink, SendMedia, Template
from bot.conversation.words import Purpose, Scope


def with_values(message: Message, values: Mapping[str, str]) -> Message:
    """Return the message with values for its sentences."""
    match message:
        case Say():
            choices = tuple(_choice(choice, values) for choice in message.choices)
            return replace(message, text=Phrase(message.text.key, values), choices=choices)
        case SendMedia(caption=Phrase() as caption):
            return replace(message, caption=Phrase(caption.key, values))
        case SendLink():
            return replace(message, text=Phrase(message.text.key, values), url=filled(message.url, values))
        case _:
            return message


def template_with(template: Template | None, values: Mapping[str, str]) -> Template | None:
    """Return the template with its parameters filled."""
    if template is None or not template.values:
        return template
    return replace(template, values={name: filled(text, values) for name, text in template.values.items()})


def unwanted(purpose: Purpose, contact: ContactView) -> bool:
    """Tell whether the person stopped: a follow-up is no answer to what she writes."""
    stopped = Scope.MARKETING in contact.opted_out and purpose is Purpose.MARKETING
    return stopped or contact.restricted or bool(contact.opted_out & {Scope.ALL, Scope.ERASED})


def _choice(choice: Choice, values: Mapping[str, str]) -> Choice:
    return replace(choice, title=Phrase(choice.title.key, values))
