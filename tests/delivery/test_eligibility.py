from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.words import Purpose, Scope
from bot.delivery import window
from bot.delivery.eligibility import Facts, Reason, Refuse, Send, Wait, judge

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = NOW + HOUR

ANSWER = Facts(
    purpose=Purpose.REPLY, answer=True, expires_at=LATER, has_body=True, last_inbound_at=NOW - timedelta(minutes=1)
)
NEWS = Facts(
    purpose=Purpose.MARKETING,
    answer=False,
    expires_at=LATER,
    has_body=False,
    template="approved",
    consents=frozenset({Purpose.MARKETING}),
)
ORDER = replace(NEWS, purpose=Purpose.TRANSACTIONAL, consents=frozenset())
FOLLOW_UP = replace(ANSWER, answer=False, template="approved")
RIGHT = replace(ANSWER, purpose=Purpose.RIGHTS)
STOPPED = frozenset({Scope.ALL})
ERASED = frozenset({Scope.ERASED})
LONG_AGO = NOW - timedelta(hours=25)


@pytest.mark.laws
@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        pytest.param(ANSWER, Send("free"), id="an answer in the window goes as it is"),
        pytest.param(
            replace(ANSWER, last_inbound_at=LONG_AGO), Refuse(Reason.WINDOW_CLOSED), id="a day later it may not"
        ),
        pytest.param(
            replace(ANSWER, last_inbound_at=LONG_AGO, template="approved"), Send("template"), id="but its template may"
        ),
        pytest.param(
            replace(ANSWER, last_inbound_at=LONG_AGO, template=Reason.TEMPLATE_NOT_APPROVED),
            Refuse(Reason.TEMPLATE_NOT_APPROVED),
            id="a template that is not approved never goes",
        ),
        pytest.param(replace(ANSWER, template="approved"), Send("free"), id="in the window no template is needed"),
        pytest.param(replace(ORDER, last_inbound_at=NOW), Send("template"), id="a template may go in the window too"),
        pytest.param(replace(ANSWER, expires_at=NOW), Refuse(Reason.EXPIRED), id="what is stale expires"),
        pytest.param(replace(ANSWER, known=False), Refuse(Reason.ERASED), id="nothing goes to a contact that is gone"),
        pytest.param(replace(ANSWER, reachable=False), Refuse(Reason.NOT_REACHABLE), id="nobody to send to"),
        pytest.param(replace(ANSWER, opted_out=STOPPED), Send("free"), id="who stopped is still answered"),
        pytest.param(replace(FOLLOW_UP, opted_out=STOPPED), Refuse(Reason.OPTED_OUT), id="but gets no follow-up"),
        pytest.param(
            replace(ORDER, opted_out=STOPPED, last_inbound_at=LONG_AGO),
            Refuse(Reason.OPTED_OUT),
            id="nor news of an order",
        ),
        pytest.param(replace(ANSWER, opted_out=ERASED), Refuse(Reason.ERASED), id="the erased get no answers"),
        pytest.param(replace(RIGHT, opted_out=ERASED), Send("free"), id="only those to privacy words"),
        pytest.param(
            replace(NEWS, opted_out=frozenset({Scope.MARKETING})),
            Refuse(Reason.OPTED_OUT),
            id="no marketing after stop",
        ),
        pytest.param(
            replace(ORDER, opted_out=frozenset({Scope.MARKETING}), last_inbound_at=LONG_AGO),
            Send("template"),
            id="SJ6 stop marketing leaves the order's news",
        ),
        pytest.param(
            replace(NEWS, consents=frozenset()), Refuse(Reason.NO_CONSENT), id="SJ2 no marketing without opt-in"
        ),
        pytest.param(
            replace(NEWS, consents=frozenset(), last_inbound_at=NOW),
            Refuse(Reason.NO_CONSENT),
            id="having written is no opt-in",
        ),
        pytest.param(ORDER, Refuse(Reason.NO_CONSENT), id="AZ1 nothing begins without an event or an opt-in"),
        pytest.param(
            replace(ORDER, consents=frozenset({Purpose.TRANSACTIONAL})), Send("template"), id="an opt-in is enough"
        ),
        pytest.param(
            replace(ORDER, last_inbound_at=LONG_AGO), Send("template"), id="having written is enough for that"
        ),
        pytest.param(replace(ANSWER, restricted=True), Refuse(Reason.RESTRICTED), id="restricted data is not used"),
        pytest.param(replace(RIGHT, restricted=True), Send("free"), id="privacy words are answered all the same"),
        pytest.param(replace(ANSWER, held_until=LATER), Refuse(Reason.HELD), id="AL8 held data is not used"),
        pytest.param(replace(ANSWER, held_until=NOW), Send("free"), id="a hold ends by itself"),
        pytest.param(replace(RIGHT, held_until=LATER), Send("free"), id="a hold does not silence a privacy word"),
        pytest.param(replace(ANSWER, paused_until=LATER), Wait(LATER, Reason.PAUSED), id="a paused number waits"),
        pytest.param(replace(RIGHT, paused_until=LATER), Wait(LATER, Reason.PAUSED), id="for everything"),
        pytest.param(replace(RIGHT, pair_ready_at=LATER), Wait(LATER, Reason.PAIR_RATE), id="the pair rate is for all"),
        pytest.param(
            replace(ORDER, quiet_until=LATER, last_inbound_at=NOW),
            Wait(LATER, Reason.QUIET_HOURS),
            id="quiet hours wait",
        ),
        pytest.param(replace(RIGHT, quiet_until=LATER), Send("free"), id="not for privacy words"),
        pytest.param(replace(ANSWER, paused_until=NOW - HOUR), Send("free"), id="a pause that is over"),
        pytest.param(
            replace(ANSWER, paused_until=LATER, pair_ready_at=LATER + HOUR),
            Wait(LATER + HOUR, Reason.PAIR_RATE),
            id="the longest wait counts",
        ),
        pytest.param(replace(ANSWER, budget_left=False), Refuse(Reason.BUDGET), id="a spent budget"),
        pytest.param(replace(RIGHT, budget_left=False), Send("free"), id="does not stop privacy words"),
        pytest.param(
            replace(RIGHT, last_inbound_at=LONG_AGO), Refuse(Reason.WINDOW_CLOSED), id="rights never pass the window"
        ),
    ],
)
def test_it_judges(facts: Facts, verdict: object):
    assert judge(facts, now=NOW) == verdict


@pytest.mark.laws
@given(
    facts=st.builds(
        Facts,
        purpose=st.sampled_from(Purpose),
        answer=st.booleans(),
        expires_at=st.just(LATER),
        has_body=st.booleans(),
        known=st.booleans(),
        reachable=st.booleans(),
        last_inbound_at=st.none() | st.timedeltas(timedelta(), 3 * window.LENGTH).map(lambda ago: NOW - ago),
        opted_out=st.frozensets(st.sampled_from(Scope)),
        consents=st.frozensets(st.sampled_from([purpose.value for purpose in Purpose])),
        restricted=st.booleans(),
        held_until=st.none() | st.just(LATER),
        template=st.none() | st.just("approved") | st.just(Reason.TEMPLATE_MISSING),
    )
)
def test_no_free_text_leaves_outside_the_window_and_nothing_goes_against_a_persons_word(facts: Facts):
    verdict = judge(facts, now=NOW)
    if not isinstance(verdict, Send):
        return
    if verdict.kind == "free":
        assert facts.last_inbound_at is not None
        assert NOW - facts.last_inbound_at < window.LENGTH - window.MARGIN
    else:
        assert facts.template == "approved"
    assert facts.known
    if facts.purpose is not Purpose.RIGHTS:
        assert Scope.ERASED not in facts.opted_out
        assert facts.answer or Scope.ALL not in facts.opted_out
        assert not facts.restricted
    if facts.purpose is Purpose.MARKETING:
        assert Scope.MARKETING not in facts.opted_out
        assert Purpose.MARKETING in facts.consents


def test_the_window_closes_a_margin_early():
    wrote = NOW - window.LENGTH

    assert not window.is_open(wrote + window.MARGIN, now=NOW)
    assert window.is_open(wrote + window.MARGIN + timedelta(seconds=1), now=NOW)
    assert not window.is_open(None, now=NOW)
