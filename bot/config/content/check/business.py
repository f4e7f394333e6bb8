"""The head of a business: what is set fits together, what is promised names somebody."""

import re
from collections.abc import Iterator

from bot.config.content.check.draft import Draft
from bot.config.content.models import NAME
from bot.config.faults import Fault, nearest
from bot.config.policy import FILE as PRIVACY
from bot.config.policy import STAND_IN

META = "graph.facebook.com"
_PLACEHOLDER = re.compile(
    r"\[[^\]]*\]|<[^>@]*>|\{[^}]*\}|\b(?:todo|tbd|fixme|xxx+|lorem ipsum|change[ _-]?me|placeholder"
    r"|your (?:company|business|name|e-?mail|address|phone)|insert .* here|example\.(?:com|org|net))\b",
    re.IGNORECASE,
)


def check(draft: Draft) -> Iterator[Fault]:
    """Yield what is wrong with the business as such."""
    yield from _languages(draft)
    yield from _names(draft)
    yield from _hand_over(draft)
    yield from _holidays(draft)
    if draft.business.policy is not STAND_IN:
        yield from _placeholders(draft)
        yield from _hosts(draft)


def _languages(draft: Draft) -> Iterator[Fault]:
    business = draft.business
    known = frozenset(business.languages) | draft.tables.source.spare
    for language in draft.tables.source.locales:
        if language not in known:
            file = f"{business.id}/locales/{language}.toml"
            yield Fault(file, "-", f"{language!r} is not in languages", "add it to languages in business.toml")


def _names(draft: Draft) -> Iterator[Fault]:
    source, business = draft.tables.source, draft.business
    if not re.fullmatch(NAME, source.id):
        remedy = "rename the folder: small letters, digits and _, a letter first"
        yield Fault(source.id, "-", "is no id of a business", remedy)
    ids = [f"{group}.{id_}" for group in ("rule", "form") for id_ in source.table(group)]
    for id_ in ids:
        group, _, name = id_.partition(".")
        if not re.fullmatch(NAME, name):
            yield draft.fault(id_, f"is no id of a {group}", "use small letters, digits and _, a letter first")
    for dropped in draft.tables.head.off:
        if dropped not in ids:
            yield draft.fault("off", f"there is no {dropped}", nearest(dropped, ids))
    if business.typing and not business.read_marks:
        remedy = "set read_marks = true, or typing = false"
        yield draft.fault("typing", "WhatsApp marks a message as read when it shows that we type", remedy)


def _hand_over(draft: Draft) -> Iterator[Fault]:
    business = draft.business
    if business.hand_over.kind == "webhook" and not business.hand_over.target:
        yield draft.fault("hand_over.target", "is missing", "write the https:// address that is called")
    if not 0 < business.hand_over.lasts.total_seconds() <= 30 * 86400:
        yield draft.fault("hand_over.lasts", "must be more than nothing and at most 30 days", 'write lasts = "12 h"')


def _holidays(draft: Draft) -> Iterator[Fault]:
    head = draft.tables.head
    if head.holidays.model_fields_set and not head.hours.days:
        yield draft.fault("holidays", "there are no hours that they could change", "add [hours] to business.toml")
    if (head.holidays.region or head.holidays.open) and not head.holidays.country:
        yield draft.fault("holidays.country", "is missing", 'name the country whose holidays are meant: "IN"')


def _placeholders(draft: Draft) -> Iterator[Fault]:
    policy, business = draft.business.policy, draft.business
    privacy = f"{business.id}/{PRIVACY}"
    written = [
        (privacy, "controller", policy.controller),
        (privacy, "contact.name", policy.contact.name),
        (privacy, "contact.email", policy.contact.email),
        (privacy, "contact.address", policy.contact.address),
        (draft.tables.source.file("name"), "name", business.name),
        (draft.tables.source.file("email"), "email", business.email),
    ]
    for count, one in enumerate(policy.subprocessors, 1):
        written += [(privacy, f"subprocessors.{count}.{key}", getattr(one, key)) for key in ("name", "what", "where")]
    for file, key, text in written:
        if found := _PLACEHOLDER.search(text):
            yield Fault(file, key, f"{found[0]!r} is a placeholder", "write what is true: people will read it")


def _hosts(draft: Draft) -> Iterator[Fault]:
    business = draft.business
    named = {host.lower() for one in business.policy.subprocessors for host in one.hosts}
    for host in sorted({META, *business.egress} - named):
        remedy = f'name who runs it: [[subprocessors]] ... hosts = ["{host}"]'
        yield Fault(
            f"{business.id}/{PRIVACY}", "subprocessors", f"{host} is called, and nobody is named for it", remedy
        )
