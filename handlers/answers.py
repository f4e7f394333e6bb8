"""What a person answered to a question: read by the kind of answer it takes, or what is wrong with it."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import phonenumbers

from bot.config.content import CHOICE, Business, Day, Question
from bot.conversation.contact import ContactView
from bot.conversation.events import Event, Kind, Media
from bot.conversation.replies import Phrase
from bot.conversation.text import normal
from handlers.days import days_in

ENGLISH = "en"
LONGEST_TEXT = 1000
SEEN = "✓"
"""Shown for what is no text: a picture, a document."""
_EMAIL = re.compile(r"[^\s@<>,;:()\"']+@[^\s@<>,;:()\"']+\.[^\s@<>,;:()\"'.]{2,}")
_DIGITS = re.compile(r"-?\d+(?:[.,٫٬' ]\d+)*")
_THOUSAND = re.compile(r"-?\d{1,3}(?:[^\d]\d{3})+")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer in the one form in which it is kept, and the file if it is one."""

    value: str
    media: Media | None = None


Read = Given | Phrase
"""The answer, or the sentence that says what is wanted."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads answers to the questions of one person."""

    business: Business
    contact: ContactView

    def read(self, question: Question, event: Event) -> Read:
        """Return the answer to the question, or what is wrong."""
        given = _KINDS[question.takes](self, question, event)
        return Phrase(f"form.again.{question.takes}", self._example(question)) if given is None else given

    def shown(self, question: Question, value: str) -> str:
        """Return the answer as people read it."""
        if question.options:
            title = question.titles[value].title if value in question.options else None
            return self._say(title) if title else value
        if question.takes == "date":
            return self.say_day(date.fromisoformat(value))
        if question.takes == "number":
            return value.replace(".", self.business.day_names[self.language].decimal)
        return SEEN if question.takes in {"image", "document"} else value

    @property
    def language(self) -> str:
        """The language whose names of days are used."""
        return self.contact.language if self.contact.language in self.business.day_names else self.business.language

    @property
    def today(self) -> date:
        """The day at the business."""
        return self.contact.local_now.date()

    def say_day(self, day: date) -> str:
        """Write a day as the contact's language does."""
        return self.business.day_names[self.language].say(day)

    def _say(self, phrase: Phrase) -> str:
        return self.business.text(phrase, self.contact.language, self.contact.local_now)

    def _example(self, question: Question) -> Mapping[str, str]:
        if question.takes != "date":
            return {}
        first = self.bound(question.bounds.first) or self.today
        return {"example": self.say_day(first + timedelta(days=1))}

    def bound(self, day: Day | None) -> date | None:
        """Return the day that a bound means today."""
        return self.today + timedelta(days=day) if isinstance(day, int) else day

    def titles(self, question: Question) -> Mapping[str, str]:
        """Return the option by its title in every language of the business."""
        return {
            normal(self.business.text(choice.title, language, self.contact.local_now)): option
            for option, choice in question.titles.items()
            for language in self.business.languages
        }


def _choice(reader: Reader, question: Question, event: Event) -> Read | None:
    plain = normal(event.text)
    if plain.isdecimal() and 0 < int(plain[:3]) <= len(question.options):
        return Given(question.options[int(plain[:3]) - 1])
    option = reader.titles(question).get(plain) if plain else None
    return Given(option) if option else None


def _yes_no(reader: Reader, question: Question, event: Event) -> Read | None:
    plain, words = normal(event.text), reader.business.form_words
    if plain in words.yes or plain in words.no:
        return Given(question.options[0] if plain in words.yes else question.options[1])
    return _choice(reader, question, event)


def _text(_reader: Reader, question: Question, event: Event) -> Read | None:
    text = event.text.strip()
    if event.kind is not Kind.TEXT or not text:
        return None
    least, most = question.bounds.least or 0, question.bounds.most or LONGEST_TEXT
    if len(text) < least:
        return Phrase("form.again.longer", {"least": written(least)})
    return Given(text) if len(text) <= most else Phrase("form.again.shorter", {"most": written(most)})


def _number(reader: Reader, question: Question, event: Event) -> Read | None:
    found = _DIGITS.findall(_plain_digits(event.text)) if event.kind is Kind.TEXT else []
    if len(found) != 1:
        return None
    number = _value(found[0], reader.business.day_names[reader.language].decimal)
    bounds = question.bounds
    if bounds.least is not None and number < bounds.least:
        return Phrase("form.again.least", {"least": written(bounds.least)})
    if bounds.most is not None and number > bounds.most:
        return Phrase("form.again.most", {"most": written(bounds.most)})
    return Given(written(number))


def _date(reader: Reader, question: Question, event: Event) -> Read | None:
    named = reader.business.day_names
    spoken = dict.fromkeys((reader.language, ENGLISH, *named))
    text = event.text if event.kind is Kind.TEXT else ""
    days = days_in(text, [named[each] for each in spoken if each in named], reader.today)
    if not days:
        return None
    first, last = reader.bound(question.bounds.first), reader.bound(question.bounds.last)
    for day in days:
        if (first is None or first <= day) and (last is None or day <= last):
            return Given(day.isoformat())
    if first is not None and days[0] < first:
        return Phrase("form.again.first_day", {"first": reader.say_day(first)})
    return Phrase("form.again.last_day", {"last": reader.say_day(last or days[0])})


def _phone(reader: Reader, _question: Question, event: Event) -> Read | None:
    region = phonenumbers.region_code_for_number(phonenumbers.parse(reader.business.telephone))
    for found in phonenumbers.PhoneNumberMatcher(_plain_digits(event.text), region):
        return Given(phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164))
    return None


def _email(_reader: Reader, _question: Question, event: Event) -> Read | None:
    found = _EMAIL.search(unicodedata.normalize("NFKC", event.text))
    if found is None:
        return None
    name, _, host = found[0].strip(".").rpartition("@")
    return Given(f"{name}@{host.lower()}")


def _place(_reader: Reader, _question: Question, event: Event) -> Read | None:
    place = event.place
    if place is None:
        return None
    named = ", ".join(filter(None, (place.name, place.address)))
    return Given(f"{place.latitude:.5f}, {place.longitude:.5f}" + f" ({named})" * bool(named))


def _image(_reader: Reader, _question: Question, event: Event) -> Read | None:
    media = event.media
    if media is None or not (event.kind is Kind.IMAGE or media.mime_type.startswith("image/")):
        return None
    return Given(media.id, media) if event.kind is not Kind.STICKER else None


def _document(_reader: Reader, _question: Question, event: Event) -> Read | None:
    return Given(event.media.id, event.media) if event.media is not None and event.kind is Kind.DOCUMENT else None


def written(number: float) -> str:
    """Write a number as it is kept: without an idle point."""
    return str(int(number)) if number == int(number) else repr(number)


def _plain_digits(text: str) -> str:
    """Return the text with digits of every script as 0 to 9."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def _value(digits: str, decimal: str) -> float:
    """Return the number: two kinds of signs are told apart by place, one by the language and what stands behind it."""
    signs = [sign for sign in digits if not sign.isdigit() and sign != "-"]
    kinds = list(dict.fromkeys(signs))
    point = kinds[-1] if len(kinds) > 1 or (len(signs) == 1 and not _THOUSAND.fullmatch(digits)) else None
    if point is None and signs and set(signs) == {decimal} and len(signs) == 1:
        point = decimal
    plain = "".join("." if sign == point else sign for sign in digits if sign.isdigit() or sign in {"-", point})
    return float(plain)


_Read = Callable[[Reader, Question, Event], Read | None]
_KINDS: Mapping[str, _Read] = {
    CHOICE: _choice,
    "yes_no": _yes_no,
    "text": _text,
    "number": _number,
    "date": _date,
    "phone": _phone,
    "email": _email,
    "place": _place,
    "image": _image,
    "document": _document,
}
