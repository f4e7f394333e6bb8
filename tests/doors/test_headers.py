"""Every answer of every route carries the strict headers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash

from bot.app import create_app
from bot.doors.headers import ALWAYS
from bot.runtime import Runtime


def test_every_route_carries_the_strict_headers(environ: dict[str, str], request: pytest.FixtureRequest) -> None:
    environ["LETHE_CONSOLE_PASSWORD_HASH"] = generate_password_hash("password", method="scrypt:1024:8:1")
    app: Flask = request.getfixturevalue("app")
    client = app.test_client()
    paths = sorted({rule.rule.replace("<business_id>", "sunrise_bakery") for rule in app.url_map.iter_rules()})
    assert len(paths) > 20
    for path in [*paths, "/nothing/here"]:
        answer = client.get(path)
        assert answer.status_code < 500, path
        for name, value in ALWAYS.items():
            if name == "Cache-Control" and answer.headers[name].startswith(("public", "private")):
                continue
            if path.startswith("/console/jobs") and name == "Content-Security-Policy":
                assert "frame-ancestors 'none'" in answer.headers[name]
                continue
            assert answer.headers.get(name) == value, (path, name)


def test_it_asks_for_https_for_ever_where_it_is_reached_by_it(
    environ: dict[str, str], request: pytest.FixtureRequest
) -> None:
    environ["LETHE_PUBLIC_URL"] = "https://bot.example.org"
    client: FlaskClient = request.getfixturevalue("client")
    assert "max-age=31536000" in client.get("/healthz").headers["Strict-Transport-Security"]


def test_it_does_not_ask_for_https_on_this_machine(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers


def test_errors_are_no_exception(runtime: Runtime) -> None:
    app = create_app(runtime)
    app.add_url_rule("/broken", view_func=_broken)
    answer = app.test_client().get("/broken")
    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (500, "nosniff")


def _broken() -> str:
    raise ZeroDivisionError
