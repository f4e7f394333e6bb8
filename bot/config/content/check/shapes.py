"""What may stand together in one message, and how often."""

from collections.abc import Iterator

from bot.config.content.check import limits
from bot.config.content.check.draft import Draft, Spoken
from bot.config.content.models import Body, CaseTable, RuleTable
from bot.config.faults import Fault
from bot.conversation.replies import Message, Say, SendLink, SendMedia

HTTPS = "https://"


def check(draft: Draft) -> Iterator[Fault]:
    """Yield messages that WhatsApp has no form for."""
    for path, body in draft.bodies():
        yield from _parts(draft, path, body)
    for spoken in draft.spoken():
        if not spoken.answer.messages:
            remedy = f"add say, or write {spoken.path}.say in locales/*.toml"
            yield draft.fault(spoken.path, "says nothing", remedy)
        for message in spoken.answer.messages:
            yield from _message(draft, spoken, message)


def _parts(draft: Draft, path: str, body: Body) -> Iterator[Fault]:
    """Parts of a message that hang on words need words."""
    inherits = isinstance(body, CaseTable)
    said = inherits or f"{path}.say" in draft.keys
    if not said:
        for part in ("choices", "link", "footer", "menu"):
            if getattr(body, part):
                yield draft.fault(f"{path}.{part}", "has no words above it", f"add {path}.say")
    if body.choices and body.link:
        yield draft.fault(
            f"{path}.link", "a message has choices or a link, not both", "take one out, or make two rules"
        )
    if isinstance(body, RuleTable) and body.store == "none" and body.later:
        # The follow-up would be told by a text that is gone.
        yield draft.fault(
            f"{path}.store", "a rule with a follow-up keeps its text till then", 'take store = "none" out'
        )


def _message(draft: Draft, spoken: Spoken, message: Message) -> Iterator[Fault]:
    match message:
        case Say():
            yield from _choices(draft, spoken, message)
        case SendLink(url=url) if not url.startswith(HTTPS):
            yield draft.fault(f"{spoken.path}.link.url", f"{url!r} is not safe", "use an address with https://")
        case SendMedia(kind=kind, link=link) if not link.startswith(HTTPS):
            yield draft.fault(f"{spoken.path}.{kind}", f"{link!r} is not safe", "use a link with https://")
        case _:
            return


def _choices(draft: Draft, spoken: Spoken, said: Say) -> Iterator[Fault]:
    count = len(said.choices)
    # A case may use the choices of its rule; the fault belongs where they stand.
    path = said.choices[0].title.key.rpartition(".choices.")[0] if said.choices else spoken.path
    if count > limits.ROWS:
        remedy = f"keep the {limits.ROWS} that matter, or lead to a second list"
        yield draft.fault(f"{path}.choices", f"has {count} choices; a list holds {limits.ROWS}", remedy)
    if count <= limits.BUTTONS:
        for one in said.choices:
            if one.description is not None:
                remedy = "take it out, or offer four choices or more"
                yield draft.fault(one.description.key, "buttons show no description, only lists do", remedy)
        if said.menu is not None:
            yield draft.fault(said.menu.key, "there is no list to open, so no label", "take menu out")
    if not count and said.footer is not None:
        yield draft.fault(said.footer.key, "a text without choices has no footer", "put it into say")
    targets = [one.id for one in said.choices]
    for target in sorted({one for one in targets if targets.count(one) > 1}):
        yield draft.fault(f"{path}.choices", f"two choices go to {target}", "WhatsApp wants each once: take one out")
