"""The webhook's door: signatures before everything, durability before the 200, and no input that breaks it."""

import copy
import json
import random
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from bot.answering import inbox
from bot.answering.turns import events
from bot.app import BODY_CAP, create_app
from bot.runtime import Runtime
from bot.store.db import Database, table
from bot.store.models import Contact, ReceiptRow
from bot.wire import payload, signature
from tests.support.deployment import ENVIRON, NUMBER_ID

PAYLOADS = sorted((Path(__file__).parents[1] / "payloads").glob("*.json"))
SECRET, VERIFY = ENVIRON["LETHE_APP_SECRET"], ENVIRON["LETHE_VERIFY_TOKEN"]
FUZZED = 1000
UNEXPECTED = [None, "", 0, -1, 10**30, 1.5, True, [], {}, [[]], {"a": {}}, "\ud800", "a\x00b", "x" * 5000, "\u202e"]


def post(client: FlaskClient, raw: bytes, *, header: str | None = "", secret: str = SECRET) -> TestResponse:
    given = signature.sign(raw, secret) if header == "" else header
    headers = {} if given is None else {"X-Hub-Signature-256": given}
    return client.post("/webhook", data=raw, headers=headers)


def update(text: str = "hi", *, wamid: str = "wamid.X", phone: str = "447700900001") -> dict[str, Any]:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550001111", "phone_number_id": NUMBER_ID},
        "contacts": [{"profile": {"name": "Alice"}, "wa_id": phone, "user_id": f"GB.{phone}"}],
        "messages": [
            {
                "from": phone,
                "from_user_id": f"GB.{phone}",
                "id": wamid,
                "timestamp": "1795341600",
                "type": "text",
                "text": {"body": text},
            }
        ],
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "W", "changes": [{"field": "messages", "value": value}]}],
    }


def body(*updates: dict[str, Any]) -> bytes:
    entries = [entry for each in updates for entry in each["entry"]]
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def count(runtime: Runtime, what: Any = events) -> int:
    with runtime.db.read() as session:
        number: int = session.execute(select(func.count()).select_from(what)).scalar_one()
    return number


def test_it_answers_the_handshake(client: FlaskClient):
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}

    answer = client.get("/webhook", query_string=query)

    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"1158201444", "text/plain")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"hub.verify_token": "wrong"}, id="a wrong token"),
        pytest.param({"hub.verify_token": "é"}, id="a token that is not ASCII"),
        pytest.param({"hub.mode": "unsubscribe"}, id="another mode"),
        pytest.param({"hub.challenge": "<script>alert(1)</script>"}, id="a challenge that is a script"),
        pytest.param({"hub.challenge": "1" * 1000}, id="a challenge without end"),
    ],
)
def test_it_refuses_a_handshake_that_is_not_metas(client: FlaskClient, changes: dict[str, str]):
    query = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": VERIFY} | changes

    answer = client.get("/webhook", query_string=query)

    assert (answer.status_code, answer.data) == (403, b"")


@pytest.mark.laws
def test_what_is_answered_200_is_durable(client: FlaskClient, runtime: Runtime):
    answer = post(client, body(update()))

    assert (answer.status_code, answer.data) == (200, b"")
    assert count(runtime) == 1


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(None, id="missing"),
        pytest.param("sha256=" + "0" * 64, id="wrong"),
        pytest.param("sha256=é", id="not ASCII"),
        pytest.param("", id="of another secret"),
        pytest.param("sha1=abc", id="of another kind"),
    ],
)
def test_a_bad_signature_gets_an_empty_401_and_is_never_parsed(
    client: FlaskClient, runtime: Runtime, header: str | None
):
    with mock.patch.object(payload, "read", side_effect=AssertionError) as read:
        answer = post(client, body(update("canary")), header=header, secret="another")

    assert (answer.status_code, answer.data) == (401, b"")
    assert not read.called
    assert count(runtime) == 0


def test_both_secrets_hold_during_a_rotation(make: Callable[[Mapping[str, str]], Runtime], environ: dict[str, str]):
    client = create_app(make(environ | {"LETHE_APP_SECRET": "the-new-secret,the-old-secret"})).test_client()

    statuses = [post(client, body(update()), secret=f"the-{age}-secret").status_code for age in ("new", "old", "third")]

    assert statuses == [200, 200, 401]


def test_the_signature_covers_the_bytes_as_they_came(client: FlaskClient, runtime: Runtime):
    raw = rb'{"object": "whatsapp_business_account", "entry": [], "x": "\u00e9 \ud83d\ude00 \/"}'

    assert post(client, raw).status_code == 200


def test_a_body_over_the_cap_is_refused(client: FlaskClient):
    assert post(client, b" " * (BODY_CAP + 1)).status_code == 413


def test_a_body_of_three_megabytes_is_taken(client: FlaskClient, runtime: Runtime):
    big = update("x" * 3_000_000)

    assert post(client, body(big)).status_code == 200
    assert count(runtime) == 1


@pytest.mark.parametrize("raw", [b"", b"not json", b"[]", b"null", b"[" * 100_000, b"\xff\xfe", b'{"entry": 7}'])
def test_signed_but_unreadable_bodies_get_200(client: FlaskClient, raw: bytes):
    assert post(client, raw).status_code == 200


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_every_documented_shape_is_taken(client: FlaskClient, path: Path):
    raw = path.read_bytes()

    assert [post(client, raw).status_code for _ in range(2)] == [200, 200]


def test_a_thousand_updates_in_one_post_are_all_taken(client: FlaskClient, runtime: Runtime):
    updates = [update(f"n{n}", wamid=f"w{n}", phone=f"4477009{n % 50:05d}") for n in range(1000)]

    assert post(client, body(*updates)).status_code == 200
    assert (count(runtime), count(runtime, table(Contact))) == (1000, 50)


@pytest.mark.laws
def test_one_bad_item_never_spoils_its_neighbours(client: FlaskClient, runtime: Runtime):
    broken = inbox.accept

    def breaks_on_poison(session: Any, vault: Any, reading: Any, *rest: Any, **more: Any) -> Any:
        if any(each.event.text == "poison" for each in reading.arrivals):
            raise ZeroDivisionError
        return broken(session, vault, reading, *rest, **more)

    with mock.patch.object(inbox, "accept", breaks_on_poison):
        answer = post(client, body(update("a", wamid="1"), update("poison", wamid="2"), update("b", wamid="3")))

    assert answer.status_code == 200
    assert count(runtime) == 2


@pytest.mark.laws
def test_a_database_that_cannot_take_it_gets_a_503_and_nothing_is_half_written(client: FlaskClient, runtime: Runtime):
    other = Database(runtime.settings.database)
    with other.write() as session:
        session.execute(select(1))
        refused = post(client, body(update())).status_code
    other.close()

    assert refused == 503
    assert count(runtime) == 0
    assert post(client, body(update())).status_code == 200


@pytest.mark.laws
def test_intake_lives_without_redis(make: Callable[[Mapping[str, str]], Runtime], environ: dict[str, str]):
    from bot.store.doorbell import Doorbell  # noqa: PLC0415

    runtime = make(environ)
    runtime.doorbell = Doorbell("unix:///nowhere/at/all.sock")

    assert post(create_app(runtime).test_client(), body(update())).status_code == 200
    assert count(runtime) == 1


@pytest.mark.laws
def test_copies_in_the_same_millisecond_are_one_event(runtime: Runtime):
    app, raw, statuses = create_app(runtime), body(update()), []
    start = threading.Barrier(8)

    def send() -> None:
        client = app.test_client()
        start.wait()
        statuses.append(post(client, raw).status_code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(statuses) <= {200, 503}
    assert count(runtime) == 1


def test_two_businesses_are_strictly_apart(
    make: Callable[[Mapping[str, str]], Runtime], environ: dict[str, str], two_shops: Path
):
    runtime = make(environ | {"LETHE_CONFIG_DIR": str(two_shops)})
    client = create_app(runtime).test_client()
    other = update(wamid="2")
    other["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "10555000222"

    post(client, body(update(wamid="1"), other))

    with runtime.db.read() as session:
        rows = session.execute(select(events.c.business, events.c.contact_id)).all()
    assert sorted(row.business for row in rows) == ["moon_bakery", "sunrise_bakery"]
    assert len({row.contact_id for row in rows}) == 2


def mutated(chance: random.Random, value: Any, depth: int = 0) -> Any:
    """Return the value with something in it changed to what nobody expects."""
    if chance.random() < 0.05 + 0.02 * depth:
        return chance.choice(
            [
                None,
                "",
                0,
                -1,
                10**30,
                1.5,
                True,
                [],
                {},
                [[]],
                {"a": {}},
                "\ud800",
                "a\x00b",
                "x" * 5000,
                ["x"],
                "\u202e",
            ]
        )
    if isinstance(value, dict):
        return {key: mutated(chance, each, depth + 1) for key, each in value.items() if chance.random() > 0.03}
    if isinstance(value, list):
        return [mutated(chance, each, depth + 1) for each in value] * chance.choice([1, 1, 1, 2])
    return value


def test_fuzzed_webhooks_never_break_it_and_neighbours_are_taken(client: FlaskClient, runtime: Runtime):
    chance = random.Random(20261122)
    shapes = [json.loads(path.read_bytes()) for path in PAYLOADS]
    for number in range(FUZZED):
        shape = mutated(chance, copy.deepcopy(chance.choice(shapes)))
        entries = shape.get("entry") if isinstance(shape, dict) else None
        beside = isinstance(entries, list)
        together = body({"entry": entries}, update(wamid=f"neighbour-{number}")) if beside else shape
        raw = together if isinstance(together, bytes) else json.dumps(together).encode("utf-8", "surrogatepass")

        assert post(client, raw).status_code == 200, raw
        if beside:
            with runtime.db.read() as session:
                key = runtime.vault.digest("seen", f"{NUMBER_ID}|neighbour-{number}")
                assert session.execute(select(events.c.id).where(events.c.key_hash == key)).first()


def test_receipts_come_by_the_same_door(client: FlaskClient, runtime: Runtime):
    status = {"id": "wamid.A", "status": "sent", "timestamp": "1795341600", "biz_opaque_callback_data": "ref"}
    receipt = update()
    del receipt["entry"][0]["changes"][0]["value"]["messages"]
    receipt["entry"][0]["changes"][0]["value"]["statuses"] = [status] * 3

    assert post(client, body(receipt)).status_code == 200
    assert count(runtime, table(ReceiptRow)) == 3
