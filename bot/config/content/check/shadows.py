"""Words that stand in each other's light: wishes to be left alone, expressions that take a word of another rule."""

from collections.abc import Iterator

from bot.config.content.check.draft import Draft
from bot.config.content.check.whens import both_may_hold
from bot.config.content.patterns import Patterns
from bot.config.content.rules import EVERY_LANGUAGE
from bot.config.faults import Fault
from bot.conversation.text import normal

NONSENSE = "xqzvkj"


def check(draft: Draft) -> Iterator[Fault]:
    """Yield words that never start their rule."""
    for rule in draft.business.rules:
        for language, words in rule.words.items():
            key = f"{rule.id}.words" if language == EVERY_LANGUAGE else f"{rule.id}.words.{language}"
            for word in words:
                if draft.business.commands.match(word) is None and draft.business.commands.near(word):
                    wrong = f"{word!r} is taken as a wish to be left alone or forgotten"
                    yield draft.fault(key, wrong, "choose another word: that wish is answered before any rule")
    yield from _taken(draft)


def _taken(draft: Draft) -> Iterator[Fault]:
    """Expressions that match a whole word of another rule: of two matches alike in length one would win by chance.

    An expression that takes any text at all is meant to.
    """
    by_expression = [rule for rule in draft.business.rules if _readable(rule.pattern)]
    patterns = Patterns([rule.pattern for rule in by_expression])
    greedy = {caught.index for caught in patterns.find(NONSENSE)}
    for rule in draft.business.rules:
        for word in sorted({normal(each) for words in rule.words.values() for each in words}):
            for caught in (each for each in patterns.find(word) if each.index not in greedy):
                other = by_expression[caught.index]
                whole = caught.end - caught.start == len(word)
                if whole and other.id != rule.id and both_may_hold(rule.when, other.when):
                    wrong = f"takes {word!r}, a word of {rule.id}"
                    yield draft.fault(f"{other.id}.pattern", wrong, "make it ask for more, or take the word out")


def _readable(pattern: str) -> bool:
    """Tell whether there is an expression; one that cannot be compiled is a fault told elsewhere."""
    try:
        return bool(pattern) and bool(Patterns([pattern]))
    except ValueError:
        return False
