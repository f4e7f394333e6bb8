"""Conditions compared with each other: can both hold, does one hold whenever the other does."""

from bot.config.content.rules import Condition, When

_FLAGS = ("open", "first_contact", "ad")
_ONE_OF = ("weekdays", "languages")


def both_may_hold(one: When, other: When) -> bool:
    """Tell whether two conditions can be true at once, as far as the facts tell that they name."""
    if any(_apart(getattr(one.given, name), getattr(other.given, name)) for name in (*_FLAGS, *_ONE_OF)):
        return False
    return not (_excludes(one.given, other.unless) or _excludes(other.given, one.unless))


def contradicts_itself(when: When) -> bool:
    """Tell whether a condition demands what it forbids."""
    return _excludes(when.given, when.unless)


def covers(wide: When, narrow: When) -> bool:
    """Tell whether the wide condition holds whenever the narrow one does."""
    return _demands(narrow.given, wide.given) and _forbids(narrow.unless, wide.unless)


def _apart(left: object, right: object) -> bool:
    if isinstance(left, frozenset) and isinstance(right, frozenset):
        return left.isdisjoint(right)
    return left is not None and right is not None and left != right


def _excludes(given: Condition, unless: Condition) -> bool:
    """Tell whether what one demands is what the other forbids."""
    if any(getattr(given, name) is not None and getattr(given, name) == getattr(unless, name) for name in _FLAGS):
        return True
    sets = [(getattr(given, name), getattr(unless, name)) for name in _ONE_OF]
    return any(wanted is not None and forbidden is not None and wanted <= forbidden for wanted, forbidden in sets)


def _demands(narrow: Condition, wide: Condition) -> bool:
    """Tell whether all that the wide `if` asks for holds whenever all of the narrow one does."""
    sets = [(getattr(narrow, name), getattr(wide, name)) for name in _ONE_OF if getattr(wide, name) is not None]
    consents = [(wide.consents, narrow.consents)] if wide.consents is not None else []
    return _same_flags(narrow, wide) and all(_within(*pair) for pair in (*sets, *consents))


def _forbids(narrow: Condition, wide: Condition) -> bool:
    """Tell whether something of the narrow `unless` holds whenever something of the wide one does."""
    sets = [(getattr(wide, name), getattr(narrow, name)) for name in _ONE_OF if getattr(wide, name) is not None]
    consents = [(narrow.consents, wide.consents)] if wide.consents is not None else []
    return _same_flags(narrow, wide) and all(_within(*pair) for pair in (*sets, *consents))


def _same_flags(narrow: Condition, wide: Condition) -> bool:
    return all(getattr(wide, name) in {None, getattr(narrow, name)} for name in _FLAGS)


def _within(inner: frozenset[str] | None, outer: frozenset[str] | None) -> bool:
    return inner is not None and outer is not None and inner <= outer
