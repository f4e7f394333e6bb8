"""A privacy word, recognised."""

from dataclasses import dataclass

from bot.conversation.words import Command


@dataclass(frozen=True, slots=True)
class Match:
    """A command that was given, the languages it was given in (none: a word of all), and what stood behind it."""

    command: Command
    languages: tuple[str, ...] = ()
    argument: str = ""

    @property
    def language(self) -> str:
        """Return the first of the languages, or nothing."""
        return self.languages[0] if self.languages else ""
