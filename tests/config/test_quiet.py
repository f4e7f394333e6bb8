"""Quiet hours: until when, by the clock on the wall of the business."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.config.content.quiet import Quiet
from bot.config.content.reading import nights
from tests.config.conftest import BUSINESS, Load

INDIA, BERLIN = ZoneInfo("Asia/Kolkata"), ZoneInfo("Europe/Berlin")
NIGHT = {"marketing": nights("21:00-08:00")}
TWICE = {"marketing": nights(["13:00-15:00", "21:00-08:00"])}


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        pytest.param(Quiet(INDIA, NIGHT), "2026-03-02T20:59+05:30", None, id="before"),
        pytest.param(Quiet(INDIA, NIGHT), "2026-03-02T21:00+05:30", "2026-03-03T08:00+05:30", id="as it begins"),
        pytest.param(Quiet(INDIA, NIGHT), "2026-03-03T07:59+05:30", "2026-03-03T08:00+05:30", id="past midnight"),
        pytest.param(Quiet(INDIA, NIGHT), "2026-03-03T08:00+05:30", None, id="as it ends"),
        pytest.param(Quiet(INDIA, TWICE), "2026-03-03T14:00+05:30", "2026-03-03T15:00+05:30", id="at noon"),
        pytest.param(Quiet(INDIA, {}), "2026-03-03T03:00+05:30", None, id="none at all"),
        pytest.param(Quiet(BERLIN, NIGHT), "2026-03-28T23:00+01:00", "2026-03-29T08:00+02:00", id="summer time begins"),
        pytest.param(Quiet(BERLIN, NIGHT), "2026-10-24T23:00+02:00", "2026-10-25T08:00+01:00", id="summer time ends"),
    ],
)
def test_it_lasts_until_it_ends(quiet: Quiet, now: str, until: str | None):
    assert quiet.until("marketing", utc(now)) == (until and utc(until))


def test_it_is_quiet_for_its_purpose_alone(shop: Load):
    night = f'quiet.marketing = "21:00-08:00"\n{BUSINESS}'
    quiet = shop(**{"business.toml": night}).businesses["shop"].quiet
    now = utc("2026-03-02T22:00+05:30")

    assert [quiet.until(purpose, now) is None for purpose in ("marketing", "transactional", "reply")] == [
        False,
        True,
        True,
    ]
