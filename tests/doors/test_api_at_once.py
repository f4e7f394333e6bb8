"""The same request at the same moment, on both databases."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.app import create_app
from bot.config.content.loader import SHIPPED
from bot.delivery.outbox import outbox
from bot.runtime import Runtime
from tests.support.deployment import ENVIRON, PHONE

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
AT_ONCE = 8
SEND: Mapping[str, Any] = {"to": f"+{PHONE}", "template": "come_back", "purpose": "transactional"}


@pytest.fixture
def here(database_url: str, tmp_path: Path, make: Callable[[Mapping[str, str]], Runtime]) -> Runtime:
    return make(
        ENVIRON
        | {
            "LETHE_CONFIG_DIR": str(SHIPPED.parent),
            "LETHE_DATA_DIR": str(tmp_path),
            "LETHE_DATABASE_URL": database_url,
        }
    )


def test_one_key_is_one_message_however_many_ask_at_once(here: Runtime) -> None:
    app = create_app(here)
    headers = {"Authorization": "Bearer api-token-of-the-tests", "Idempotency-Key": "order-1"}

    def ask(_: int) -> tuple[int, Any]:
        answer = app.test_client().post("/api/sends", json=dict(SEND), headers=headers)
        return answer.status_code, answer.json

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(ask, range(AT_ONCE)))
    # A database that is busy with one of them says so, and the shop's system asks again.
    taken = [body for status, body in answers if status == 202]
    assert taken
    assert {status for status, _ in answers} <= {202, 503}
    assert len({body["id"] for body in taken}) == 1
    with here.db.read() as session:
        assert session.execute(select(func.count()).select_from(outbox)).scalar() == 1


def test_it_is_ready(here: Runtime) -> None:
    client = create_app(here).test_client()
    assert client.get("/readyz").status_code == 200
    assert "lethe_queue_rows" in client.get("/metrics").text
