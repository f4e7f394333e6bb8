"""Answers by their kind: what people write in several languages, as the one form in which it is kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.config.content import Business, Form
from bot.conversation.events import Event, Kind, Media, Place
from bot.conversation.replies import Phrase
from handlers.answers import Given, Reader
from tests.handlers.shop import NOON, opened, person, said

RULES = """
[rule.menu]
words = "menu"
say = "Menu"
"""
FORM = """
[form.all]
words = "begin"
[form.all.ask.kind]
say = "?"
[[form.all.ask.kind.choices]]
is = "ready"
en = "Ready made"
gu = "તૈયાર"
hi = "तैयार"
de = "Fertig"
es = "Hecho"
ar = "جاهز"
zh = "现成"
ru = "Готовый"
pt = "Pronto"
fr = "Prêt"
[[form.all.ask.kind.choices]]
is = "photo"
title = "My photo"
[form.all.ask]
text   = { say = "?", takes = "text", min = 2, max = 10 }
number = { say = "?", takes = "number", min = 0.5, max = 2000 }
any    = { say = "?", takes = "number" }
date   = { say = "?", takes = "date" }
soon   = { say = "?", takes = "date", from = "tomorrow", to = "60 days" }
born   = { say = "?", takes = "date", to = "today" }
phone  = { say = "?", takes = "phone" }
email  = { say = "?", takes = "email" }
place  = { say = "?", takes = "place" }
image  = { say = "?", takes = "image" }
paper  = { say = "?", takes = "document" }
sure   = { say = "?", takes = "yes_no" }
[form.all.done]
tell = "staff"
"""
HEAD = """
name      = "Corner Shop"
language  = "en"
languages = ["en", "gu", "hi", "de", "es", "ar", "zh", "ru", "pt", "fr"]
zone      = "Asia/Kolkata"
telephone = "{telephone}"
[number.main]
phone_number_id = "SHOP_NUMBER"
access_token    = "SHOP_TOKEN"
waba_id         = "SHOP_WABA"
[hand_over]
to = "staff"
"""

Read = Callable[..., Given | Phrase]


def form_of(business: Business) -> Form:
    form = business.form("form.all")
    assert form is not None
    return form


def load(folder: Path, telephone: str) -> Business:
    files: dict[str, Any] = {"business.toml": HEAD.format(telephone=telephone), "forms.toml": FORM}
    return opened(folder, RULES, **files)


@pytest.fixture(scope="module")
def indian(tmp_path_factory: pytest.TempPathFactory) -> Business:
    return load(tmp_path_factory.mktemp("indian"), "+91 79 4890 0000")


@pytest.fixture(scope="module")
def american(tmp_path_factory: pytest.TempPathFactory) -> Business:
    return load(tmp_path_factory.mktemp("american"), "+1 212 555 0100")


def read(business: Business, question: str, event: Event | str, language: str = "en") -> Given | Phrase:
    asked = form_of(business).question(question)
    assert asked is not None
    reader = Reader(business, person(business, language=language))
    return reader.read(asked, event if isinstance(event, Event) else said(event))


def value(read: Given | Phrase) -> str:
    return read.value if isinstance(read, Given) else read.key


# The moment is Monday, 2 March 2026, noon in India.
@pytest.mark.parametrize(
    ("language", "written", "day"),
    [
        ("en", "today", "2026-03-02"),
        ("en", "Tomorrow, please!", "2026-03-03"),
        ("en", "the day after tomorrow", "2026-03-04"),
        ("en", "friday", "2026-03-06"),
        ("en", "next Fri", "2026-03-06"),
        ("en", "Monday", "2026-03-02"),
        ("en", "24/12", "2026-12-24"),
        ("en", "24.12.2026", "2026-12-24"),
        ("en", "24-12-26", "2026-12-24"),
        ("en", "2026-12-24", "2026-12-24"),
        ("en", "12/24/2026", "2026-12-24"),
        ("en", "5 June", "2026-06-05"),
        ("en", "June 5th", "2026-06-05"),
        ("en", "5th of June 2027", "2027-06-05"),
        ("en", "1 February", "2027-02-01"),
        ("en", "the 24th", "2026-03-24"),
        ("en", "1", "2026-04-01"),
        ("gu", "આવતીકાલે", "2026-03-03"),
        ("gu", "શુક્રવારે", "form.again.date"),
        ("gu", "શુક્રવાર", "2026-03-06"),
        ("gu", "૨૪/૧૨", "2026-12-24"),
        ("gu", "૫ જૂન", "2026-06-05"),
        ("gu", "tomorrow", "2026-03-03"),
        ("hi", "कल", "2026-03-03"),
        ("hi", "parso", "2026-03-04"),
        ("hi", "शुक्रवार को", "2026-03-06"),
        ("hi", "२४ दिसंबर", "2026-12-24"),
        ("hi", "24 दिसम्बर", "2026-12-24"),
        ("de", "übermorgen", "2026-03-04"),
        ("de", "am Freitag", "2026-03-06"),
        ("de", "24. Dezember", "2026-12-24"),
        ("de", "Fr.", "2026-03-06"),
        ("es", "pasado mañana", "2026-03-04"),
        ("es", "mañana", "2026-03-03"),
        ("es", "el 24 de diciembre", "2026-12-24"),
        ("es", "miércoles", "2026-03-04"),
        ("fr", "après-demain", "2026-03-04"),
        ("fr", "1er mai", "2026-05-01"),
        ("pt", "sexta-feira", "2026-03-06"),
        ("pt", "segunda", "2026-03-02"),
        ("ru", "послезавтра", "2026-03-04"),
        ("ru", "24 декабря", "2026-12-24"),
        ("ru", "пятница", "2026-03-06"),
        ("ar", "بعد غد", "2026-03-04"),
        ("ar", "٢٤/١٢", "2026-12-24"),
        ("ar", "الجمعة", "2026-03-06"),
        ("zh", "明天", "2026-03-03"),
        ("zh", "12月24日", "2026-12-24"),
        ("zh", "2026年12月24日", "2026-12-24"),
        ("zh", "星期五", "2026-03-06"),
        ("en", "may I ask what you would recommend", "form.again.date"),
        ("en", "31/2", "form.again.date"),
        ("en", "are you open tomorrow or only on weekdays", "form.again.date"),
        ("en", "whenever", "form.again.date"),
        ("en", "1/2/3/4", "form.again.date"),
        ("zh", "24/12/2026", "2026-12-24"),
    ],
)
def test_it_reads_a_day(indian: Business, language: str, written: str, day: str):
    assert value(read(indian, "date", written, language)) == day


@pytest.mark.parametrize(
    ("written", "day"), [("12/24", "2026-12-24"), ("3/4", "2026-03-04"), ("24/12/2026", "2026-12-24")]
)
def test_americans_write_the_month_first(american: Business, written: str, day: str):
    assert value(read(american, "date", written)) == day


@pytest.mark.parametrize(
    ("question", "written", "expected"),
    [
        ("soon", "monday", "2026-03-09"),
        ("soon", "today", "form.again.first_day"),
        ("soon", "24/12", "form.again.last_day"),
        ("soon", "2 March 2025", "form.again.first_day"),
        ("born", "5 June", "2025-06-05"),
        ("born", "5/6/84", "1984-06-05"),
        ("born", "tomorrow", "form.again.last_day"),
        ("number", "0.4", "form.again.least"),
        ("number", "3000", "form.again.most"),
        ("text", "x", "form.again.longer"),
        ("text", "Congratulations", "form.again.shorter"),
    ],
)
def test_it_keeps_to_the_bounds(indian: Business, question: str, written: str, expected: str):
    assert value(read(indian, question, written)) == expected


def test_a_bound_is_told_in_the_language_of_the_person(indian: Business):
    wrong = read(indian, "soon", "heute", "de")

    assert isinstance(wrong, Phrase)
    assert wrong.values == {"first": "Dienstag, 3. März 2026"}


@pytest.mark.parametrize(
    ("language", "written", "number"),
    [
        ("en", "2", "2"),
        ("en", "2.5 kg", "2.5"),
        ("en", "2,5", "2.5"),
        ("en", "about 1,500", "1500"),
        ("en", "1,500.75", "1500.75"),
        ("de", "1.500", "1500"),
        ("de", "1.500,75", "1500.75"),
        ("de", "1,500", "1.5"),
        ("hi", "२.५", "2.5"),
        ("ar", "٢٫٥", "2.5"),
        ("en", "-3", "-3"),
        ("en", "two", "form.again.number"),
        ("en", "2 or 3", "form.again.number"),
    ],
)
def test_it_reads_a_number(indian: Business, language: str, written: str, number: str):
    assert value(read(indian, "any", written, language)) == number


@pytest.mark.parametrize(
    ("question", "written", "expected"),
    [
        ("phone", "079 4890 0000", "+917948900000"),
        ("phone", "my number is +44 7911 123456", "+447911123456"),
        ("phone", "+९१ ७९ ४८९० ००००", "+917948900000"),
        ("phone", "12", "form.again.phone"),
        ("email", "It is Asha@Example.ORG.", "Asha@example.org"),
        ("email", "asha at example", "form.again.email"),
        ("kind", "READY made", "ready"),
        ("kind", "तैयार", "ready"),
        ("kind", "2", "photo"),
        ("kind", "૨", "photo"),
        ("kind", "3", "form.again.choice"),
        ("kind", "something else", "form.again.choice"),
        ("sure", "Yes!", "yes"),
        ("sure", "जी हाँ", "yes"),
        ("sure", "હા", "yes"),
        ("sure", "да", "yes"),
        ("sure", "nein danke", "no"),
        ("sure", "不", "no"),
        ("sure", "perhaps", "form.again.yes_no"),
        ("text", "  Mira ", "Mira"),
        ("place", "my house", "form.again.place"),
        ("image", "a picture", "form.again.image"),
        ("paper", "a paper", "form.again.document"),
    ],
)
def test_it_reads_what_is_written(indian: Business, question: str, written: str, expected: str):
    assert value(read(indian, question, written)) == expected


PHOTO = Media(id="media1", mime_type="image/jpeg")
PAPER = Media(id="media2", mime_type="application/pdf", filename="a.pdf")


@pytest.mark.parametrize(
    ("question", "event", "expected"),
    [
        ("image", Event(kind=Kind.IMAGE, at=NOON, media=PHOTO), Given("media1", PHOTO)),
        ("image", Event(kind=Kind.DOCUMENT, at=NOON, media=PAPER), Phrase("form.again.image")),
        ("image", Event(kind=Kind.STICKER, at=NOON, media=Media(id="s", mime_type="image/webp")), None),
        ("paper", Event(kind=Kind.DOCUMENT, at=NOON, media=PAPER), Given("media2", PAPER)),
        ("paper", Event(kind=Kind.IMAGE, at=NOON, media=PHOTO), Phrase("form.again.document")),
        ("text", Event(kind=Kind.IMAGE, at=NOON, media=PHOTO, text="caption"), Phrase("form.again.text")),
        (
            "place",
            Event(kind=Kind.LOCATION, at=NOON, place=Place(latitude=23.03, longitude=72.58, name="Home")),
            Given("23.03000, 72.58000 (Home)"),
        ),
    ],
)
def test_it_reads_what_is_sent(indian: Business, question: str, event: Event, expected: Given | Phrase | None):
    assert read(indian, question, event) == (expected or Phrase("form.again.image"))


@pytest.mark.parametrize(
    ("question", "kept", "language", "shown"),
    [
        ("kind", "ready", "gu", "તૈયાર"),
        ("kind", "gone", "en", "gone"),
        ("date", "2026-12-24", "en", "Thursday, 24 December 2026"),
        ("date", "2026-12-24", "de", "Donnerstag, 24. Dezember 2026"),
        ("any", "2.5", "de", "2,5"),
        ("sure", "yes", "fr", "Oui"),
        ("image", "media1", "en", "✓"),
        ("text", "Mira", "en", "Mira"),
    ],
)
def test_it_shows_an_answer_as_people_read_it(indian: Business, question: str, kept: str, language: str, shown: str):
    asked = form_of(indian).question(question)
    assert asked is not None
    assert Reader(indian, person(indian, language=language)).shown(asked, kept) == shown
