"""What a run of scripts has reached of a business: answers that were said, choices tapped, languages spoken.

What nobody has rehearsed is named; whether it matters is for who wrote it to say.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace

from bot.config.catalogue import Catalogue
from bot.config.content import Answer, Business, Content
from bot.conversation.replies import Phrase, Say, SendLink, SendMedia
from bot.doors.rehearsal import Rehearsal

FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Gaps:
    """What no script of a business has reached, by path (`rule.hours.case.1`) and language."""

    outcomes: tuple[str, ...]
    choices: tuple[str, ...]
    languages: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Tell whether there is something left."""
        return bool(self.outcomes or self.choices or self.languages)


@dataclass(slots=True)
class Reached:
    """What the scripts of one business have reached so far."""

    business: Business
    said: dict[str, set[str]] = field(default_factory=dict)
    """The texts that were made of each sentence."""
    languages: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    """Texts, templates and rules of what really went out."""
    tapped: set[tuple[str, str]] = field(default_factory=set)

    def listen(self, rehearsal: Rehearsal) -> None:
        """Let every sentence that this business makes be heard."""
        content = rehearsal.runtime.content()
        own = content.businesses[self.business.id]
        heard = replace(own, catalogue=_Listening.heard_by(own.catalogue, self))
        businesses = {**content.businesses, own.id: heard}
        rehearsal.runtime.watched.hold(Content(businesses=businesses, version=f"{content.version} heard"))

    def note(self, rehearsal: Rehearsal) -> None:
        """Take over what went out and what was tapped."""
        for bubble in rehearsal.earpiece.heard:
            self.sent |= {bubble.text, bubble.template, bubble.rule}
        self.tapped |= set(rehearsal.tapped)

    def gaps(self) -> Gaps:
        """Return what is left."""
        spoken = list(_spoken(self.business))
        outcomes = [path for path, rule, answer in spoken if not self._reached(path, rule, answer)]
        choices = [
            f"{path}: {choice.id}"
            for path, rule, answer in spoken
            for said in answer.messages
            if isinstance(said, Say)
            for choice in said.choices
            if choice.title.key.startswith(f"{path}.choices.") and (rule, choice.id) not in self.tapped
        ]
        languages = [each for each in self.business.languages if each not in self.languages]
        return Gaps(tuple(outcomes), tuple(choices), tuple(languages))

    def _reached(self, path: str, rule: str, answer: Answer) -> bool:
        """Tell whether an answer went out; one without words of its own counts with its rule."""
        keys = [key for key in _keys(answer) if key.rpartition(".")[0] == path]
        if answer.outside is not None and answer.outside.name in self.sent:
            return True
        texts = {text for key in keys for text in self.said.get(key, ())}
        # The first answer of all carries a line about privacy besides.
        return any(text in each for text in texts for each in self.sent) if keys else rule in self.sent


class _Listening(Catalogue):
    """A catalogue that tells which sentences are made, and in which languages."""

    reached: Reached

    @classmethod
    def heard_by(cls, catalogue: Catalogue, reached: Reached) -> "_Listening":
        made = cls(**{each.name: getattr(catalogue, each.name) for each in fields(Catalogue)})
        object.__setattr__(made, "reached", reached)
        return made

    def text(self, phrase: Phrase, language: str) -> str:
        text = super().text(phrase, language)
        self.reached.said.setdefault(phrase.key, set()).add(text)
        if phrase.key.startswith(("rule.", "form.", FALLBACK)):
            self.reached.languages.add(language)
        return text


def _spoken(business: Business) -> Iterator[tuple[str, str, Answer]]:
    """Yield every answer with its path and the name under which it goes out."""
    for rule in business.rules:
        yield rule.id, rule.id, rule.answer
        yield from ((f"{rule.id}.case.{count}", rule.id, case.answer) for count, case in enumerate(rule.cases, 1))
        yield from ((later.id, rule.id, later.answer) for later in rule.later)
    for form in business.forms:
        for question in form.questions:
            yield f"{form.id}.ask.{question.id}", form.id, Answer(messages=(question.says,))
        yield f"{form.id}.done", form.id, Answer(messages=(form.done.message,))
    if business.fallback is not None:
        yield FALLBACK, FALLBACK, business.fallback


def _keys(answer: Answer) -> Iterator[str]:
    for message in answer.messages:
        match message:
            case Say(text=text) | SendLink(text=text):
                yield text.key
            case SendMedia(caption=Phrase() as caption):
                yield caption.key
