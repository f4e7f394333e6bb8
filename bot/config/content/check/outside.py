"""What goes when the window is closed: templates that exist, with the parameters they ask for; follow-ups."""

import re
from collections.abc import Iterator
from datetime import timedelta

from bot.config.catalogue import values_in
from bot.config.content.business import COMPUTED
from bot.config.content.check import limits
from bot.config.content.check.draft import Draft, Spoken
from bot.config.content.check.said import caught
from bot.config.content.definitions import Definition, body, parameters
from bot.config.content.rules import FollowUp
from bot.config.faults import Fault, nearest
from bot.conversation.replies import Template
from bot.conversation.words import Purpose

WINDOW = timedelta(hours=24)
LONGEST = timedelta(days=30)
_UNFIT = re.compile(r"[\n\r\t]| {5,}")
FOLLOW_UPS = frozenset({Purpose.REPLY, Purpose.TRANSACTIONAL, Purpose.MARKETING})


def check(draft: Draft) -> Iterator[Fault]:
    """Yield templates that Meta would refuse and follow-ups that could never go."""
    for definition in draft.business.templates:
        yield from _definition(draft, definition)
    purposes = {later.id: later.purpose for rule in draft.business.rules for later in rule.later}
    reminders = (form.done.later for form in draft.business.forms)
    purposes |= {reminder.id: reminder.purpose for reminder in reminders if reminder is not None}
    for spoken in draft.spoken():
        if spoken.answer.outside is not None:
            purpose = purposes.get(spoken.path, Purpose.REPLY)
            yield from _template(draft, spoken, spoken.answer.outside, purpose)
    for rule in draft.business.rules:
        for later in rule.later:
            yield from _follow_up(draft, later)


def _definition(draft: Draft, definition: Definition) -> Iterator[Fault]:
    file = f"{draft.business.id}/messages/{definition.get('name')}.{definition.get('language')}.json"
    text = body(definition)
    if not text:
        yield Fault(file, "components", "there is no BODY with a text", "add one: WhatsApp demands it")
    if len(text) > limits.TEMPLATE_BODY:
        yield Fault(file, "components", f"the BODY has {len(text)} characters", f"keep it below {limits.TEMPLATE_BODY}")
    if not re.fullmatch(r"[a-z0-9_]{1,512}", str(definition.get("name"))):
        yield Fault(file, "name", "has other signs than a-z, 0-9 and _", "rename the template")
    if definition.get("category") not in {"UTILITY", "MARKETING", "AUTHENTICATION"}:
        yield Fault(file, "category", "is missing or unknown", "write UTILITY, MARKETING or AUTHENTICATION")


def _template(draft: Draft, spoken: Spoken, template: Template, purpose: Purpose) -> Iterator[Fault]:
    key = spoken.outside
    named = [one for one in draft.business.templates if one.get("name") == template.name]
    if not named:
        names = {str(one.get("name")) for one in draft.business.templates}
        wrong = f"messages/ holds no definition of {template.name!r}"
        yield draft.fault(f"{key}.template", wrong, nearest(template.name, names))
        return
    if not any(one.get("language") == draft.business.language for one in named):
        remedy = f"add messages/{template.name}.{draft.business.language}.json"
        yield draft.fault(f"{key}.template", f"is not there in {draft.business.language!r}", remedy)
    for definition in named:
        yield from _parameters(draft, key, template, definition)
    if purpose is not Purpose.MARKETING and any(one.get("category") == "MARKETING" for one in named):
        wrong = f"{template.name} is a marketing template, and this is no marketing"
        yield draft.fault(f"{key}.template", wrong, 'use a utility template, or purpose = "marketing" of a follow-up')
    yield from _values(draft, spoken, template)


def _parameters(draft: Draft, key: str, template: Template, definition: Definition) -> Iterator[Fault]:
    wanted, given = parameters(definition), frozenset(template.values)
    which = f"{template.name} ({definition.get('language')})"
    for name in sorted(wanted - given):
        yield draft.fault(f"{key}.with.{name}", f"is missing: {which} asks for it", f'add with = {{ {name} = "..." }}')
    for name in sorted(given - wanted):
        yield draft.fault(f"{key}.with.{name}", f"is no parameter of {which}", nearest(name, wanted))


def _values(draft: Draft, spoken: Spoken, template: Template) -> Iterator[Fault]:
    known = frozenset(COMPUTED) | caught(spoken.rule, draft) | spoken.values
    for parameter, text in template.values.items():
        key = f"{spoken.outside}.with.{parameter}"
        if _UNFIT.search(text):
            yield draft.fault(key, "has a line break, a tab or a run of spaces", "WhatsApp refuses them: take them out")
        for name in sorted(values_in(text) - known):
            yield draft.fault(key, f"{{{name}}} is not given whenever this rule speaks", nearest(name, known))


def _follow_up(draft: Draft, later: FollowUp) -> Iterator[Fault]:
    if not timedelta(0) < later.after <= LONGEST:
        yield draft.fault(f"{later.id}.after", "must be more than nothing and at most 30 days", 'write after = "25 h"')
    if later.after >= WINDOW and later.answer.outside is None:
        remedy = 'add outside = { template = "..." }, or an earlier time'
        yield draft.fault(f"{later.id}.outside", "is missing: the window is closed by then", remedy)
    if len(later.answer.messages) > 1:
        yield draft.fault(later.id, "is more than one message", "say it in one: who is silent wants no flood")
    if later.purpose not in FOLLOW_UPS:
        yield draft.fault(
            f"{later.id}.purpose", f"{later.purpose!r} is no purpose of a follow-up", nearest("", FOLLOW_UPS)
        )
