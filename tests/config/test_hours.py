"""Opening hours: open or not, the week in words, the next opening."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config.catalogue import Catalogue
from bot.config.content.hours import Hours
from bot.config.content.loader import SHIPPED
from bot.config.content.reading import hours
from bot.config.content.spans import Span

BAKERY = {"mon-sat": "07:30-20:00", "sun": ["08:00-13:00", "16:00-19:00"]}
BAR = {"daily": "closed", "fri-sat": "18:00-02:00"}
INDIA = ZoneInfo("Asia/Kolkata")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(Path(SHIPPED))


def at(day: int, clock: str) -> datetime:
    """A moment of the week that begins on Monday, the 2nd of March 2026."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, 1 + day, hour, minute, tzinfo=INDIA)


@pytest.mark.parametrize(
    ("week", "moment", "is_open"),
    [
        pytest.param(BAKERY, at(1, "07:29"), False, id="a minute early"),
        pytest.param(BAKERY, at(1, "07:30"), True, id="on the minute"),
        pytest.param(BAKERY, at(1, "20:00"), False, id="closing time"),
        pytest.param(BAKERY, at(7, "14:00"), False, id="in the break"),
        pytest.param(BAKERY, at(7, "16:30"), True, id="after the break"),
        pytest.param(BAR, at(5, "23:59"), True, id="before midnight"),
        pytest.param(BAR, at(6, "01:59"), True, id="past midnight"),
        pytest.param(BAR, at(7, "01:59"), True, id="Sunday morning is Saturday night"),
        pytest.param(BAR, at(1, "01:00"), False, id="Monday morning is Sunday night"),
        pytest.param({"daily": "00:00-24:00"}, at(3, "00:00"), True, id="round the clock"),
        pytest.param({}, at(3, "03:00"), True, id="no hours are always open"),
    ],
)
def test_it_knows_when_it_is_open(week: dict[str, object], moment: datetime, *, is_open: bool):
    assert hours(week).is_open(moment) is is_open


@pytest.mark.parametrize(
    ("week", "language", "said"),
    [
        pytest.param(BAKERY, "en", "Mon–Sat 07:30–20:00; Sun 08:00–13:00, 16:00–19:00", id="days alike go together"),
        pytest.param({"mon": "09:00-12:00"}, "en", "Mon 09:00–12:00; Tue–Sun closed", id="closed days are told"),
        pytest.param({"daily": "09:00-12:00"}, "en", "daily 09:00–12:00", id="all days alike"),
        pytest.param({"daily": "09:00-24:00"}, "en", "daily 09:00–24:00", id="midnight ends the day"),
        pytest.param({}, "en", "around the clock", id="no hours"),
        pytest.param({"mon-fri": "09:00-18:00", "sat-sun": "closed", "wed": "closed"}, "de",
                     "Mo–Di 09:00–18:00; Mi geschlossen; Do–Fr 09:00–18:00; Sa–So geschlossen", id="one day"),
    ],
)  # fmt: skip
def test_it_says_the_week(catalogue: Catalogue, week: dict[str, object], language: str, said: str):
    assert hours(week).week(language, catalogue) == said


@pytest.mark.parametrize(
    ("week", "moment", "said"),
    [
        pytest.param(BAKERY, at(1, "05:00"), "today at 07:30", id="today"),
        pytest.param(BAKERY, at(7, "13:30"), "today at 16:00", id="after the break"),
        pytest.param(BAKERY, at(1, "21:00"), "tomorrow at 07:30", id="tomorrow"),
        pytest.param(BAR, at(1, "12:00"), "Fri at 18:00", id="on another day"),
        pytest.param({"mon": "09:00-10:00"}, at(1, "11:00"), "Mon at 09:00", id="in a week"),
        pytest.param({"daily": "closed"}, at(1, "11:00"), "later", id="never"),
        pytest.param({}, at(1, "11:00"), "later", id="no hours"),
    ],
)
def test_it_says_when_it_opens_next(catalogue: Catalogue, week: dict[str, object], moment: datetime, said: str):
    assert hours(week).next(moment, "en", catalogue) == said


def test_it_opens_by_the_clock_on_the_wall_when_summer_time_begins():
    berlin = ZoneInfo("Europe/Berlin")
    opening = hours({"daily": "09:00-10:00"}).opens_after(datetime(2026, 3, 28, 12, tzinfo=berlin))
    assert opening == datetime(2026, 3, 29, 9, tzinfo=berlin)


def test_it_reads_no_day_as_no_hours():
    assert hours({}) == Hours()
    assert hours({"daily": "closed"}) == Hours(((),) * 7)
    assert hours({"sun": "23:00-01:00"}).days[6] == (Span(23 * 60, 25 * 60),)
