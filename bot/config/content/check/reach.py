"""What nobody ever sees: rules behind closed doors, cases behind other cases, choices that cannot start their rule."""

from collections.abc import Iterator

from bot.config.content.check.draft import Draft
from bot.config.content.check.whens import both_may_hold, contradicts_itself, covers
from bot.config.content.rules import Case, Condition, Rule, When
from bot.config.faults import Fault
from bot.conversation.replies import Say

FLAGS = ("open", "first_contact", "ad")


def check(draft: Draft) -> Iterator[Fault]:
    """Yield rules, cases and choices that nothing reaches."""
    yield from _behind_closed_doors(draft)
    for rule in draft.business.rules:
        if contradicts_itself(rule.when):
            yield draft.fault(f"{rule.id}.unless", "forbids what if demands, so the rule never speaks", "take one out")
        yield from _cases(draft, rule)
        yield from _choices(draft, rule)


def _behind_closed_doors(draft: Draft) -> Iterator[Fault]:
    """Rules that only choices of such rules lead to; what no choice names at all is told elsewhere."""
    leads: dict[str, set[str]] = {}
    for path, body in draft.bodies():
        leads.setdefault(".".join(path.split(".")[:2]), set()).update(choice.go for choice in body.choices)
    rules = {rule.id: rule for rule in draft.business.rules}
    reached = {each for each in leads if each not in rules}
    reached |= {rule.id for rule in rules.values() if rule.words or rule.pattern or rule.on}
    new = reached
    while new:
        new = {target for each in new for target in leads.get(each, ())} - reached
        reached = reached | new
    for id_ in sorted((rules.keys() & draft.targets) - reached):
        yield draft.fault(
            id_, "only rules that nobody reaches lead here", "add words, or a choice of a rule that speaks"
        )


def _cases(draft: Draft, rule: Rule) -> Iterator[Fault]:
    for count, case in enumerate(rule.cases, 1):
        key = f"{rule.id}.case.{count}"
        if contradicts_itself(case.when) or not both_may_hold(rule.when, case.when):
            yield draft.fault(key, "never fits: its conditions exclude each other or the rule's", "change if or unless")
        for before, earlier in enumerate(rule.cases[: count - 1], 1):
            if not earlier.when.always and covers(earlier.when, case.when):
                yield draft.fault(key, f"is never said: case {before} fits whenever it does", "move it up")
    for flag in FLAGS:
        sides = {_only(case, flag) for case in rule.cases}
        if {True, False} <= sides:
            remedy = "take one case out: its words belong to the rule itself"
            yield draft.fault(
                f"{rule.id}.case", f"speak for {flag} and for its contrary, so the rule never does", remedy
            )


def _only(case: Case, flag: str) -> bool | None:
    """Return what a case asks of a fact, if it asks nothing else."""
    asked = getattr(case.when.given, flag)
    return asked if case.when == When(given=Condition(**{flag: asked})) else None


def _choices(draft: Draft, rule: Rule) -> Iterator[Fault]:
    rules = {each.id: each for each in draft.business.rules}
    spoken = [(rule.when, rule.answer), *((case.when, case.answer) for case in rule.cases)]
    seen: set[str] = set()
    for when, answer in spoken:
        for choice in (one for said in answer.messages if isinstance(said, Say) for one in said.choices):
            target = rules.get(choice.id)
            if target is None or choice.title.key in seen or _may_follow(rule.when, when, target.when):
                continue
            seen.add(choice.title.key)
            wrong = f"is offered just when {choice.id} does not apply"
            yield draft.fault(f"{choice.title.key}.go", wrong, "lead elsewhere, or change if or unless of one of them")


def _may_follow(rule: When, case: When, target: When) -> bool:
    return both_may_hold(rule, target) and both_may_hold(case, target)
