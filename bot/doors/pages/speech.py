"""The sentences of a page, in its language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.config.catalogue import Catalogue
from bot.conversation.replies import Phrase


@dataclass(frozen=True, slots=True)
class Speech:
    """What a page says; called with a key it returns the sentence."""

    catalogue: Catalogue
    language: str

    def __call__(self, key: str, **values: str) -> str:
        """Return the sentence."""
        return self.catalogue.text(Phrase(key, values), self.language)

    @property
    def direction(self) -> str:
        """Return how the language is written: `ltr` or `rtl`."""
        locale = self.catalogue.locales.get(self.language)
        return "rtl" if locale and locale.rtl else "ltr"

    def name_of(self, language: str) -> str:
        """Return the name that a language gives itself."""
        locale = self.catalogue.locales.get(language)
        return (locale and locale.name) or language

    def of(self, texts: Mapping[str, str]) -> str:
        """Return the text in the page's language, else the one for all, else the first there is."""
        for each in (self.language, self.catalogue.default, "*", "en"):
            if each in texts:
                return texts[each]
        return next(iter(texts.values()), "")

    @staticmethod
    def day(moment: datetime) -> str:
        """Return a day as every language reads it."""
        return moment.date().isoformat()

    @staticmethod
    def moment(moment: datetime) -> str:
        """Return a moment as every language reads it."""
        return moment.strftime("%Y-%m-%d %H:%M UTC")
