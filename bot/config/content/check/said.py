"""The texts themselves: there in every language, filled with known values, within WhatsApp's limits."""

import re
from collections.abc import Iterator
from datetime import datetime

from bot.config.catalogue import filled, values_in
from bot.config.content.business import COMPUTED
from bot.config.content.check import limits
from bot.config.content.check.draft import Draft
from bot.config.content.rules import EVERY_LANGUAGE, Rule
from bot.config.faults import Fault, nearest
from bot.conversation.replies import Message, Phrase, Say, SendLink, SendMedia

GIVEN_BY_ROOMS = frozenset({"notice.link"})
_GROUP = re.compile(r"\(\?P?<(\w+)>")
_BRACES = re.compile(r"\{[^{}\s]*\}")


def check(draft: Draft) -> Iterator[Fault]:
    """Yield texts that are missing, too long, or ask for values that nobody gives."""
    for spoken in draft.spoken():
        known = frozenset(COMPUTED) | GIVEN_BY_ROOMS | caught(spoken.rule, draft) | spoken.values
        for message in spoken.answer.messages:
            for phrase, limit in _texts(message):
                yield from _text(draft, phrase, limit, known)
            titles = [one.title for one in message.choices] if isinstance(message, Say) else []
            yield from _twins(draft, titles)
    yield from _strangers(draft)
    yield from _unused(draft)


def caught(rule: Rule | None, draft: Draft) -> frozenset[str]:
    """Return the values that are there whenever this rule speaks: of its expression, if nothing else starts it."""
    if rule is None or not rule.pattern or rule.words or rule.on or rule.id in draft.targets:
        return frozenset()
    # Read with the eyes: an expression that does not compile is one fault, and enough.
    return frozenset(name.lower() for name in _GROUP.findall(rule.pattern))


def _texts(message: Message) -> Iterator[tuple[Phrase, int]]:
    """Yield every text of a message with the most characters that it may have."""
    match message:
        case Say(text=text, choices=choices):
            yield text, limits.BODY_WITH_CHOICES if choices else limits.TEXT
            buttons = len(choices) <= limits.BUTTONS
            for choice in choices:
                yield choice.title, limits.BUTTON_TITLE if buttons else limits.ROW_TITLE
                if choice.description is not None:
                    yield choice.description, limits.ROW_DESCRIPTION
            if message.menu is not None:
                yield message.menu, limits.LIST_LABEL
            if message.footer is not None:
                yield message.footer, limits.FOOTER
        case SendLink(text=text, title=title):
            yield text, limits.BODY_WITH_CHOICES
            yield title, limits.LINK_TITLE
        case SendMedia(caption=Phrase() as caption):
            yield caption, limits.CAPTION
        case _:
            return


def _text(draft: Draft, phrase: Phrase, limit: int, known: frozenset[str]) -> Iterator[Fault]:
    catalogue, key = draft.business.catalogue, phrase.key
    needed = (draft.business.language,) if key in draft.tables.from_templates else draft.business.languages
    for language in needed:
        if not catalogue.has(key, language):
            remedy = f"add {key}.{language}, or {key} to locales/{language}.toml"
            yield draft.fault(key, f"has no text in {language!r}", remedy)
    for language in draft.business.languages:
        if catalogue.has(key, language):
            text = catalogue.text(phrase, language)
            yield from _one(draft, key, language, text, limit)
            yield from _values(draft, key, language, text, known)


def _one(draft: Draft, key: str, language: str, text: str, limit: int) -> Iterator[Fault]:
    business = draft.business
    if not text.strip():
        yield draft.text_fault(key, language, "is empty", "write something, or take the key out")
    values = business.values(language, datetime(2026, 1, 1, 12, tzinfo=business.zone), {})
    length = len(filled(text, values))
    if length > limit:
        yield draft.text_fault(key, language, f"has {length} characters; WhatsApp shows {limit}", "make it shorter")


def _values(draft: Draft, key: str, language: str, text: str, known: frozenset[str]) -> Iterator[Fault]:
    asked = values_in(text)
    for name in sorted(asked - known):
        wrong = f"{{{name}}} is not given whenever this rule speaks"
        yield draft.text_fault(key, language, wrong, nearest(name, known))
    for braces in sorted(set(_BRACES.findall(text)) - {f"{{{name}}}" for name in asked}):
        yield draft.text_fault(key, language, f"{braces} is no value", "write a name of small letters: {number}")
    if not draft.business.hours.days and any(name.startswith("hours.") for name in asked):
        yield draft.text_fault(key, language, "speaks of hours, and there are none", "add [hours] to business.toml")


def _twins(draft: Draft, titles: list[Phrase]) -> Iterator[Fault]:
    for language in draft.business.languages:
        seen: dict[str, str] = {}
        for title in titles:
            if not draft.business.catalogue.has(title.key, language):
                continue
            text = draft.business.catalogue.text(title, language)
            if text in seen:
                remedy = "WhatsApp wants different titles: change one"
                yield draft.text_fault(title.key, language, f"is the same as {seen[text]}", remedy)
            seen.setdefault(text, title.key)


def _strangers(draft: Draft) -> Iterator[Fault]:
    """Languages beside the texts and words that the business does not speak: often a misspelt key."""
    languages = draft.business.languages
    for key, texts in draft.tables.texts():
        for language in texts.keys() - {EVERY_LANGUAGE, *draft.languages(key)}:
            yield draft.fault(f"{key}.{language}", "is no language of this business", nearest(language, languages))
    for rule in draft.business.starts:
        for language in rule.words.keys() - {EVERY_LANGUAGE, *draft.languages(rule.id)}:
            key = f"{rule.id}.words.{language}"
            yield draft.fault(key, "is no language of this business", nearest(language, languages))


def _unused(draft: Draft) -> Iterator[Fault]:
    """Texts of locale files that nobody says: often a misspelt path."""
    said = {phrase.key for spoken in draft.spoken() for one in spoken.answer.messages for phrase, _ in _texts(one)}
    known = said | draft.shipped
    mine = f"{draft.business.id}/"
    for language, files in draft.tables.source.locales.items():
        # A text of a base may be another business's: one that has the rule, where this one has it off.
        for key in sorted(key for key, file in files.items() if key not in known and file.startswith(mine)):
            yield draft.text_fault(key, language, "nobody says this", nearest(key, known & said))
