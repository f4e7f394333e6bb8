"""Health and figures: what a watcher is told, and who is told it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from bot.doors.stand_ins import MovedClock
from bot.runtime import Runtime
from bot.store import counters
from bot.store.db import Database, insert
from bot.store.models import ReceiptRow


def test_it_says_that_it_is_alive(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}


def test_it_is_ready_when_a_transaction_can_commit_and_leaves_no_row(client: FlaskClient, runtime: Runtime) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json and answer.json["ready"]) == (200, True)
    with runtime.db.read() as session:
        assert session.execute(text("select count(*) from seen")).scalar() == 0


def test_it_is_not_ready_while_somebody_holds_the_database(client: FlaskClient, sqlite_url: str) -> None:
    other = Database(sqlite_url)
    with other.write() as session:
        session.execute(text("select 1"))
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json and answer.json["ready"]) == (503, False)
    other.close()
    assert client.get("/readyz").status_code == 200


def test_it_is_ready_without_redis_and_says_so(
    client: FlaskClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime.doorbell, "alive", lambda: False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json and answer.json["redis"]) == (200, "down")


def test_it_tells_how_old_the_oldest_row_is(client: FlaskClient, runtime: Runtime, clock: MovedClock) -> None:
    _receipt(runtime, clock)
    clock.move(timedelta(hours=1))
    answer = client.get("/readyz").json
    assert answer is not None
    assert answer["queues"]["receipts"] == {"count": 1, "oldest_seconds": 3600.0}


def test_it_tells_what_failed_today(client: FlaskClient, runtime: Runtime) -> None:
    with runtime.db.write() as session:
        counters.bump(session, runtime.today(), {("sunrise_bakery", "failed"): 2, ("sunrise_bakery", "sent"): 9})
        counters.bump(session, runtime.today() - 1, {("sunrise_bakery", "failed"): 5})
        session.commit()
    answer = client.get("/readyz").json
    assert answer is not None
    assert answer["failed_today"] == 2


def test_it_counts_for_prometheus_by_queue_and_by_business(
    client: FlaskClient, runtime: Runtime, clock: MovedClock
) -> None:
    _receipt(runtime, clock)
    for day in (1, 2):
        with runtime.db.write() as session:
            counters.bump(session, day, {("sunrise_bakery", "received"): 3})
            session.commit()
    lines = client.get("/metrics").text.splitlines()
    assert 'lethe_queue_rows{queue="receipts"} 1.0' in lines
    assert 'lethe_counted_total{business="sunrise_bakery",name="received"} 6.0' in lines
    assert "lethe_redis_up 0.0" in lines


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        pytest.param("127.0.0.1", {}, 200, id="this machine"),
        pytest.param("::1", {}, 200, id="this machine, version 6"),
        pytest.param("192.0.2.7", {}, 404, id="another machine"),
        pytest.param("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 404, id="another machine, by a proxy here"),
        pytest.param("192.0.2.7", {"Authorization": "Bearer of figures"}, 200, id="another machine with the token"),
        pytest.param("192.0.2.7", {"Authorization": "Bearer of nothing"}, 404, id="another token"),
        pytest.param("192.0.2.7", {"Authorization": "Basic of figures"}, 404, id="another scheme"),
    ],
)
def test_it_tells_figures_to_this_machine_or_by_token(
    environ: dict[str, str], request: pytest.FixtureRequest, address: str, headers: dict[str, str], status: int
) -> None:
    environ["LETHE_METRICS_TOKEN"] = "of figures"
    client: FlaskClient = request.getfixturevalue("client")
    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status


def _receipt(runtime: Runtime, clock: MovedClock) -> None:
    values = {
        "number_id": "1",
        "ref": "r",
        "wamid_hash": "h",
        "status": "sent",
        "at": clock.now,
        "received_at": clock.now,
    }
    with runtime.db.write() as session:
        session.execute(insert(session, ReceiptRow).values(values))
        session.commit()
