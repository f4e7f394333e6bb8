"""Days that are not like their weekday: public holidays and days by hand, in opening hours and in words."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config.catalogue import Catalogue
from bot.config.content.hours import Hours
from bot.config.content.loader import SHIPPED
from bot.config.content.reading import hours, marked
from bot.config.content.spans import Span
from bot.config.content.special_days import SpecialDays
from tests.config.conftest import BUSINESS, Faults, Load

INDIA = ZoneInfo("Asia/Kolkata")
WEEK = {"mon-sat": "09:00-18:00"}
REPUBLIC_DAY = date(2026, 1, 26)  # a Monday
MORNING = (Span(9 * 60, 13 * 60),)


def week(days: dict[str, object] | None = None, **special: object) -> Hours:
    return Hours(hours(WEEK).days, SpecialDays(marked=marked(days or {}), **special))  # type: ignore[arg-type]  # by name


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=INDIA)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(Path(SHIPPED))


@pytest.mark.parametrize(
    ("opening", "day", "clock", "is_open"),
    [
        pytest.param(week(), "2026-01-26", "10:00", True, id="a Monday"),
        pytest.param(week(country="IN"), "2026-01-26", "10:00", False, id="a public holiday"),
        pytest.param(week(country="IN", spans=MORNING), "2026-01-26", "10:00", True, id="open on holidays, shorter"),
        pytest.param(week(country="IN", spans=MORNING), "2026-01-26", "14:00", False, id="and closed afterwards"),
        pytest.param(week({"2026-01-26": "09:00-11:00"}, country="IN"), "2026-01-26", "10:00", True,
                     id="by hand beats the country"),
        pytest.param(week({"2026-01-25": "10:00-12:00"}), "2026-01-25", "11:00", True, id="a Sunday by hand"),
        pytest.param(week({"12-25": "closed"}), "2031-12-25", "10:00", False, id="every year"),
        pytest.param(week({"2026-12-25": "closed"}), "2027-12-25", "10:00", True, id="one year alone"),
        pytest.param(week({"12-24..01-01": "closed"}), "2026-12-31", "10:00", False, id="over the new year, before"),
        pytest.param(week({"12-24..01-01": "closed"}), "2027-01-01", "10:00", False, id="over the new year, after"),
        pytest.param(week({"12-24..01-01": "closed"}), "2027-01-02", "10:00", True, id="over the new year, over"),
        pytest.param(week({"2026-11-09..2026-11-13": "closed", "2026-11-11": "09:00-12:00"}), "2026-11-11", "10:00",
                     True, id="a day beats a range"),
        pytest.param(week({"2026-01-26": "20:00-02:00"}), "2026-01-27", "01:00", True, id="past midnight"),
    ],
)  # fmt: skip
def test_it_knows_when_it_is_open(opening: Hours, day: str, clock: str, *, is_open: bool):
    assert opening.is_open(at(day, clock)) is is_open


def test_a_region_has_holidays_of_its_own():
    gujarat, kerala = SpecialDays(country="IN", region="GJ"), SpecialDays(country="IN", region="KL")
    uttarayan = date(2026, 1, 14)

    assert (gujarat.on(uttarayan), kerala.on(uttarayan)) == ((), None)


@pytest.mark.parametrize(
    ("opening", "local", "said"),
    [
        pytest.param(week(country="IN"), at("2026-01-25", "12:00"), "Tue at 09:00", id="after the holiday"),
        pytest.param(week({"2026-01-26..2026-02-07": "closed"}), at("2026-01-25", "12:00"), "Mon 9 at 09:00",
                     id="in more than a week, with the day of the month"),
        pytest.param(week({"01-01..12-31": "closed"}), at("2026-01-25", "12:00"), "later", id="never"),
    ],
)  # fmt: skip
def test_it_says_when_it_opens_next(catalogue: Catalogue, opening: Hours, local: datetime, said: str):
    assert opening.next(local, "en", catalogue) == said


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        pytest.param(week(country="IN"), "Mon–Sat 09:00–18:00; Sun closed; Mon 26 closed", id="a holiday"),
        pytest.param(week({"2026-01-24": "09:00-12:00"}), "Mon–Sat 09:00–18:00; Sun closed; Sat 24 09:00–12:00",
                     id="another time"),
        pytest.param(week({"2026-01-25": "closed"}), "Mon–Sat 09:00–18:00; Sun closed", id="closed anyway"),
        pytest.param(week({"2026-02-03": "closed"}), "Mon–Sat 09:00–18:00; Sun closed", id="in more than a week"),
    ],
)  # fmt: skip
def test_the_week_names_the_days_that_differ(catalogue: Catalogue, opening: Hours, said: str):
    assert opening.week("en", catalogue, date(2026, 1, 22)) == said


def test_a_business_reads_them(shop: Load):
    holidays = '[holidays]\ncountry = "IN"\nregion = "GJ"\nopen = "09:00-13:00"\ndays."12-25" = "closed"\n'
    business = shop(**{"business.toml": f"{BUSINESS}\n{holidays}"}).businesses["shop"]

    assert business.hours.on(REPUBLIC_DAY) == MORNING
    assert business.hours.on(date(2026, 12, 25)) == ()
    texts = dict(business.values("gu", at("2026-01-25", "12:00"), {}))
    assert texts["hours.week"].endswith("; સોમ 26 09:00–13:00")


@pytest.mark.parametrize(
    ("written", "key", "wrong", "right"),
    [
        pytest.param('holidays.country = "India"', "holidays.country", "cannot be read", "two letters", id="a name"),
        pytest.param('holidays = { country = "IN", region = "GU" }', "holidays.region", "cannot be read", "no region",
                     id="a region of another spelling"),
        pytest.param('holidays.days."2026-02-30" = "closed"', "holidays.days", "cannot be read", "no day", id="no day"),
        pytest.param('holidays.days."2026-12-24..12-26" = "closed"', "holidays.days", "cannot be read", "one year",
                     id="half a year"),
        pytest.param('holidays.days."2026-12-24..2026-12-20" = "closed"', "holidays.days", "cannot be read",
                     "backwards", id="backwards"),
        pytest.param('holidays.days."12-24" = "early"', "holidays.days", "cannot be read", '"closed"', id="no span"),
        pytest.param('holidays.open = "09:00-12:00"', "holidays.country", "is missing", '"IN"', id="no country"),
        pytest.param('quiet.reply = "21:00-08:00"', "quiet.reply", "not known", "transactional", id="quiet answers"),
        pytest.param('quiet.marketing = "00:00-24:00"', "quiet.marketing", "cannot be read", "never ends",
                     id="quiet for ever"),
        pytest.param('quiet.marketing = "at night"', "quiet.marketing", "cannot be read", "09:00-18:00",
                     id="quiet in words"),
    ],
)  # fmt: skip
def test_it_tells_what_is_wrong(faults_of: Faults, written: str, key: str, wrong: str, right: str):
    [fault] = faults_of({"business.toml": f"{written}\n{BUSINESS}"})

    assert fault.key == key
    assert wrong in fault.wrong
    assert right in fault.right


def test_holidays_without_hours_are_a_fault(faults_of: Faults):
    without = BUSINESS.replace('[hours]\nmon-fri = "09:00-18:00"', "")

    assert "holidays" in {fault.key for fault in faults_of({"business.toml": f'holidays.country = "IN"\n{without}'})}
