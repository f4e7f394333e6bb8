"""What a business wrote, looked at as a whole: every fault that would be a surprise in front of a person or at Meta."""

from collections.abc import Iterator

from bot.config.content.check import business, forms, marketing, outside, paths, reach, said, shadows, shapes, words
from bot.config.content.check.draft import Draft
from bot.config.faults import Fault

_CHECKS = (
    business.check,
    shapes.check,
    said.check,
    words.check,
    paths.check,
    outside.check,
    forms.check,
    reach.check,
    shadows.check,
    marketing.check,
)


def check(draft: Draft) -> Iterator[Fault]:
    """Yield every fault of a business."""
    for one in _CHECKS:
        yield from one(draft)
