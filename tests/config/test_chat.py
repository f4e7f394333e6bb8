"""Scripted conversations: each line is a step, and what is none is told with its line."""

from datetime import timedelta

import pytest

from bot.config import chat
from bot.config.chat import Expects, Match, Moves, Refused, Says, Sends, Spoke, Taps
from bot.config.content import ConfigError
from bot.config.content.loader import SHIPPED
from bot.conversation.events import Kind

SCRIPT = r"""
# a comment
> Asha: hi: there\nagain
< Welcome to Sunrise!
<~ Welcome
< [template order_update]
< nothing
> Asha taps Opening hours
> Old Meera sends image: my cake
> Meera sends location
@ +25h
! rule.hours
! refused window_closed
"""


def test_it_reads_every_kind_of_line():
    assert chat.parse(SCRIPT, "x.chat") == (
        Says(line=3, person="Asha", text="hi: there\nagain"),
        Expects(line=4, match=Match.WHOLE, text="Welcome to Sunrise!"),
        Expects(line=5, match=Match.PART, text="Welcome"),
        Expects(line=6, match=Match.TEMPLATE, text="order_update"),
        Expects(line=7, match=Match.NOTHING),
        Taps(line=8, person="Asha", title="Opening hours"),
        Sends(line=9, person="Old Meera", kind=Kind.IMAGE, text="my cake"),
        Sends(line=10, person="Meera", kind=Kind.LOCATION),
        Moves(line=11, by=timedelta(hours=25)),
        Spoke(line=12, rule="rule.hours"),
        Refused(line=13, reason="window_closed"),
    )


@pytest.mark.parametrize(
    ("line", "right"),
    [
        pytest.param("Asha: hi", "begin with >", id="no sign"),
        pytest.param("> hi", "write > Asha: hi", id="nobody speaks"),
        pytest.param("> Asha sends money", "a person can send", id="nothing to send"),
        pytest.param("<", "write what the bot answers", id="an empty answer"),
        pytest.param("<~", "write what the bot answers", id="an empty part"),
        pytest.param("@ -1h", "only goes on", id="back in time"),
        pytest.param("@ +soon", "length of time", id="a length in words"),
        pytest.param("! rule.hours spoke", "begin with >", id="words behind a rule"),
    ],
)
def test_it_names_the_line_that_is_no_step(line: str, right: str):
    with pytest.raises(ConfigError) as error:
        chat.parse(f"> Asha: hi\n{line}\n", "x.chat")
    [fault] = error.value.faults
    assert (fault.file, fault.key) == ("x.chat", "line 2")
    assert right in fault.right


def test_it_wants_a_person_before_an_answer():
    with pytest.raises(ConfigError, match="nobody has written yet"):
        chat.parse("< Hello\n> Asha: hi", "x.chat")


def test_it_reads_the_scripts_of_the_example():
    for path in sorted((SHIPPED.parent / "sunrise_bakery").glob("*.chat")):
        assert chat.read(path)
