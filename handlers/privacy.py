"""The privacy words: what a person may always say, before any rule, form, limit or hand-over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.config.content import Business
from bot.conversation.contact import ContactView
from bot.conversation.effects import (
    Action,
    Ask,
    ChooseLanguage,
    HandOver,
    OptIn,
    OptOut,
    RequestErasure,
    RequestExport,
    TellStatus,
)
from bot.conversation.events import MEDIA, Event, Kind
from bot.conversation.forms import CloseForm
from bot.conversation.handler import Handler
from bot.conversation.match import Match
from bot.conversation.replies import Choice, Phrase, Reply, Say
from bot.conversation.text import normal
from bot.conversation.words import Command, Purpose, Scope

WRITTEN = MEDIA | {Kind.TEXT}
SPOKEN = WRITTEN | {Kind.TAP}
"""Events whose words are the person's own; an echo is the business's, a contact card somebody else's."""

QUESTION = "privacy.near"
ANSWERS = {"1": Command.STOP, "2": Command.DELETE}
TAPPED = "privacy:"
MOST_CHOICES = 10
SHORTEST_CODE = 8

AFTER_ERASURE = frozenset({
    Command.STOP, Command.STOP_MARKETING, Command.START, Command.DELETE, Command.EXPORT, Command.STATUS,
    Command.PRIVACY, Command.HELP,
})  # fmt: skip

_START = (Choice(id="privacy:start", title=Phrase("button.start")),)
_NEAR = (
    Choice(id="privacy:stop", title=Phrase("button.stop")),
    Choice(id="privacy:delete", title=Phrase("button.delete")),
)


def build(business: Business) -> Handler:
    """Return the handler of the privacy words for one business."""
    words = (word for rule in business.starts for spoken in rule.words.values() for word in spoken)
    return _Privacy(business, frozenset(map(normal, words)))


@dataclass(frozen=True, slots=True)
class _Privacy:
    business: Business
    own_words: frozenset[str]

    def __call__(self, event: Event, contact: ContactView, /) -> Sequence[Action] | None:
        """Act on a privacy word; be silent for the erased and while a person has the chat; else pass on."""
        if event.kind is Kind.PREFERENCE:
            return _preference(event)
        match = self._command(event, contact)
        actions = None if match is None else self._act(match, contact)
        if actions is not None:
            return [*actions, Ask("")] if contact.asked == QUESTION else actions
        if Scope.ERASED in contact.opted_out:
            return []
        if self._leaves_a_form(event, contact):
            return None
        if self._is_near(event):
            return _ask_what_is_meant(contact)
        return [] if contact.handed_over else None

    def _leaves_a_form(self, event: Event, contact: ContactView) -> bool:
        """Tell whether it is CANCEL, END, QUIT or BACK inside a form: there they mean the form."""
        if contact.form is None or contact.handed_over or contact.local_now >= contact.form.until:
            return False
        words, plain = self.business.form_words, normal(event.text)
        return plain in words.cancel or plain in words.back

    def _command(self, event: Event, contact: ContactView) -> Match | None:
        if event.kind not in SPOKEN or event.forwarded:
            return None
        if event.kind is Kind.TAP and event.choice.startswith(TAPPED):
            return _tapped(event.choice.removeprefix(TAPPED))
        answer = ANSWERS.get(normal(event.text)) if contact.asked == QUESTION else None
        return Match(answer) if answer else self.business.commands.match(event.text)

    def _act(self, match: Match, contact: ContactView) -> Sequence[Action] | None:
        if Scope.ERASED in contact.opted_out and match.command not in AFTER_ERASURE:
            return None
        act = _ACTS.get(match.command)
        return None if act is None else act(self.business, match, contact)

    def _is_near(self, event: Event) -> bool:
        """Tell whether it is a near phrase; a message that is a word of the business's own rules means that rule."""
        if event.kind not in WRITTEN or event.forwarded or self.business.commands.near(event.text) is None:
            return False
        return normal(event.text) not in self.own_words


def _preference(event: Event) -> Sequence[Action] | None:
    """WhatsApp's own switch stops marketing; a resume there undoes nothing that was said here."""
    return [OptOut(Scope.MARKETING, "preference")] if event.value == "stop" else None


def _tapped(choice: str) -> Match | None:
    name, _, argument = choice.partition(":")
    return Match(Command(name), argument=argument) if name in set(Command) else None


def _ask_what_is_meant(contact: ContactView) -> Sequence[Action]:
    """Hold marketing at once and ask; while a person has the chat, hold it silently."""
    hold = OptOut(Scope.MARKETING, "near")
    return [hold] if contact.handed_over else [hold, Ask(QUESTION), _reply("near", Phrase("privacy.near"), _NEAR)]


def _delete(_business: Business, _match: Match, _contact: ContactView) -> Sequence[Action]:
    return [RequestErasure()]


def _stop(business: Business, match: Match, contact: ContactView) -> Sequence[Action]:
    """Stop all, an open form too, or marketing only; who has stopped more already is told that this stays."""
    if Scope.ERASED in contact.opted_out:
        return [_reply(match.command, _erased_notice(business), _START)]
    scope = Scope.ALL if match.command is Command.STOP else Scope.MARKETING
    key = "privacy.stopped" if Scope.ALL in {scope, *contact.opted_out} else "privacy.stopped_marketing"
    closed = [CloseForm(form=contact.form.form, how="cancelled")] if contact.form and scope is Scope.ALL else []
    return [OptOut(scope, match.command), *closed, _reply(match.command, Phrase(key), _START)]


def _erased_notice(business: Business) -> Phrase:
    if not business.telephone:
        return Phrase("rights.erased_notice_brief")
    return Phrase("rights.erased_notice", {"telephone": business.telephone})


def _start(_business: Business, match: Match, contact: ContactView) -> Sequence[Action] | None:
    if not contact.opted_out:
        return None
    return [OptIn(match.command), _reply("start", Phrase("privacy.started"))]


def _export(_business: Business, _match: Match, _contact: ContactView) -> Sequence[Action]:
    return [RequestExport()]


def _privacy(business: Business, _match: Match, _contact: ContactView) -> Sequence[Action]:
    asked = business.policy.contact
    contact = ", ".join(filter(None, (asked.name, asked.email, asked.telephone)))
    return [_reply("privacy", Phrase("privacy.notice", {"contact": contact}))]


def _help(business: Business, _match: Match, contact: ContactView) -> Sequence[Action] | None:
    silent = contact.handed_over or Scope.ERASED in contact.opted_out
    if not silent and any(rule.id == "rule.help" for rule in business.rules):
        return None
    return [_reply("help", Phrase("privacy.help"))]


def _status(_business: Business, match: Match, _contact: ContactView) -> Sequence[Action] | None:
    """Tell the state of a request by its code; what cannot be one (an order's number, a word) is no command."""
    code = match.argument.upper()
    is_code = len(code) >= SHORTEST_CODE and all(part.isascii() and part.isalnum() for part in code.split("-"))
    return [TellStatus(code)] if is_code and not code.isdigit() and not code.isalpha() else None


def _human(business: Business, _match: Match, _contact: ContactView) -> Sequence[Action]:
    phrase = Phrase("privacy.human")
    if business.telephone:
        phrase = Phrase("privacy.human_call", {"telephone": business.telephone})
    return [HandOver(business.hand_over.lasts), _reply("human", phrase)]


def _language(business: Business, match: Match, _contact: ContactView) -> Sequence[Action] | None:
    """Take the language that is named; offer those there are when none is, or one that is not offered."""
    named = business.commands.language_named(match.argument)
    if named in business.languages:
        return [ChooseLanguage(named), _reply("language", Phrase(f"language.{named}.chosen"))]
    if len(business.languages) == 1 or (match.argument and named is None):
        return None
    offered = tuple(
        Choice(id=f"privacy:language:{code}", title=Phrase(f"language.{code}.name"))
        for code in business.languages[:MOST_CHOICES]
    )
    return [_reply("language", Phrase("privacy.languages"), offered)]


def _reply(rule: str, text: Phrase, choices: tuple[Choice, ...] = ()) -> Reply:
    menu = Phrase("button.menu") if choices else None
    say = Say(text=text, choices=choices, menu=menu)
    return Reply(message=say, rule=f"privacy.{rule}", purpose=Purpose.RIGHTS)


_Act = Callable[[Business, Match, ContactView], Sequence[Action] | None]
_ACTS: Mapping[Command, _Act] = {
    Command.DELETE: _delete,
    Command.STOP: _stop,
    Command.STOP_MARKETING: _stop,
    Command.START: _start,
    Command.EXPORT: _export,
    Command.PRIVACY: _privacy,
    Command.HELP: _help,
    Command.STATUS: _status,
    Command.HUMAN: _human,
    Command.LANGUAGE: _language,
}
