"""`lethe doctor`: nothing to say about a good deployment; each thing that went bad is named, with its remedy."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result
from flask import Flask

from bot.doors.cli import main
from bot.doors.going_live import clock, templates
from bot.doors.going_live.outcome import Failed, Ok, Outcome
from simulator.server import Simulator
from tests.support import at_meta
from tests.support.at_meta import APP_ID
from tests.support.deployment import NUMBER_ID

Doctor = Callable[..., Result]


@pytest.fixture
def web(app: Flask) -> Iterator[str]:
    """Give our web process."""
    with at_meta.served(app) as url:
        yield url


@pytest.fixture
def meta(web: str, environ: dict[str, str]) -> Iterator[Simulator]:
    """Give Meta with everything set up."""
    with at_meta.meta(web, environ) as simulator:
        yield simulator


@pytest.fixture
def doctor(
    meta: Simulator, web: str, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Doctor:
    """Run the command over a deployment that was connected."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    own = {"LETHE_GRAPH_URL": f"{meta.url}/v26.0", "LETHE_PUBLIC_URL": web, "LETHE_APP_ID": APP_ID}
    for name, value in {**environ, **own}.items():
        monkeypatch.setenv(name, value)
    return lambda *more: CliRunner().invoke(main, ["doctor", *more])


def test_a_good_deployment_has_no_fault(doctor: Doctor, environ: dict[str, str]) -> None:
    told = doctor()
    assert told.exit_code == 0, told.output
    assert "No fault found." in told.output
    assert "\nfault" not in told.output
    assert all(environ[name] not in told.output for name in ("LETHE_APP_SECRET", "LETHE_ACCESS_TOKEN"))


def test_it_tells_programs_every_check(doctor: Doctor) -> None:
    told = json.loads(doctor("--json").stdout)
    assert told["good"] is True
    assert {each["check"].partition(" ")[0] for each in told["checks"]} == {
        "token", "app", "webhook", "signature", "app's", "account", "number", "data", "templates", "clock",
    }  # fmt: skip
    assert all(each["good"] and each["remedy"] is None and each["what"] for each in told["checks"])


def test_it_changes_nothing_at_meta(doctor: Doctor, meta: Simulator) -> None:
    doctor()
    log = requests.get(f"{meta.url}/sim/log", timeout=10).json()["entries"]
    assert log
    assert {each["method"] for each in log} == {"GET"}


def test_it_shows_where_messages_rest(doctor: Doctor, meta: Simulator) -> None:
    assert "Meta chooses where messages rest" in doctor().output
    meta.state.app.regions[NUMBER_ID] = "IN"
    assert "at rest in IN" in doctor().output


def hook(**facts: Any) -> Callable[[Simulator, pytest.MonkeyPatch], None]:
    return lambda meta, _patch: at_meta.says(meta, **facts)


def number(**facts: Any) -> Callable[[Simulator, pytest.MonkeyPatch], None]:
    return hook(numbers={NUMBER_ID: facts})


def environment(name: str, value: str) -> Callable[[Simulator, pytest.MonkeyPatch], None]:
    return lambda _meta, patch: patch.setenv(name, value)


def clock_moves(seconds: int) -> Callable[[Simulator, pytest.MonkeyPatch], None]:
    return lambda meta, _patch: meta.state.clock.advance(seconds)


def template(status: str) -> Callable[[Simulator, pytest.MonkeyPatch], None]:
    def change(meta: Simulator, _patch: pytest.MonkeyPatch) -> None:
        for each in meta.state.templates:
            if each.name == "order_update":
                each.status = status

    return change


def unsubscribed(meta: Simulator, _patch: pytest.MonkeyPatch) -> None:
    meta.state.subscribed.clear()


BLOCKED = {
    "can_send_message": "BLOCKED",
    "entities": [
        {
            "entity_type": "WABA",
            "errors": [{"error_description": "No payment method", "possible_solution": "Add one"}],
        }
    ],
}
URL = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("bad", "check", "said"),
    [
        pytest.param(environment("LETHE_ACCESS_TOKEN", "old"), "token", "Generate new token", id="token revoked"),
        pytest.param(hook(token={"expires_at": 1_600_000_000}), "token", "expired on 2020-09-13", id="token expired"),
        pytest.param(hook(token={"scopes": []}), "token", "lacks", id="no permission"),
        pytest.param(environment("LETHE_APP_SECRET", "another"), "app", "App settings, Basic", id="secret changed"),
        pytest.param(environment("LETHE_PUBLIC_URL", URL), "webhook", "lethe run", id="nobody there"),
        pytest.param(environment("LETHE_VERIFY_TOKEN", "x"), "webhook", "start it again", id="verify token"),
        pytest.param(environment("LETHE_APP_SECRET", "another"), "signature", "start it again", id="secret of the bot"),
        pytest.param(hook(webhook=None), "app's webhook", "no webhook", id="no webhook"),
        pytest.param(hook(webhook={"url": "https://a.example/"}), "app's webhook", "a.example", id="another webhook"),
        pytest.param(number(status="BANNED"), "number", "appeal", id="banned"),
        pytest.param(number(health_status=BLOCKED), "number", "No payment method", id="blocked"),
        pytest.param(unsubscribed, "account", "does not hear", id="not subscribed"),
        pytest.param(template("PAUSED"), "templates", "not approved", id="template paused"),
        pytest.param(environment("LETHE_PHONE_NUMBER_ID", "1"), "number", "not in account", id="number elsewhere"),
        pytest.param(clock_moves(3600), "clock", "NTP", id="clock"),
    ],
)
def test_what_went_bad_is_named_with_its_remedy(
    doctor: Doctor,
    meta: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    *,
    bad: Callable[[Simulator, pytest.MonkeyPatch], None],
    check: str,
    said: str,
) -> None:
    bad(meta, monkeypatch)
    told = doctor("--json")
    assert told.exit_code == 1, told.output
    faults = [each for each in json.loads(told.stdout)["checks"] if not each["good"]]
    found = [each for each in faults if each["check"].startswith(check)]
    assert found, faults
    assert said in f"{found[0]['what']}: {found[0]['remedy']}"
    assert all(each["remedy"] for each in faults)


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        pytest.param(hook(token={"type": "USER", "expires_at": 4_000_000_000}), "temporary token", id="temporary"),
        pytest.param(hook(token={"expires_at": 4_000_000_000}), "ends some day", id="ends"),
        pytest.param(
            hook(token={"scopes": ["whatsapp_business_management", "whatsapp_business_messaging", "ads_management"]}),
            "more than is needed: ads_management",
            id="needless power",
        ),
        pytest.param(number(quality_rating="RED"), "is RED", id="quality"),
        pytest.param(number(is_on_biz_app=True), "in the phone app too", id="phone app"),
        pytest.param(number(name_status="DECLINED"), "display name was declined", id="name"),
        pytest.param(
            number(health_status=BLOCKED | {"can_send_message": "LIMITED"}), "is limited: No payment", id="limited"
        ),
        pytest.param(clock_moves(30), "s off", id="clock"),
    ],
)
def test_what_should_not_stay_so_is_a_warning(
    doctor: Doctor,
    meta: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    *,
    odd: Callable[[Simulator, pytest.MonkeyPatch], None],
    said: str,
) -> None:
    odd(meta, monkeypatch)
    told = doctor("--json")
    assert told.exit_code == 0, told.output
    warnings = [warned for each in json.loads(told.stdout)["checks"] for warned in each["warnings"]]
    assert any(said in each["what"] and each["remedy"] for each in warnings), warnings


def test_fields_that_nobody_processes_are_warned_of(doctor: Doctor, meta: Simulator, web: str) -> None:
    fields = ["messages", "user_preferences", "user_id_update", "message_template_status_update", "history"]
    at_meta.says(meta, webhook={"url": f"{web}/webhook", "fields": fields})
    told = doctor()
    assert told.exit_code == 0
    assert "what we do not process: history" in told.output
    at_meta.says(meta, webhook={"url": f"{web}/webhook", "fields": ["history"]})
    told = doctor()
    assert told.exit_code == 1
    assert "is not told of message_template_status_update, messages" in told.output


def test_a_meta_that_does_not_answer_is_told_once_a_check(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LETHE_GRAPH_URL", "http://127.0.0.1:9/v26.0")
    told = doctor()
    assert told.exit_code == 1
    assert "Meta could not be reached" in told.output
    assert "Traceback" not in told.output
    assert "ok     webhook" in told.output


def test_no_address_is_a_fault_of_its_own(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LETHE_PUBLIC_URL")
    told = doctor()
    assert told.exit_code == 1
    assert "LETHE_PUBLIC_URL is not set" in told.output


def test_the_apps_id_is_found_by_the_token(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LETHE_APP_ID")
    assert doctor().exit_code == 0


def test_during_a_rotation_one_good_secret_is_enough(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LETHE_APP_SECRET", "the-next-one,app-secret-of-the-tests")
    assert doctor().exit_code == 0


NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "kind", "warned"),
    [(0, Ok, 0), (-9, Ok, 0), (11, Ok, 1), (-60, Ok, 1), (61, Failed, 0), (-61, Failed, 0)],
)
def test_clocks_may_differ_a_little(seconds: int, kind: type[Outcome], warned: int) -> None:
    found = clock.check(NOW + timedelta(seconds=seconds), NOW)
    assert isinstance(found, kind)
    assert len(getattr(found, "warnings", ())) == warned


def test_a_clock_that_is_not_told_is_no_fault() -> None:
    assert isinstance(clock.check(NOW, None), Ok)


GOOD = {"name": "a", "language": "en", "status": "APPROVED"}


@pytest.mark.parametrize(
    ("found", "kind", "said"),
    [
        pytest.param([], Failed, "no template a", id="absent"),
        pytest.param([GOOD | {"status": "REJECTED"}], Failed, "not approved in any language: a", id="rejected"),
        pytest.param([GOOD, GOOD | {"language": "gu", "status": "PENDING"}], Ok, "(gu) is PENDING", id="one language"),
        pytest.param([GOOD | {"quality_score": {"score": "RED"}}], Ok, "quality RED", id="quality"),
        pytest.param([GOOD | {"correct_category": "MARKETING"}], Ok, "will become MARKETING", id="category"),
        pytest.param([GOOD], Ok, "1 templates, 1 of them in use", id="good"),
    ],
)
def test_templates_are_judged_by_name(found: list[dict[str, Any]], kind: type[Outcome], said: str) -> None:
    judged = templates.check(found, ["a"])
    assert isinstance(judged, kind)
    assert said in str(judged)
