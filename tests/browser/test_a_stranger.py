"""What somebody sees who runs `lethe demo`, plays on its chat page, looks at every page, and presses Ctrl-C."""

import re

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.demo import Demo
from tests.browser.phone import Phone, hook
from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_it_answers_writes_only_when_it_may_and_forgets(demo: Demo, window: Window) -> None:
    window.open(demo.chat)
    phone = Phone(window)
    greeted(phone)
    followed_up(phone)
    status = erased(phone)
    answered_in_gujarati(phone)
    # The inspector asks once more about the message that it shows, and learns that nothing is held about it.
    assert [each for each in window.complaints() if "/demo/message/" not in each] == []

    done(window, *status)
    noticed(window, demo.notice)
    operated(window, demo)

    assert (bool(demo.processes()), len(demo.listens())) == (True, 2)
    assert demo.press_ctrl_c() == 0
    assert (demo.processes(), demo.listens(), list(demo.temporary.iterdir())) == ([], [], [])


def greeted(phone: Phone) -> None:
    """See the greeting, and what a choice leads to."""
    phone.window.one("#welcome")
    phone.window.picture("welcome")
    phone.say("hi")
    answer = phone.answer("Welcome to Sunrise Bakery!")
    assert phone.choices(answer) == ["Order a cake", "Opening hours", "Where we are"]
    phone.choose(answer, "Opening hours")
    phone.answer("Mon–Sat 07:30–20:00")
    assert phone.window.text(hook("window-pill")).startswith("open")
    phone.window.picture("hours")


def followed_up(phone: Phone) -> None:
    """See a question followed up by the template, for the window has closed, and why it went."""
    phone.say("cake")
    phone.answer("We bake to order")
    phone.held({"contacts": 1, "inbound_events": 3, "outbox_messages": 4}, picture="held")
    phone.let_a_day_pass()
    bubble = phone.answer("You asked us about a cake.")
    assert bubble.text.startswith("Template\n")
    assert phone.window.text(hook("window-pill")).startswith("closed")
    phone.window.picture("follow-up")
    told = phone.why(bubble)
    expected = {"rule": "rule.cake", "language": "English", "verdict": "send", "store": "keep", "kind": "template"}
    assert expected.items() <= told.items()
    assert "utility" in told["price"]


def erased(phone: Phone) -> tuple[str, str]:
    """See everything gone, and return the code and the address of its page."""
    phone.say("DELETE MY DATA")
    answer = phone.answer("Your data is deleted.")
    code, address = phone.status_page(answer)
    assert code in answer.text
    phone.window.picture("erased")
    phone.held({}, picture="held-nothing")
    return code, address


def answered_in_gujarati(phone: Phone) -> None:
    """See somebody without a number answered in her language."""
    phone.play("meera")
    phone.say("નમસ્તે")
    answer = phone.answer("સ્વાગત છે")
    assert phone.choices(answer) == ["કેક મંગાવવી", "ખુલવાનો સમય", "સરનામું"]
    phone.window.picture("meera")


def done(window: Window, code: str, address: str) -> None:
    window.open(address)
    assert window.text(".state.done") == "done"
    assert window.text(".code") == code
    window.picture("status")


def noticed(window: Window, address: str) -> None:
    window.open(address)
    assert "Sunrise Bakery" in window.text("h1")
    window.picture("notice")


def operated(window: Window, demo: Demo) -> None:
    """See the console let in whoever knows the password, and tell of the work."""
    window.open(demo.console)
    window.picture("login")
    window.one("#password").send_keys("a wrong one", Keys.ENTER)
    window.one("[role=alert]")
    window.one("#password").send_keys(demo.password, Keys.ENTER)
    window.arrive(demo.console)
    assert window.text("h1") == "Overview"
    register = window.text("main")
    assert re.search(r"erasure .*\bdone\b", register)
    window.picture("console")
    window.open(f"{demo.console}jobs/")
    window.until(lambda: "lethe" in window.text("tbody"), "the queue in RQ's own pages")
    window.picture("jobs")
    window.open(f"{demo.console}jobs/0/view/workers")
    window.until(lambda: "lethe" in window.text("tbody"), "the worker in RQ's own pages")
    window.picture("workers")
