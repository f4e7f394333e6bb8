"""What starts rules: words that compete, words that belong to the person, expressions that cannot be read."""

from collections.abc import Iterator
from itertools import combinations

from bot.config.content.check.draft import Draft
from bot.config.content.check.whens import both_may_hold
from bot.config.content.patterns import LONGEST, compiled
from bot.config.content.rules import EVERY_LANGUAGE, Rule
from bot.config.faults import Fault
from bot.conversation.replies import Say
from bot.conversation.text import normal
from bot.conversation.words import Command

HELP_RULE = "rule.help"


def check(draft: Draft) -> Iterator[Fault]:
    """Yield words that tie, that are privacy words, or that nothing can match."""
    yield from _ties(draft)
    for rule in draft.business.starts:
        yield from _empty(draft, rule)
        yield from _private_words(draft, rule)
        if rule.pattern:
            yield from _pattern(draft, rule)
    yield from _private_titles(draft)


def _ties(draft: Draft) -> Iterator[Fault]:
    owners: dict[str, list[tuple[str, Rule]]] = {}
    for rule in draft.business.starts:
        for language, words in rule.words.items():
            for word in words:
                owners.setdefault(normal(word), []).append((language, rule))
    for word, claims in owners.items():
        for (language, rule), (other_language, other) in combinations(claims, 2):
            same = language == other_language or EVERY_LANGUAGE in {language, other_language}
            if word and same and rule.id != other.id and both_may_hold(rule.when, other.when):
                wrong = f"{word!r} starts {rule.id} too"
                yield draft.fault(_key(other, other_language), wrong, "leave it to one of them, or use case")


def _empty(draft: Draft, rule: Rule) -> Iterator[Fault]:
    for language, words in rule.words.items():
        for word in words:
            if not normal(word):
                wrong = f"{word!r} has no letter or digit"
                yield draft.fault(_key(rule, language), wrong, "write a word; emoji and marks are not compared")


def _private_words(draft: Draft, rule: Rule) -> Iterator[Fault]:
    for language, words in rule.words.items():
        for word in words:
            command = _command(draft, word)
            if command is not None and not (command is Command.HELP and rule.id == HELP_RULE):
                wrong = f"{word!r} is a privacy word ({command.name})"
                yield draft.fault(_key(rule, language), wrong, "choose another word: that one is the person's")


def _command(draft: Draft, text: str) -> Command | None:
    found = draft.business.commands.match(text)
    return found.command if found is not None and not found.argument else None


def _private_titles(draft: Draft) -> Iterator[Fault]:
    catalogue = draft.business.catalogue
    says = (message for spoken in draft.spoken() for message in spoken.answer.messages if isinstance(message, Say))
    for choice in (choice for say in says for choice in say.choices):
        for language in draft.business.languages:
            if not catalogue.has(choice.title.key, language):
                continue
            title = catalogue.text(choice.title, language)
            command = _command(draft, title)
            allowed = {f"privacy:{command}", HELP_RULE if command is Command.HELP else ""}
            if command is not None and choice.id not in allowed:
                wrong = f"{title!r} is a privacy word ({command.name}) and would act as one"
                yield draft.text_fault(choice.title.key, language, wrong, "choose another title")


def _pattern(draft: Draft, rule: Rule) -> Iterator[Fault]:
    key = f"{rule.id}.pattern"
    if len(rule.pattern) > LONGEST:
        yield draft.fault(key, f"has {len(rule.pattern)} characters", f"keep it below {LONGEST}")
    try:
        expression = compiled(rule.pattern)
    except ValueError as error:
        yield draft.fault(
            key, f"is no expression of RE2: {error}", "look-around and back-references do not exist there"
        )
        return
    if expression.fullmatch("") is not None:
        yield draft.fault(key, "matches nothing at all, so it would match everything", "ask for at least one letter")
    for name in expression.groupindex:
        if name != name.lower():
            yield draft.fault(key, f"the group {name!r} has capitals", f"name it {name.lower()!r}")


def _key(rule: Rule, language: str) -> str:
    return f"{rule.id}.words" if language == EVERY_LANGUAGE else f"{rule.id}.words.{language}"
