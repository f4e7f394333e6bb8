from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery.sending.outcome import JITTER, Refusal, consequence
from bot.wire.errors import policy

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def refused(code: int, *, attempt: int = 1, has_outside: bool = False, **more: float) -> dict[str, object]:
    rule = policy(code, 400, transient=False)
    return consequence(Refusal(policy=rule, code=code, attempt=attempt, has_outside=has_outside, **more), now=NOW)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        pytest.param(131000, "queued", id="a fault of Meta's is tried again"),
        pytest.param(131056, "queued", id="so is the pair rate"),
        pytest.param(130429, "queued", id="and the number's rate"),
        pytest.param(190, "queued", id="an expired token keeps the message"),
        pytest.param(131026, "failed", id="who is not on WhatsApp cannot be reached"),
        pytest.param(131050, "failed", id="who stopped marketing is not asked again"),
        pytest.param(131049, "failed", id="what Meta withholds is not pushed"),
        pytest.param(132001, "failed", id="a missing template stays missing"),
        pytest.param(131047, "blocked", id="the closed window is never retried blindly"),
    ],
)
def test_it_follows_the_table(code: int, state: str):
    assert refused(code)["state"] == state


def test_a_closed_window_turns_to_the_template():
    values = refused(131047, attempt=1, has_outside=True)

    assert values["state"] == "queued"
    assert values["body"] is None


def test_retries_end():
    tries = policy(131000, 500, transient=False).tries

    assert refused(131000, attempt=tries - 1)["state"] == "queued"
    assert refused(131000, attempt=tries)["state"] == "failed"


def test_the_pair_rate_waits_in_powers_of_four():
    waits = [refused(131056, attempt=attempt)["due_at"] - NOW for attempt in (1, 2, 3)]

    assert waits == [timedelta(seconds=1), timedelta(seconds=4), timedelta(seconds=16)]


def test_meta_may_ask_for_more_and_chance_spreads_it():
    assert refused(131000, retry_after=60.0)["due_at"] == NOW + timedelta(seconds=60)
    assert refused(131000, retry_after=60.0, spread=1.0)["due_at"] == NOW + timedelta(seconds=60 * (1 + JITTER))
