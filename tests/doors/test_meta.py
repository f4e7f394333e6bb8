"""Meta's callbacks: signed over the text as it stands, fresh, answered alike when they come again."""

import base64
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bot.doors.stand_ins import MovedClock
from bot.rights.requests import requests
from bot.runtime import Runtime

SECRET = "app-secret-of-the-tests"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signed(content: Any, *, secret: str = SECRET) -> str:
    written = _encoded(content if isinstance(content, bytes) else json.dumps(content).encode())
    return f"{_encoded(hmac.digest(secret.encode(), written.encode(), 'sha256'))}.{written}"


def _content(clock: MovedClock, **changes: Any) -> dict[str, Any]:
    issued = int(clock.now.timestamp())
    return {"algorithm": "HMAC-SHA256", "user_id": "218471", "issued_at": issued} | changes


def test_it_gives_a_code_whose_page_says_done(client: FlaskClient, runtime: Runtime, clock: MovedClock) -> None:
    told = client.post("/meta/data-deletion", data={"signed_request": _signed(_content(clock))}).json
    assert told is not None
    assert told["url"].endswith(f"/deletion-status?code={told['confirmation_code']}")
    assert told["confirmation_code"].isalnum()
    status = client.get("/" + told["url"].split("/", 3)[3], headers={"Accept": "application/json"}).json
    assert status is not None
    assert status["state"] == "done"
    with runtime.db.read() as session:
        row = session.execute(select(requests)).one()
    assert (row.channel, row.contact_id, row.step) == ("meta", None, "")


def test_the_same_request_has_the_same_code_and_one_entry(
    client: FlaskClient, runtime: Runtime, clock: MovedClock
) -> None:
    form = {"signed_request": _signed(_content(clock))}
    first, again = (client.post("/meta/data-deletion", data=form).json for _ in range(2))
    assert first == again
    with runtime.db.read() as session:
        assert len(session.execute(select(requests)).all()) == 1


def test_another_request_has_another_code(client: FlaskClient, clock: MovedClock) -> None:
    codes = set()
    for user_id in ("218471", "218472"):
        told = client.post("/meta/data-deletion", data={"signed_request": _signed(_content(clock, user_id=user_id))})
        codes.add(told.json["confirmation_code"] if told.json else "")
    assert len(codes) == 2


def test_deauthorisation_is_taken_note_of(client: FlaskClient, clock: MovedClock) -> None:
    assert client.post("/meta/deauthorize", data={"signed_request": _signed(_content(clock))}).status_code == 200


@pytest.mark.parametrize("path", ["/meta/data-deletion", "/meta/deauthorize"])
@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda clock: "", id="nothing"),
        pytest.param(lambda clock: ".", id="a dot"),
        pytest.param(lambda clock: _signed(_content(clock)).replace(".", ""), id="no dot"),
        pytest.param(lambda clock: _signed(_content(clock), secret="another"), id="another secret"),
        pytest.param(lambda clock: "A" + _signed(_content(clock))[1:], id="another signature"),
        pytest.param(lambda clock: _signed(_content(clock)) + "=", id="padded after signing"),
        pytest.param(lambda clock: _signed(_content(clock, algorithm="none")), id="another algorithm"),
        pytest.param(lambda clock: _signed(_content(clock, user_id=218471)), id="user id as a number"),
        pytest.param(lambda clock: _signed(_content(clock, user_id="")), id="no user id"),
        pytest.param(lambda clock: _signed(_content(clock, issued_at="now")), id="no time"),
        pytest.param(lambda clock: _signed(_content(clock, issued_at=True)), id="a truth for a time"),
        pytest.param(lambda clock: _signed(_content(clock, issued_at=10**30)), id="a time beyond all times"),
        pytest.param(lambda clock: _signed(_content(clock, issued_at=int(clock.now.timestamp()) - 7200)), id="stale"),
        pytest.param(lambda clock: _signed(_content(clock, issued_at=int(clock.now.timestamp()) + 900)), id="early"),
        pytest.param(lambda clock: _signed([1]), id="a list"),
        pytest.param(lambda clock: _signed(b"\xff{"), id="no JSON"),
        pytest.param(lambda clock: "é.ü", id="not ASCII"),
        pytest.param(lambda clock: "x" * 10_000, id="too long"),
    ],
)
def test_it_refuses(client: FlaskClient, clock: MovedClock, runtime: Runtime, path: str, broken: Any) -> None:
    answer = client.post(path, data={"signed_request": broken(clock)})
    assert (answer.status_code, answer.data) == (400, b"")
    with runtime.db.read() as session:
        assert not session.execute(select(requests)).all()


def test_it_believes_a_second_secret_during_a_rotation(environ: dict[str, str], request: pytest.FixtureRequest) -> None:
    environ["LETHE_APP_SECRET"] = f"new-secret,{SECRET}"
    client: FlaskClient = request.getfixturevalue("client")
    clock: MovedClock = request.getfixturevalue("clock")
    clock.move(timedelta(minutes=1))
    assert client.post("/meta/deauthorize", data={"signed_request": _signed(_content(clock))}).status_code == 200
