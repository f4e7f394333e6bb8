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
        return self.business.text(phrase, language, now.astimezone(self.business.zone))

    def language_of(self, text: str, *, chosen: str | None, last: str | None) -> tuple[str, bool]:
        """Return the language to answer in and whether it is worth remembering.

        That of the privacy word just used, else the chosen one, else by script and words, else the last one, else
        the business's.
        """
        business = self.business
        command = business.commands.match(text) if text else None
        if command and command.languages:
            spoken = [each for each in (chosen, last, business.language) if each in command.languages]
            return (spoken or command.languages)[0], False
        if chosen:
            return chosen, False
        guessed = guess(text, business.languages, business.catalogue.hints) if text else None
        return (guessed, guessed != last) if guessed else (last or business.language, False)

    @property
    def notice_link(self) -> str:
        """Return the address of the business's privacy notice."""
        return f"{self.public_url}/privacy/{self.business.id}"

    def status_link(self, code: str) -> str:
        """Return the address where the state of a request can be read."""
        return f"{self.public_url}/deletion-status?code={code}"
