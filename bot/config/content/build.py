"""From the tables of a business to its rules: texts become phrases, bodies become messages."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar, get_args

from bot.config.content.models import Body, ChoiceTable, FactsTable, LaterTable, MediaTable, RuleTable, Text
from bot.config.content.models import When as WhenTable
from bot.config.content.rules import Answer, Case, Condition, FollowUp, Rule, When
from bot.conversation.replies import (
    Choice,
    Message,
    Phrase,
    Say,
    SendCard,
    SendLink,
    SendMedia,
    SendPlace,
    Template,
)
from bot.conversation.words import Store

MediaKind = Literal["image", "video", "audio", "document", "sticker"]
CAPTIONED = frozenset({"image", "video", "document"})
MOST_IN_A_CAPTION = 1024

_Found = TypeVar("_Found")
Layers = tuple[tuple[Body, str], ...]
"""Bodies with the paths of their texts; what the first leaves out is the next one's."""


def texts_of(body: Body, path: str) -> Iterator[tuple[str, Text]]:
    """Yield the inline texts of a body, each under the path at which a locale file would have it."""
    own = {"say": body.say, "menu": body.menu, "footer": body.footer}
    own["link"] = body.link.title if body.link else None
    for count, choice in enumerate(body.choices, 1):
        own[f"choices.{count}"] = choice.title
        own[f"describe.{count}"] = choice.describe
    yield from ((f"{path}.{key}", text) for key, text in own.items() if text is not None)
    for group in ("case", "later"):
        for count, inner in enumerate(getattr(body, group, ()), 1):
            yield from texts_of(inner, f"{path}.{group}.{count}")


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds rules for a business whose texts have these keys; `longest` is the length of a key's longest text."""

    keys: Collection[str]
    longest: Mapping[str, int] = field(default_factory=dict)

    def rule(self, path: str, table: RuleTable) -> Rule:
        """Build a rule from its table; a case says what it names, what it leaves out is the rule's."""
        own = (table, path)
        return Rule(
            id=path,
            words=table.words,
            pattern=table.pattern,
            on=frozenset(table.on),
            when=_when(table),
            cases=tuple(
                Case(when=_when(case), answer=self.answer((case, f"{path}.case.{count}"), own))
                for count, case in enumerate(table.case, 1)
            ),
            answer=self.answer(own),
            later=tuple(self._later(one, f"{path}.later.{count}") for count, one in enumerate(table.later, 1)),
            store=Store(table.store),
        )

    def answer(self, *layers: tuple[Body, str]) -> Answer:
        """Build what is said. Bubbles are merged where WhatsApp allows: each message costs money."""
        said, media = self._said(layers), list(_first(layers, _media) or ())
        if media and isinstance(said, Say) and self._captions(media[0], said):
            media[0] = replace(media[0], caption=said.text)
            said = None
        extras = _first(layers, _extras) or ()
        outside = _first(layers, lambda body, _: body.outside)
        template = Template(name=outside.template, values=outside.with_) if outside else None
        return Answer(messages=(*media, *([said] if said else ()), *extras), outside=template)

    def _said(self, layers: Layers) -> Message | None:
        text = self._phrase(layers, "say")
        link = _first(layers, lambda body, path: (body.link, path) if body.link else None)
        if text is None:
            return None
        if link is not None and link[0] is not None:
            return SendLink(text=text, title=Phrase(f"{link[1]}.link"), url=link[0].url)
        menu, footer = self._phrase(layers, "menu"), self._phrase(layers, "footer")
        return Say(text=text, choices=_first(layers, self._choices) or (), menu=menu, footer=footer)

    def _choices(self, body: Body, path: str) -> tuple[Choice, ...]:
        return tuple(self._choice(choice, path, count) for count, choice in enumerate(body.choices, 1))

    def _choice(self, choice: ChoiceTable, path: str, count: int) -> Choice:
        describe = f"{path}.describe.{count}"
        description = Phrase(describe) if describe in self.keys else None
        return Choice(id=choice.go, title=Phrase(f"{path}.choices.{count}"), description=description)

    def _later(self, later: LaterTable, path: str) -> FollowUp:
        return FollowUp(id=path, after=later.after, answer=self.answer((later, path)), purpose=later.purpose)

    def _phrase(self, layers: Layers, name: str) -> Phrase | None:
        keys = (f"{path}.{name}" for _, path in layers)
        return next((Phrase(key) for key in keys if key in self.keys), None)

    def _captions(self, media: SendMedia, said: Say) -> bool:
        plain = not said.choices and said.footer is None
        return plain and media.kind in CAPTIONED and self.longest.get(said.text.key, 0) <= MOST_IN_A_CAPTION


def _first(layers: Layers, get: Callable[[Body, str], _Found | None]) -> _Found | None:
    return next((found for body, path in layers if (found := get(body, path))), None)


def _media(body: Body, _path: str) -> tuple[SendMedia, ...]:
    kinds: tuple[MediaKind, ...] = get_args(MediaKind)
    tables: Iterator[tuple[MediaKind, MediaTable | None]] = ((kind, getattr(body, kind)) for kind in kinds)
    return tuple(SendMedia(kind=kind, link=table.link, filename=table.filename) for kind, table in tables if table)


def _extras(body: Body, _path: str) -> tuple[Message, ...]:
    place = SendPlace(**body.place.model_dump()) if body.place else None
    card = SendCard(**body.card.model_dump()) if body.card else None
    return tuple(message for message in (place, card) if message is not None)


def _when(table: WhenTable) -> When:
    return When(given=_condition(table.if_), unless=_condition(table.unless))


def _condition(facts: FactsTable) -> Condition:
    return Condition(
        open=facts.open,
        weekdays=None if facts.weekday is None else frozenset(facts.weekday),
        languages=None if facts.language is None else frozenset(facts.language),
        consents=None if facts.consent is None else frozenset(facts.consent),
        first_contact=facts.first_contact,
        ad=facts.ad,
    )
