"""Ways through the rules: every choice leads somewhere, every rule can be reached."""

from collections.abc import Iterator

from bot.config.content.check.draft import Draft
from bot.config.content.rules import Rule
from bot.config.faults import Fault, nearest
from bot.conversation.words import Command

PRIVACY = "privacy:"


def check(draft: Draft) -> Iterator[Fault]:
    """Yield choices that lead nowhere, rules and cases that nobody reaches."""
    for path, body in draft.bodies():
        for count, choice in enumerate(body.choices, 1):
            yield from _target(draft, f"{path}.choices.{count}.go", choice.go)
    for rule in draft.business.starts:
        if not (rule.words or rule.pattern or rule.on or rule.id in draft.targets):
            yield draft.fault(rule.id, "nothing starts it", "add words, pattern or on, or a choice that goes to it")
        yield from _cases(draft, rule)
        yield from _conditions(draft, rule)


def _target(draft: Draft, key: str, go: str) -> Iterator[Fault]:
    off = frozenset(draft.tables.head.off)
    written = [f"{group}.{id_}" for group in ("rule", "form") for id_ in draft.tables.source.table(group)]
    ids = [id_ for id_ in written if id_ not in off]
    if go.startswith(PRIVACY):
        if go.removeprefix(PRIVACY) not in set(Command):
            yield draft.fault(key, f"there is no privacy word {go!r}", nearest(go, [PRIVACY + one for one in Command]))
    elif go in off:
        yield draft.fault(key, f"{go} is off", "take it out of off, or lead elsewhere")
    elif go not in ids:
        yield draft.fault(key, f"there is no {go!r}", nearest(go, ids))


def _cases(draft: Draft, rule: Rule) -> Iterator[Fault]:
    for count, case in enumerate(rule.cases, 1):
        if case.when.always:
            remedy = "add if or unless; what holds always belongs to the rule itself"
            yield draft.fault(f"{rule.id}.case.{count}", "always fits, so nothing behind it is ever said", remedy)


def _conditions(draft: Draft, rule: Rule) -> Iterator[Fault]:
    whens = [(rule.id, rule.when), *((f"{rule.id}.case.{n}", case.when) for n, case in enumerate(rule.cases, 1))]
    for path, when in whens:
        for name, condition in (("if", when.given), ("unless", when.unless)):
            for language in (condition.languages or frozenset()) - draft.languages(path):
                remedy = nearest(language, draft.business.languages)
                yield draft.fault(f"{path}.{name}.language", f"{language!r} is not in languages", remedy)
            if condition.open is not None and not draft.business.hours.days:
                remedy = "add [hours] to business.toml"
                yield draft.fault(f"{path}.{name}.open", "asks for hours, and there are none", remedy)
