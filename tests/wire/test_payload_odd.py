"""Webhooks in shapes that nobody documents."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.conversation.events import Kind
from bot.wire.payload import Identity, Reading, read, receipts
from tests.wire.webhooks import ANNA, AT, FILES, NAMELESS, NOW, OURS, PHONE_ONLY, changed, load, parse


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(b"", "unreadable", id="nothing"),
        pytest.param(b"\xff\xfe", "unreadable", id="no text"),
        pytest.param(b"[]", "unreadable", id="a list"),
        pytest.param(b"[" * 200_000, "unreadable", id="a depth without end"),
        pytest.param(b'{"object":"whatsapp_business_account"', "unreadable", id="cut"),
        pytest.param(b"{}", "object", id="no object"),
        pytest.param(b'{"object":"whatsapp_business_account","entry":7}', "malformed", id="entries that are none"),
        pytest.param(b'{"object":"whatsapp_business_account","entry":[7]}', "malformed", id="an entry that is none"),
        pytest.param(
            b'{"object":"whatsapp_business_account","entry":[{"changes":[{}]}]}', "field", id="a change of nothing"
        ),
    ],
)
def test_it_survives_what_is_no_webhook(raw: bytes, reason: str) -> None:
    assert read(raw, now=NOW) == Reading(skipped=Counter({reason: 1}))


def test_an_empty_webhook_says_nothing() -> None:
    assert read(FILES["empty"].read_bytes(), now=NOW) == Reading()


def test_every_payload_file_is_read_by_a_test() -> None:
    tests = "".join(file.read_text() for file in Path(__file__).parent.glob("test_payload_*.py"))
    assert [name for name in FILES if f'"{name}"' not in tests] == []


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        pytest.param({"id": None}, "no_id", id="no id"),
        pytest.param({"id": "x" * 513}, "no_id", id="an id without end"),
        pytest.param({"id": "a b"}, "no_id", id="an id with a space"),
    ],
)
def test_it_skips_a_message_nobody_can_tell_from_another(more: dict[str, object], reason: str) -> None:
    assert parse(changed(**more)).skipped == {reason: 1}


def test_it_skips_a_message_of_nobody_or_to_no_number() -> None:
    data = changed(**{"from": None, "from_user_id": None})
    value = data["entry"][0]["changes"][0]["value"]
    value["contacts"] = []
    assert parse(data).skipped == {"no_sender": 1}
    del value["metadata"]
    assert parse(data).skipped == {"no_number": 1}


@pytest.mark.parametrize(
    ("contacts", "more", "sender"),
    [
        pytest.param(
            [{"wa_id": "16505551234", "user_id": "US.other", "profile": {"name": "New owner"}}],
            {},
            NAMELESS,
            id="the number has a new owner",
        ),
        pytest.param(
            [{"user_id": "US.only", "profile": {"name": "Anna"}}],
            {"from_user_id": None},
            Identity(phone="16505551234", bsuid="US.only", name="Anna"),
            id="the only contact of the only message",
        ),
        pytest.param(
            [{"wa_id": "16505559999", "profile": {"name": "Somebody"}}],
            {"from_user_id": None},
            PHONE_ONLY,
            id="the only contact is somebody else",
        ),
        pytest.param(
            [{"wa_id": "16505551234", "profile": {"name": "Anna"}}],
            {"from": None, "from_user_id": None},
            Identity(phone="16505551234", name="Anna"),
            id="no id in the message",
        ),
        pytest.param(
            [{"user_id": "US.other"}],
            {"from": None},
            Identity(bsuid=ANNA.bsuid),
            id="the only contact has another user id",
        ),
        pytest.param("Anna", {}, NAMELESS, id="no list"),
        pytest.param([{"profile": 7}, "Anna"], {}, NAMELESS, id="no contacts in it"),
    ],
)
def test_it_joins_nobody_with_somebody_else(contacts: object, more: dict[str, object], sender: Identity) -> None:
    data = changed(**more)
    data["entry"][0]["changes"][0]["value"]["contacts"] = contacts
    (arrival,) = parse(data).arrivals
    assert arrival.sender == sender


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        pytest.param("1794830400", AT, id="a string"),
        pytest.param(1794830400, AT, id="a number"),
        pytest.param(None, NOW, id="missing"),
        pytest.param("", NOW, id="empty"),
        pytest.param("yesterday", NOW, id="a word"),
        pytest.param("1794830400000", NOW, id="milliseconds"),
        pytest.param("9" * 5000, NOW, id="a number without end"),
        pytest.param("-5", NOW, id="before all time"),
        pytest.param(0, NOW, id="1970"),
        pytest.param(True, NOW, id="a truth"),
        pytest.param(1794830400.5, NOW, id="a fraction"),
        pytest.param(int((NOW + timedelta(hours=1)).timestamp()), NOW, id="later than our clock"),
        pytest.param("１７９４８３０４００", NOW, id="digits of another script"),
    ],
)
def test_a_moment_makes_sense_and_is_never_ahead(timestamp: object, at: datetime) -> None:
    (arrival,) = parse(changed(timestamp=timestamp)).arrivals
    assert arrival.event.at == at


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param("a\0b", "ab", id="NUL"),
        pytest.param("half \ud83c of a cake", "half  of a cake", id="a lone surrogate"),
        pytest.param("whole \ud83c\udf70", "whole 🍰", id="a pair"),
        pytest.param("x" * 70_000, "x" * 65_536, id="too long"),
        pytest.param("ક" * 70_000, "ક" * 65_536, id="too long in another script"),
    ],
)
def test_a_text_can_be_stored(body: str, text: str) -> None:
    (arrival,) = parse(changed(text={"body": body})).arrivals
    assert arrival.event.text == text


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"text": None}, id="no text"),
        pytest.param({"text": {"body": 7}}, id="a text that is a number"),
        pytest.param({"type": "image", "image": {"caption": "x"}}, id="an image without an id"),
        pytest.param({"type": "location", "location": {"latitude": 91, "longitude": 0}}, id="beyond the pole"),
        pytest.param({"type": "location", "location": {"latitude": 1}}, id="half a place"),
        pytest.param({"type": "location", "location": {"latitude": True, "longitude": "1"}}, id="no degrees"),
        pytest.param({"type": "interactive", "interactive": {"type": "button_reply"}}, id="a tap on nothing"),
        pytest.param({"type": "button", "button": "Stop"}, id="a button that is a word"),
        pytest.param({"type": "reaction", "reaction": {"emoji": "x"}}, id="a reaction to nothing"),
        pytest.param({"type": "edit", "edit": {"message": {"type": "text"}}}, id="an edit of nothing"),
        pytest.param(
            {"type": "edit", "edit": {"original_message_id": OURS, "message": {"type": "edit"}}},
            id="an edit of an edit",
        ),
        pytest.param({"type": "revoke", "revoke": {}}, id="a revoke of nothing"),
        pytest.param({"type": ["text"]}, id="a type that is a list"),
        pytest.param({"type": None}, id="no type"),
    ],
)
def test_what_lacks_what_its_type_promises_is_unsupported(more: dict[str, object]) -> None:
    (arrival,) = parse(changed(**more)).arrivals
    assert arrival.event.kind is Kind.UNSUPPORTED


def test_an_advertisement_that_is_none_is_none() -> None:
    (arrival,) = parse(changed(referral="ad")).arrivals
    assert (arrival.event.kind, arrival.event.referral) == (Kind.TEXT, None)


@pytest.mark.parametrize(
    ("button", "text", "choice"),
    [
        pytest.param({"payload": "privacy.stop"}, "privacy.stop", "privacy.stop", id="no label"),
        pytest.param({"text": "Stop"}, "Stop", "Stop", id="no payload"),
    ],
)
def test_half_a_tap_is_a_tap(button: dict[str, str], text: str, choice: str) -> None:
    (arrival,) = parse(changed(type="button", button=button)).arrivals
    assert (arrival.event.kind, arrival.event.text, arrival.event.choice) == (Kind.TAP, text, choice)


def test_an_echo_in_a_group_is_skipped() -> None:
    data = load("written_from_the_phone_app")
    data["entry"][0]["changes"][0]["value"]["message_echoes"][0]["group_id"] = "Y2Fw"
    assert parse(data).skipped == {"group": 1}


def test_one_odd_item_does_not_cost_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    data = load("many_people_in_one_post")
    value = data["entry"][1]["changes"][0]["value"]
    value["messages"] = [7, None, *value["messages"]]
    reading = parse(data)
    assert (len(reading.arrivals), reading.skipped) == (6, {"malformed": 2})

    def broken(_value: object) -> None:
        raise LookupError

    # Should a reader have a fault after all, the rest of the POST still counts.
    monkeypatch.setattr(receipts, "whole", broken)
    data = load("failed")
    data["entry"] += load("text")["entry"]
    reading = parse(data)
    assert (len(reading.arrivals), reading.skipped) == (1, {"fault": 1})
