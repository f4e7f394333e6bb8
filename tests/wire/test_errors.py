"""What each code of Meta's leads to."""

import pickle

import pytest

from bot.wire.errors import Action, Outcome, SendError, policy, sentence

R, PAIR, SLOW = Action.RETRY, Action.RETRY_PAIR, Action.SLOW_NUMBER
DROP, GONE, TEMPLATE = Action.DROP, Action.UNDELIVERABLE, Action.NEEDS_TEMPLATE
OUT, DAY = Action.OPTED_OUT, Action.NOT_BEFORE_A_DAY
PAUSE_TEMPLATE, PAUSE = Action.PAUSE_TEMPLATE, Action.PAUSE_NUMBER

TABLE: list[tuple[Action, bool, list[int]]] = [
    (R, False, [2, 4, 613, 138013, 80007, 131016, 131057, 131059, 132069, 133004, 134101, 2494100]),
    (R, True, [1, 131000]),
    (PAIR, False, [131056]),
    (SLOW, False, [130429]),
    (DROP, False, [100, 130472, 131008, 131009, 131020, 131021, 131041, 131201, 131208, 131215, 131051]),
    (DROP, False, [131052, 131055, 131060, 132005, 132008, 134100, 138000, 138999, 139100, 139103]),
    (DROP, True, [131030, 131053, 131063, 132000, 132012, 132018, 134102, 134103, 135000, 137000]),
    (DROP, True, [147001, 147005, 2388019, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299]),
    (DROP, True, [2494164, 2494179]),
    (GONE, False, [131026, 131062]),
    (GONE, True, [130497]),
    (TEMPLATE, False, [131047]),
    (OUT, False, [131050]),
    (DAY, False, [131049]),
    (PAUSE_TEMPLATE, False, [132015]),
    (PAUSE_TEMPLATE, True, [132001, 132007, 132016, 132068]),
    (PAUSE, True, [0, 3, 10, 33, 190, 200, 250, 299, 368, 131005, 131031, 131037, 131042, 131044, 131045]),
    (PAUSE, True, [131048, 131064, 133000, 133005, 133006, 133008, 133009, 133010, 133015, 133016, 134011]),
]


@pytest.mark.parametrize(
    ("code", "action", "alert"),
    [pytest.param(code, action, alert, id=str(code)) for action, alert, codes in TABLE for code in codes],
)
def test_it_knows_what_a_code_asks_for(*, code: int, action: Action, alert: bool) -> None:
    # The HTTP status says nothing where the code is known: Meta's own pages disagree about it.
    found = policy(code, 400, transient=False)
    assert (found.action, found.alert) == (action, alert)
    assert sentence(code).endswith(".")
    assert sentence(code) != sentence(-1)


@pytest.mark.parametrize(
    ("code", "http_status", "transient", "action", "alert"),
    [
        pytest.param(999999, 500, False, R, False, id="a server fault"),
        pytest.param(999999, 400, True, R, False, id="Meta calls it transient"),
        pytest.param(999999, 400, False, DROP, True, id="anything else is told to the operator"),
        pytest.param(300, 403, False, DROP, True, id="just outside of the permissions"),
        pytest.param(None, 502, False, R, False, id="an edge without a Graph error"),
        pytest.param(None, None, False, R, False, id="no answer at all"),
        pytest.param(None, 401, False, PAUSE, True, id="a token that an edge refuses"),
        pytest.param(None, 403, False, PAUSE, True, id="a permission that an edge refuses"),
        pytest.param(None, 429, False, SLOW, False, id="too fast for an edge"),
        pytest.param(999999, 429, False, SLOW, False, id="too fast, by a code nobody knows"),
        pytest.param(None, 404, False, DROP, True, id="a page that is not there"),
        pytest.param(None, 302, False, DROP, True, id="sent elsewhere"),
    ],
)
def test_it_judges_what_it_does_not_know_by_its_looks(
    *, code: int | None, http_status: int | None, transient: bool, action: Action, alert: bool
) -> None:
    found = policy(code, http_status, transient=transient)
    assert (found.action, found.alert) == (action, alert)


def test_it_waits_four_to_the_power_of_n_for_a_pair() -> None:
    assert [policy(131056, 400).wait(attempt) for attempt in range(1, 8)] == [1, 4, 16, 64, 256, 1024, 1024]


def test_it_never_waits_longer_than_the_cap() -> None:
    assert policy(2, 503).wait(10_000) == policy(2, 503).cap


def test_it_leaves_a_withheld_message_alone_for_a_day() -> None:
    held = policy(131049, 400)
    assert (held.wait(1), held.tries) == (86_400, 1)


def test_it_tells_operators_that_a_code_is_not_listed() -> None:
    assert sentence(None) == sentence(424242) == "An error that is not in the table."


def test_an_error_says_its_code_and_outcome_alone() -> None:
    error = SendError(Outcome.REFUSED, 131056, 400, 3.0)
    assert str(error) == "131056 refused"
    assert str(SendError(Outcome.NOT_SENT)) == "no code not_sent"
    assert error.policy.action is PAIR


def test_an_error_survives_another_process() -> None:
    error = pickle.loads(pickle.dumps(SendError(Outcome.UNKNOWN, None, 502, 7.0, True)))  # noqa: FBT003
    assert (error.outcome, error.http_status, error.retry_after, error.transient) == ("unknown", 502, 7.0, True)
