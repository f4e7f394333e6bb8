"""The API for a business's own systems: staged, never sent; each business for itself; bad input told by field."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bot.conversation.words import Scope
from bot.delivery.outbox import outbox
from bot.people import contacts
from bot.people.consent import entries
from bot.people.identity import known_by
from bot.rights import opt_outs
from bot.runtime import Runtime
from bot.wire.payload import Identity
from tests.support.deployment import NUMBER_ID, PHONE

TOKEN = {"Authorization": "Bearer api-token-of-the-tests"}
SEND: Mapping[str, Any] = {
    "to": f"+{PHONE}",
    "template": "order_update",
    "parameters": {"order": "48213"},
    "purpose": "transactional",
}
CONSENT: Mapping[str, Any] = {
    "to": f"+{PHONE}",
    "purpose": "marketing",
    "granted": True,
    "source": "checkout",
    "wording": "offers-2026",
    "at": "2026-11-21T09:00:00+05:30",
    "proof": "order 48213",
}


def _rows(runtime: Runtime) -> list[Any]:
    with runtime.db.read() as session:
        return list(session.execute(select(outbox)).all())


def test_it_stages_a_message_and_tells_how_it_fares(client: FlaskClient, runtime: Runtime) -> None:
    asked = client.post("/api/sends", json=SEND, headers=TOKEN)
    assert asked.status_code == 202
    assert asked.json is not None
    assert asked.json["state"] == "queued"
    told = client.get(f"/api/sends/{asked.json['id']}", headers=TOKEN).json
    assert told is not None
    assert (told["state"], told["reason"], told["sent_at"]) == ("queued", "", None)
    (row,) = _rows(runtime)
    assert (row.ref, row.number_id, row.purpose, row.template, row.source) == (
        asked.json["id"], NUMBER_ID, "transactional", "order_update", "api",
    )  # fmt: skip
    assert PHONE.encode() not in row.outside


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"number": "main"}, id="by the name of the number"),
        pytest.param({"number": NUMBER_ID}, id="by the id of the number"),
        pytest.param({"to": None, "user_id": "IN.1234abcd"}, id="to a user id"),
        pytest.param({"language": "gu"}, id="in a language"),
        pytest.param({"to": "+91 98765 43210"}, id="number with spaces"),
    ],
)
def test_it_takes(client: FlaskClient, changes: dict[str, Any]) -> None:
    body = {name: value for name, value in {**SEND, **changes}.items() if value is not None}
    assert client.post("/api/sends", json=body, headers=TOKEN).status_code == 202


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"to": "98765"}, "to", id="number without its country"),
        pytest.param({"to": "+1"}, "to", id="number too short"),
        pytest.param({"to": 919876543210}, "to", id="number as a number"),
        pytest.param({"user_id": "IN.1"}, "to", id="two recipients"),
        pytest.param({"to": None}, "to", id="no recipient"),
        pytest.param({"to": None, "user_id": "nobody"}, "user_id", id="no user id"),
        pytest.param({"template": "Order Update"}, "template", id="no name of a template"),
        pytest.param({"template": None}, "template", id="no template"),
        pytest.param({"parameters": ["48213"]}, "parameters", id="parameters in a list"),
        pytest.param({"parameters": {"order": 48213}}, "parameters.order", id="parameter as a number"),
        pytest.param({"purpose": "rights"}, "to", id="purpose that is ours"),
        pytest.param({"purpose": "greeting"}, "purpose", id="no purpose"),
        pytest.param({"language": "gujarati"}, "language", id="no language code"),
        pytest.param({"number": "second"}, "number", id="number of nobody"),
        pytest.param({"text": "hello"}, "text", id="free text"),
    ],
)
def test_it_names_the_field_that_is_wrong_and_stores_nothing(
    client: FlaskClient, runtime: Runtime, changes: dict[str, Any], field: str
) -> None:
    body = {name: value for name, value in {**SEND, **changes}.items() if value is not None}
    answer = client.post("/api/sends", json=body, headers=TOKEN)
    assert answer.status_code == 422
    assert answer.json is not None
    assert field in answer.json["fields"]
    assert "98765" not in answer.text
    assert not _rows(runtime)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"to"', b"null", b"\xff", b"[" * 5000], ids=lambda body: repr(body)[:10]
)
def test_it_refuses_what_is_no_object(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/api/sends", data=body, headers={**TOKEN, "Content-Type": "application/json"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"Authorization": "Bearer "}, id="empty"),
        pytest.param({"Authorization": "Bearer wrong"}, id="wrong"),
        pytest.param({"Authorization": "Bearer naïve"}, id="not ASCII"),
        pytest.param({"Authorization": "Basic api-token-of-the-tests"}, id="another scheme"),
    ],
)
@pytest.mark.parametrize("call", ["POST /api/sends", "GET /api/sends/x", "POST /api/consents"])
def test_it_wants_the_token(client: FlaskClient, headers: dict[str, str], call: str) -> None:
    method, path = call.split()
    answer = client.open(path, method=method, json=dict(SEND), headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_same_key_and_request_are_one_message(client: FlaskClient, runtime: Runtime) -> None:
    headers = {**TOKEN, "Idempotency-Key": "order-48213"}
    first, again = (client.post("/api/sends", json=SEND, headers=headers).json for _ in range(2))
    assert first == again
    assert len(_rows(runtime)) == 1


def test_the_same_key_with_another_request_is_a_conflict(client: FlaskClient, runtime: Runtime) -> None:
    headers = {**TOKEN, "Idempotency-Key": "order-48213"}
    client.post("/api/sends", json=SEND, headers=headers)
    other = client.post("/api/sends", json={**SEND, "parameters": {"order": "1"}}, headers=headers)
    assert other.status_code == 409
    assert len(_rows(runtime)) == 1


def test_without_a_key_two_requests_are_two_messages(client: FlaskClient, runtime: Runtime) -> None:
    for _ in range(2):
        client.post("/api/sends", json=SEND, headers=TOKEN)
    assert len(_rows(runtime)) == 2


def test_a_key_too_long_is_refused(client: FlaskClient) -> None:
    headers = {**TOKEN, "Idempotency-Key": "k" * 300}
    assert client.post("/api/sends", json=SEND, headers=headers).status_code == 400


def _erase(runtime: Runtime) -> None:
    who = known_by(runtime.vault, "sunrise_bakery", Identity(phone=PHONE))
    with runtime.db.write() as session:
        hashes = [each.hash for each in who]
        now = runtime.clock()
        opt_outs.opt_out(session, runtime.vault, "sunrise_bakery", Scope.ERASED, since=now, now=now, hashes=hashes)
        session.commit()


def test_of_the_erased_nothing_is_stored_but_the_answer(client: FlaskClient, runtime: Runtime) -> None:
    _erase(runtime)
    headers = {**TOKEN, "Idempotency-Key": "order-48213"}
    asked, again = (client.post("/api/sends", json=SEND, headers=headers) for _ in range(2))
    assert asked.status_code == 202
    assert asked.json is not None
    assert asked.json == again.json
    told = client.get(f"/api/sends/{asked.json['id']}", headers=TOKEN).json
    assert told is not None
    assert (told["state"], told["reason"]) == ("blocked", "erased")
    assert not _rows(runtime)
    with runtime.db.read() as session:
        assert contacts.find(session, runtime.vault, "sunrise_bakery", phone=PHONE) is None


@pytest.mark.parametrize("ref", ["n", "x", "n" + "A" * 34, "n" * 200, "%00"])
def test_an_id_that_is_none_is_unknown(client: FlaskClient, ref: str) -> None:
    assert client.get(f"/api/sends/{ref}", headers=TOKEN).status_code == 404


def test_it_writes_a_consent_into_the_ledger(client: FlaskClient, runtime: Runtime) -> None:
    answer = client.post("/api/consents", json=CONSENT, headers=TOKEN)
    assert answer.status_code == 201
    with runtime.db.read() as session:
        row = session.execute(select(entries)).one()
    assert (row.purpose, row.granted, row.source, row.wording) == ("marketing", True, "checkout", "offers-2026")
    assert row.at.isoformat() == "2026-11-21T03:30:00+00:00"
    assert b"48213" not in row.proof


def test_a_consent_is_told_once_under_its_key(client: FlaskClient, runtime: Runtime) -> None:
    headers = {**TOKEN, "Idempotency-Key": "c1"}
    answers = [client.post("/api/consents", json=CONSENT, headers=headers).json for _ in range(2)]
    assert answers[0] == answers[1]
    with runtime.db.read() as session:
        assert session.execute(select(func.count()).select_from(entries)).scalar() == 1


def test_a_consent_of_the_erased_is_not_written(client: FlaskClient, runtime: Runtime) -> None:
    _erase(runtime)
    answer = client.post("/api/consents", json=CONSENT, headers=TOKEN)
    assert (answer.status_code, answer.json) == (201, {"id": None, "recorded": False, "reason": "erased"})
    with runtime.db.read() as session:
        assert session.execute(select(func.count()).select_from(entries)).scalar() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"at": "yesterday"}, "at"),
        ({"at": "2026-11-21T09:00:00"}, "at"),
        ({"granted": "yes"}, "granted"),
        ({"source": ""}, "source"),
        ({"purpose": "fun"}, "purpose"),
        ({"proof": "x" * 201}, "proof"),
    ],
)
def test_a_consent_that_is_wrong_names_the_field(client: FlaskClient, changes: dict[str, Any], field: str) -> None:
    answer = client.post("/api/consents", json={**CONSENT, **changes}, headers=TOKEN)
    assert answer.status_code == 422
    assert answer.json is not None
    assert field in answer.json["fields"]


def test_a_business_sees_only_its_own(environ: dict[str, str], two_shops: Path, request: pytest.FixtureRequest) -> None:
    environ |= {
        "LETHE_CONFIG_DIR": str(two_shops),
        "LETHE_API_TOKEN_SUNRISE_BAKERY": "token-of-the-sun",
        "LETHE_API_TOKEN_MOON_BAKERY": "token-of-the-moon",
    }
    client: FlaskClient = request.getfixturevalue("client")
    sun, moon = ({"Authorization": f"Bearer token-of-the-{name}"} for name in ("sun", "moon"))
    key = {"Idempotency-Key": "same"}
    of_sun = client.post("/api/sends", json=SEND, headers=sun | key).json
    of_moon = client.post("/api/sends", json={**SEND, "template": "come_back"}, headers=moon | key).json
    assert of_sun is not None
    assert of_moon is not None
    assert client.get(f"/api/sends/{of_sun['id']}", headers=sun).status_code == 200
    assert client.get(f"/api/sends/{of_sun['id']}", headers=moon).status_code == 404
    assert client.get(f"/api/sends/{of_moon['id']}", headers=sun).status_code == 404
    assert client.post("/api/sends", json={**SEND, "number": NUMBER_ID}, headers=moon).status_code == 422
    # A token that does not say whose it is serves nobody where there are several.
    assert client.post("/api/sends", json=SEND, headers=TOKEN).status_code == 401


def test_it_says_try_again_while_the_database_is_held(client: FlaskClient, runtime: Runtime) -> None:
    with runtime.db.write() as session:
        session.execute(select(func.count()).select_from(outbox))
        assert client.post("/api/sends", json=SEND, headers=TOKEN).status_code == 503
