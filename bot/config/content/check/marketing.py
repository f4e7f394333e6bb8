"""Marketing says how to stop it, in the person's language: in each template of that category, in each follow-up."""

from collections.abc import Iterator
from typing import Any

from bot.config.content.check.draft import Draft
from bot.config.content.definitions import Definition
from bot.config.content.words import tokens
from bot.config.faults import Fault
from bot.conversation.replies import Message, Phrase, Say, SendLink, SendMedia
from bot.conversation.text import normal
from bot.conversation.words import Command, Purpose

STOPS = frozenset({Command.STOP, Command.STOP_MARKETING})
REMEDY = "name the word that stops it, as in: Write STOP MARKETING to hear no more offers"


def check(draft: Draft) -> Iterator[Fault]:
    """Yield offers that do not say how to hear no more of them."""
    stops = frozenset(
        tokens(phrase) for phrase, match in draft.business.commands.exact.items() if match.command in STOPS
    )
    for definition in draft.business.templates:
        if definition.get("category") == "MARKETING" and not _names(stops, " \n ".join(_texts(definition))):
            file = f"{draft.business.id}/messages/{definition.get('name')}.{definition.get('language')}.json"
            yield Fault(file, "components", "is marketing without an opt-out line", f"add a FOOTER; {REMEDY}")
    for later in (later for rule in draft.business.rules for later in rule.later):
        if later.purpose is Purpose.MARKETING:
            for phrase in filter(None, map(_said, later.answer.messages)):
                yield from _follow_up(draft, phrase, stops)


def _follow_up(draft: Draft, phrase: Phrase, stops: frozenset[tuple[str, ...]]) -> Iterator[Fault]:
    catalogue = draft.business.catalogue
    if phrase.key in draft.tables.from_templates:
        return
    for language in draft.business.languages:
        if catalogue.has(phrase.key, language) and not _names(stops, catalogue.text(phrase, language)):
            yield draft.text_fault(phrase.key, language, "is marketing without an opt-out line", REMEDY)


def _said(message: Message) -> Phrase | None:
    match message:
        case Say(text=text) | SendLink(text=text):
            return text
        case SendMedia(caption=caption):
            return caption
    return None


def _texts(definition: Definition) -> Iterator[str]:
    parts: list[Any] = [one for one in definition["components"] if isinstance(one, dict)]
    for part in parts:
        yield str(part.get("text", ""))
        yield from (str(button.get("text", "")) for button in part.get("buttons", ()) if isinstance(button, dict))


def _names(stops: frozenset[tuple[str, ...]], text: str) -> bool:
    """Tell whether one of the phrases stands in the text, at word borders."""
    said = tokens(normal(text))
    lengths = {len(stop) for stop in stops}
    return any(said[at : at + length] in stops for at in range(len(said)) for length in lengths)
