"""Logs: what may be told is told, and nothing of a person, whichever way it tries to get in (law 5)."""

import ast
import base64
import json
import logging
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import log

PHONE = "+919876543210"
TEXT = "my mother is ill"
WAMID = "wamid." + base64.b64encode(b"\x1d\x18\x0c919876543210\x15\x02").decode()
SENTENCE = f"Message sent to {PHONE}: {TEXT}"
LOG = log.get_logger("bot.test")

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """Give what was logged since, as it stands on stderr."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in log.QUIET}
    log.configure("INFO")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    root.handlers = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(capture=False)


def test_a_line_says_what_when_where_and_how_bad(lines: Lines) -> None:
    LOG.info("intake_refused", business="sunrise_bakery", reason="signature", count=3, seconds=0.123456789)

    (line,) = lines()
    at = line.pop("at")
    assert at.endswith("Z")
    assert line == {
        "event": "intake_refused",
        "level": "info",
        "logger": "bot.test",
        "business": "sunrise_bakery",
        "reason": "signature",
        "count": 3,
        "seconds": 0.123,
    }


def test_random_ids_and_nested_counts_pass(lines: Lines) -> None:
    LOG.info("answered", contact="mdBnzXIoTvFoU3sDLF3gqg", counts={"sent": 2, "failed": None}, lanes=[1, 2], state=True)

    (line,) = lines()
    assert line["contact"] == "mdBnzXIoTvFoU3sDLF3gqg"
    assert (line["counts"], line["lanes"], line["state"]) == ({"sent": 2, "failed": None}, [1, 2], True)


def test_a_field_that_is_not_on_the_list_is_dropped_and_counted(lines: Lines) -> None:
    LOG.info("answered", text=TEXT, name="Asha", ref="abc")

    (line,) = lines()
    assert (line["ref"], line["dropped"]) == ("abc", 2)
    assert TEXT not in str(line)
    assert "Asha" not in str(line)


@pytest.mark.laws
@pytest.mark.parametrize(
    "value",
    [
        PHONE,
        919876543210,
        9.19876543210e11,
        "98765 43210",
        "(+91) 98765-43210",
        "9.8.7.6.5.4.3.2.1.0",
        "९८७६५४३२१०",
        f"https://wa.me/{PHONE[1:]}",
        WAMID,
        WAMID.upper(),
        "asha@example.org",
        "IN.1A2B3C4D5E6F",
        PHONE.encode(),
        ["fine", PHONE],
        {"fine": {"to": PHONE}},
        {PHONE: 1},
        (PHONE,),
        ValueError(PHONE),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else None,
)
def test_what_points_to_a_person_is_replaced_under_any_name(lines: Lines, value: object) -> None:
    LOG.warning("answered", reason=value)

    (line,) = lines()
    assert log.REPLACED in str(line["reason"])
    assert not log.PERSONAL.search(str(line["reason"]))


def test_a_value_stays_one_short_line(lines: Lines) -> None:
    LOG.warning("answered", reason="a\r\nb\x1b[31m\u2028c" + "d" * 1000)

    (line,) = lines()
    assert line["reason"].startswith("a  b [31m c")
    assert len(line["reason"]) == log.LONGEST


def test_an_event_that_is_no_constant_is_replaced_too(lines: Lines) -> None:
    LOG.warning(SENTENCE)

    assert lines()[0]["event"] == log.REPLACED


def fail_in_our_code() -> None:
    try:
        json.loads(TEXT)
    except ValueError as error:
        raise RuntimeError(TEXT, PHONE) from error


@pytest.mark.laws
def test_an_exception_leaves_types_and_no_words(lines: Lines) -> None:
    try:
        fail_in_our_code()
    except RuntimeError:
        LOG.exception("turn_failed", ref="abc")

    (line,) = lines()
    assert (line["error"], line["cause"], line["level"]) == ("RuntimeError", ["JSONDecodeError"], "error")
    assert TEXT not in str(line)
    assert PHONE not in str(line)


def test_an_exception_leaves_the_lines_of_our_own_code_it_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "OURS", {"tests"})
    with pytest.raises(RuntimeError) as caught:
        fail_in_our_code()

    places = traceback.extract_tb(caught.value.__traceback__)
    assert log.reduced(caught.value)["where"] == [f"tests/test_log.py:{place.lineno}" for place in places]


def test_an_exception_whose_causes_go_in_a_circle_ends() -> None:
    one, two = ValueError(), KeyError()
    one.__context__, two.__context__ = two, one

    assert log.reduced(one)["cause"] == ["KeyError"]


@pytest.mark.laws
@pytest.mark.parametrize(
    "speak",
    [
        lambda: logging.getLogger("heyoo").warning("Message sent to %s: %s", PHONE, TEXT),
        lambda: logging.getLogger().error(SENTENCE),
        lambda: logging.getLogger("rq.worker").error("job %s", TEXT, extra={"arguments": PHONE}, stack_info=True),
        lambda: logging.getLogger("granian").error(SENTENCE),
        lambda: logging.getLogger("x").error({"text": TEXT}),
        lambda: warnings.warn(SENTENCE, stacklevel=1),
    ],
    ids=["arguments", "f-string", "extra", "plain line", "no string", "warning"],
)
def test_what_libraries_say_of_people_is_left_out(lines: Lines, speak: Callable[[], None]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        speak()

    (line,) = lines()
    assert line["event"] == "library"
    assert TEXT not in str(line)
    assert PHONE[1:] not in str(line)


def test_the_constant_part_of_what_libraries_say_is_kept(lines: Lines) -> None:
    logging.getLogger("rq.worker").warning("Worker %s: stopped", "abc")
    logging.getLogger("granian.main").warning("Shutting down")

    assert [(line["logger"], line["fault"]) for line in lines()] == [
        ("rq.worker", "Worker %s: stopped"),
        ("granian.main", "Shutting down"),
    ]


def test_a_librarys_exception_is_reduced_too(lines: Lines) -> None:
    try:
        fail_in_our_code()
    except RuntimeError:
        logging.getLogger("rq.worker").exception("job failed with %s", PHONE)

    (line,) = lines()
    assert line["error"] == "RuntimeError"
    assert TEXT not in str(line)
    assert PHONE not in str(line)


def test_a_line_that_cannot_be_written_is_told_without_its_words(lines: Lines) -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, {TEXT: PHONE}, (), None)
    record.exc_info = (ValueError, TEXT, None)  # type: ignore[assignment]  # no exception

    logging.getLogger().handlers[0].handle(record)

    assert lines() == [{"event": "log_failed"}]


def test_half_a_character_is_no_fault(lines: Lines) -> None:
    LOG.warning("answered", reason="a\ud83d")

    assert lines()[0]["reason"] == "a?"


def test_chatter_of_libraries_is_left_out_and_our_own_level_holds(lines: Lines) -> None:
    logging.getLogger("rq.worker").info("Worker %s: Job OK", "abc")
    LOG.debug("looked")
    LOG.info("answered")

    assert [line["event"] for line in lines()] == ["answered"]


def test_redaction_holds_even_before_it_was_configured() -> None:
    program = f"from bot.log import get_logger; get_logger('x').error('e', reason={PHONE!r}, text={TEXT!r})"

    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert log.REPLACED in run.stderr
    assert TEXT not in run.stdout + run.stderr


def logged_fields(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = node.func.value
            if isinstance(of, ast.Name) and of.id == "LOG":
                yield from (keyword.arg for keyword in node.keywords if keyword.arg)


def test_no_line_of_ours_names_a_field_that_would_be_dropped() -> None:
    sources = [*log.ROOT.glob("bot/**/*.py"), log.ROOT / "worker.py", log.ROOT / "wsgi.py"]
    used = {(path.name, field) for path in sources if path.exists() for field in logged_fields(path)}

    assert used
    assert {(name, field) for name, field in used if field not in log.FIELDS | {"exc_info"}} == set()
