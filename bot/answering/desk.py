"""What a business answers with: its content, its handlers, and the addresses that stand in answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.config.content import Business
from bot.conversation.handler import Handler
from bot.conversation.language import guess
from bot.conversation.replies import Phrase


@dataclass(frozen=True, slots=True)
class Desk:
    """A business at work; `public_url` is where its pages are."""

    business: Business
    handlers: Sequence[Handler]
    public_url: str

    def say(self, phrase: Phrase, language: str, *, now: datetime) -> str:
        """Return the sentence in the language, with the values of the moment."""
        values = {"notice.link": self.notice_link, **phrase.values}
        return self.business.text(Phrase(phrase.key, values), language, now.astimezone(self.business.zone))

    def language_of(self, text: str, *, chosen: str | None, last: str | None) -> tuple[str, bool]:
        """Return the language to answer in and whether it is worth remembering.

        That of the privacy word (or near phrase) just used, else the chosen one, else by script and words, else the
        last one, else the business's.
        """
        business = self.business
        known = chosen or last or business.language
        spoken = self._of_privacy_words(text) if text else None
        if spoken is not None:
            return (known if known in spoken or not spoken else spoken[0]), False
        if chosen:
            return chosen, False
        guessed = guess(text, business.languages, business.catalogue.hints) if text else None
        return (guessed, guessed != last) if guessed else (known, False)

    def _of_privacy_words(self, text: str) -> tuple[str, ...] | None:
        """Return the languages of a privacy word or near phrase, none for a word of all; None for ordinary text."""
        command = self.business.commands.match(text)
        return command.languages if command else self.business.commands.near(text)

    @property
    def notice_link(self) -> str:
        """Return the address of the business's privacy notice."""
        return f"{self.public_url}/privacy/{self.business.id}"

    def status_link(self, code: str) -> str:
        """Return the address where the state of a request can be read."""
        return f"{self.public_url}/deletion-status?code={code}"
