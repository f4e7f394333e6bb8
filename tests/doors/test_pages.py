"""The pages that anybody may read."""

import pytest
from flask.testing import FlaskClient

from bot.rights.requests import Asked, Right, open_request
from bot.runtime import Runtime


def _request(runtime: Runtime, *, step: str = "") -> str:
    business = runtime.content().businesses["sunrise_bakery"]
    with runtime.db.write() as session:
        asked = Asked(business=business)
        opened = open_request(session, runtime.vault, Right.ERASURE, asked, now=runtime.clock(), step=step)
        session.commit()
    return opened.code


def test_it_tells_machines_how_far_a_request_is(client: FlaskClient, runtime: Runtime) -> None:
    code = _request(runtime)
    told = client.get(f"/deletion-status?code={code}", headers={"Accept": "application/json"}).json
    assert told == {
        "code": code,
        "state": "done",
        "received_at": "2026-11-22T10:00:00+00:00",
        "due_at": "2026-12-22T10:00:00+00:00",
        "completed_at": "2026-11-22T10:00:00+00:00",
        "held_until": None,
        "reason": "",
    }


def test_an_unknown_code_has_an_answer_of_the_same_shape(client: FlaskClient, runtime: Runtime) -> None:
    known = client.get(f"/deletion-status?code={_request(runtime)}", headers={"Accept": "application/json"})
    unknown = client.get("/deletion-status?code=AAAAAAAAAA", headers={"Accept": "application/json"})
    assert unknown.status_code == known.status_code == 200
    assert known.json is not None
    assert unknown.json is not None
    assert unknown.json.keys() == known.json.keys()
    assert unknown.json["state"] == "unknown"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("application/json", "application/json"),
        ("", "text/html"),
    ],
)
def test_a_browser_gets_a_page(client: FlaskClient, accept: str, kind: str) -> None:
    assert client.get("/deletion-status?code=X", headers={"Accept": accept}).mimetype == kind


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Your request"), ("hi-IN,hi;q=0.9,en;q=0.5", "आपका"), ("xx", "Your request")]
)
def test_the_status_page_speaks_the_browsers_language(client: FlaskClient, language: str, words: str) -> None:
    assert words in client.get("/deletion-status?code=X", headers={"Accept-Language": language}).text


def test_arabic_runs_from_right_to_left(client: FlaskClient) -> None:
    assert '<html lang="ar" dir="rtl">' in client.get("/deletion-status?lang=ar").text


def test_a_code_is_shown_as_text_whatever_it_is(client: FlaskClient) -> None:
    page = client.get("/deletion-status", query_string={"code": "<script>alert(1)</script>"}).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_status_page_keeps_itself_to_itself(client: FlaskClient, runtime: Runtime) -> None:
    answer = client.get(f"/deletion-status?code={_request(runtime, step='drain')}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "received" in answer.text


def test_the_notice_is_the_policy(client: FlaskClient, runtime: Runtime) -> None:
    policy = runtime.content().businesses["sunrise_bakery"].policy
    page = client.get("/privacy/sunrise_bakery").text
    for part in (
        policy.controller,
        policy.contact.email,
        policy.version,
        "14 days",
        "DELETE MY DATA",
        "STOP MARKETING",
    ):
        assert part in page
    assert page.count("<tr>") == len(policy.retention) + 1


@pytest.mark.parametrize(("lang", "words"), [("gu", "14 દિવસ"), ("hi", "14 दिन"), ("en", "14 days"), ("ru", "14 days")])
def test_the_notice_is_there_in_each_language_of_the_business(client: FlaskClient, lang: str, words: str) -> None:
    assert words in client.get(f"/privacy/sunrise_bakery?lang={lang}").text


@pytest.mark.parametrize("business", ["nobody", "_common", "..", "sunrise_bakery/x"])
def test_there_is_no_notice_of_nobody(client: FlaskClient, business: str) -> None:
    assert client.get(f"/privacy/{business}").status_code == 404


def test_pages_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/privacy/sunrise_bakery").text
    assert "<script" not in page
    assert "style=" not in page
    assert page.count("<link") == 1
    assert client.get("/pages/style.css").mimetype == "text/css"
