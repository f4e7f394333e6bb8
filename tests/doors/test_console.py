"""The console: behind a login that is slow to guess, and RQ's dashboard for looking only."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from bot.doors.console.throttle import FROM_ALL, FROM_ONE, WITHIN, Throttle
from bot.people import standing
from bot.runtime import Runtime
from bot.store.doorbell import Doorbell

PASSWORD = "a password of the tests"


@pytest.fixture
def environ(environ: dict[str, str], valkey: str) -> dict[str, str]:
    environ["LETHE_CONSOLE_PASSWORD_HASH"] = generate_password_hash(PASSWORD, method="scrypt:1024:8:1")
    environ["LETHE_REDIS_URL"] = valkey
    return environ


def _token(page: TestResponse) -> str:
    found = re.search('name="csrf" value="([^"]+)"', page.text)
    assert found
    return found[1]


def _log_in(client: FlaskClient, password: str = PASSWORD) -> TestResponse:
    token = _token(client.get("/console/login"))
    return client.post("/console/login", data={"csrf": token, "password": password})


@pytest.fixture
def inside(client: FlaskClient) -> FlaskClient:
    assert _log_in(client).headers["Location"] == "/console/"
    return client


PAGES = ["/console/", "/console/jobs/", "/console/jobs/0/view/workers", "/console/jobs/0/data/queues.json"]


@pytest.mark.parametrize("path", [*PAGES, "/console/jobs/static/css/main.css"])
def test_a_stranger_is_sent_to_the_login(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/console/login")


@pytest.mark.parametrize("path", PAGES)
def test_an_operator_sees_it(inside: FlaskClient, path: str) -> None:
    assert inside.get(path).status_code == 200


def test_a_wrong_password_lets_nobody_in(client: FlaskClient) -> None:
    assert _log_in(client, "another").status_code == 401
    assert client.get("/console/").status_code == 302


def test_there_is_no_console_without_a_password(environ: dict[str, str], request: pytest.FixtureRequest) -> None:
    del environ["LETHE_CONSOLE_PASSWORD_HASH"]
    client: FlaskClient = request.getfixturevalue("client")
    assert {client.get(path).status_code for path in [*PAGES, "/console/login"]} == {404}


def test_guessing_is_slow_from_one_address(client: FlaskClient) -> None:
    assert [_log_in(client, "another").status_code for _ in range(FROM_ONE + 1)] == [401] * FROM_ONE + [429]
    assert _log_in(client).status_code == 429


def test_guessing_is_slow_from_many_addresses_and_forgiven_in_time() -> None:
    moment = [0.0]
    throttle = Throttle(lambda: moment[0])
    for place in range(FROM_ALL):
        assert throttle.lets(f"192.0.2.{place}")
        throttle.note(f"192.0.2.{place}")
    assert not throttle.lets("198.51.100.1")
    moment[0] = WITHIN + 1
    assert throttle.lets("198.51.100.1")


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        pytest.param({}, {}, id="no token"),
        pytest.param({"csrf": "another"}, {}, id="another token"),
        pytest.param({"csrf": "own"}, {"Origin": "https://elsewhere.example"}, id="from elsewhere"),
        pytest.param({"csrf": "own"}, {"Origin": "null"}, id="from nowhere"),
    ],
)
@pytest.mark.parametrize("path", ["/console/logout", "/console/hand-back", "/console/login"])
def test_a_form_that_is_not_ours_changes_nothing(
    inside: FlaskClient, path: str, form: dict[str, str], headers: dict[str, str]
) -> None:
    own = _token(inside.get("/console/"))
    data = {name: own if value == "own" else value for name, value in form.items()}
    assert inside.post(path, data=data, headers=headers).status_code == 403
    assert inside.get("/console/").status_code == 200


def test_a_session_that_logged_out_is_over_also_for_a_copy_of_its_cookie(inside: FlaskClient) -> None:
    cookie = inside.get_cookie("lethe")
    assert cookie
    inside.post("/console/logout", data={"csrf": _token(inside.get("/console/"))})
    inside.set_cookie("lethe", cookie.value)
    assert inside.get("/console/").status_code == 302


def test_a_login_begins_a_new_session(client: FlaskClient) -> None:
    before = _token(client.get("/console/login"))
    _log_in(client)
    assert _token(client.get("/console/")) != before


@pytest.mark.parametrize(
    ("visits", "status"),
    [
        pytest.param([timedelta(minutes=14)] * 3, 200, id="at work"),
        pytest.param([timedelta(minutes=16)], 302, id="idle"),
        pytest.param([timedelta(minutes=14)] * 52, 302, id="after twelve hours"),
    ],
)
def test_a_session_ends_by_itself(client: FlaskClient, visits: list[timedelta], status: int) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-11-22T10:00:00+00:00"), tick=False) as moment:
        _log_in(client)
        for each in visits[:-1]:
            moment.shift(each)
            client.get("/console/")
        moment.shift(visits[-1])
        assert client.get("/console/").status_code == status


def test_a_new_password_ends_every_session(app: Flask, inside: FlaskClient) -> None:
    app.extensions["lethe_guard"].mark = "of another password"
    assert inside.get("/console/").status_code == 302


@pytest.mark.parametrize(
    ("public_url", "name", "secure"),
    [("https://bot.example.org", "__Host-lethe", True), ("http://127.0.0.1:8000", "lethe", False)],
)
def test_the_cookie_is_kept_from_others(
    environ: dict[str, str], request: pytest.FixtureRequest, public_url: str, name: str, *, secure: bool
) -> None:
    environ["LETHE_PUBLIC_URL"] = public_url
    client: FlaskClient = request.getfixturevalue("client")
    written = client.get("/console/login", base_url="https://bot.example.org").headers["Set-Cookie"]
    assert written.startswith(f"{name}=")
    assert ("Secure" in written) == secure
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(written.split("; "))
    assert "Domain" not in written


def test_the_key_of_the_cookies_is_made_once_for_us_alone(
    make: Callable[..., Runtime], environ: dict[str, str], request: pytest.FixtureRequest
) -> None:
    app: Flask = request.getfixturevalue("app")
    runtime = make(environ)
    path = runtime.settings.data_dir / "session.key"
    assert path.read_text("ascii") == app.secret_key
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("call", "status"),
    [
        ("GET /requeue/lethe", 405),
        ("POST /requeue/lethe", 405),
        ("POST /job/x/requeue", 405),
        ("POST /job/x/delete", 405),
        ("POST /queue/lethe/failed/empty", 405),
        ("POST /queue/lethe/compact", 405),
        ("GET /1/view/queues", 404),
        ("GET /0/view/job/nobodys", 404),
        ("GET /0/data/job/nobodys.json", 404),
    ],
)
def test_the_dashboard_is_for_looking_only(inside: FlaskClient, call: str, status: int) -> None:
    method, path = call.split()
    assert inside.open(f"/console/jobs{path}", method=method).status_code == status


def test_the_dashboard_shows_our_jobs_by_id(inside: FlaskClient, valkey: str) -> None:
    bell = Doorbell(valkey)
    assert bell.ring()
    jobs = inside.get("/console/jobs/0/data/jobs/lethe/queued/8/asc/1.json").json
    assert jobs is not None
    (job,) = jobs["jobs"]
    assert (job["description"], job["exc_info"]) == ("work", None)
    one = inside.get(f"/console/jobs/0/data/job/{job['id']}.json").json
    assert one is not None
    assert (one["status"], one["metadata"], one["result"]) == ("queued", "{}", None)
    assert inside.get(f"/console/jobs/0/view/job/{job['id']}").status_code == 200
    bell.close()


def test_the_dashboard_never_shows_where_redis_is(inside: FlaskClient, valkey: str) -> None:
    assert valkey not in inside.get("/console/jobs/0/view/queues").text


def test_an_operator_gives_a_conversation_back(inside: FlaskClient, runtime: Runtime) -> None:
    now = runtime.clock()
    with runtime.db.write() as session:
        id_ = standing.hand_over(session, "c1", "sunrise_bakery", until=now + timedelta(hours=1), now=now)
        session.commit()
    page = inside.get("/console/")
    assert id_ in page.text
    inside.post("/console/hand-back", data={"csrf": _token(page), "id": id_})
    with runtime.db.read() as session:
        assert not standing.handed_over(session, now=now)
