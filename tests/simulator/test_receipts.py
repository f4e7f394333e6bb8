"""Receipts: what they carry, when they come, what they cost."""

from dataclasses import replace
from datetime import UTC, datetime

from simulator.server import Simulator, serve
from simulator.settings import Settings
from tests.simulator.harness import (
    ASHA,
    CAROL,
    NUMBER,
    Client,
    Receiver,
    body_of,
    template,
    text,
)


def test_receipts_carry_our_reference_the_recipient_and_the_price(client: Client, receiver: Receiver) -> None:
    client.post("/sim/say", {"person": "asha", "text": "hi"})
    wamid = client.sent(text("hello", biz_opaque_callback_data="ref-7"))
    client.idle()
    sent, delivered, read = (status for status in receiver.all("statuses") if status["id"] == wamid)
    assert [sent["status"], delivered["status"], read["status"]] == ["sent", "delivered", "read"]
    for status in (sent, delivered, read):
        assert status["biz_opaque_callback_data"] == "ref-7"
        assert (status["recipient_id"], status["recipient_user_id"]) == ("447700900101", "GB.10000000000000000001")
        assert status["timestamp"].isdigit()
        assert "conversation" not in status
    assert sent["pricing"] == delivered["pricing"]
    assert sent["pricing"]["category"] == "service"
    assert sent["pricing"]["pricing_model"] == "PMP"
    assert "pricing" not in read


def test_who_reads_without_receipts_and_who_has_the_chat_open(client: Client, receiver: Receiver) -> None:
    client.post("/sim/say", {"person": "ravi", "text": "hi"})
    client.post("/sim/say", {"person": "asha", "text": "hi"})
    client.post("/sim/people", {"id": "asha", "chat_open": True})
    quiet, quick = client.sent(text("x", to="+915550000104")), client.sent(text("x"))
    client.idle()
    assert receiver.statuses(quiet) == ["sent", "delivered"]
    assert receiver.statuses(quick) == ["sent", "read"]


def test_an_answer_to_an_advertisement_is_free_for_three_days(client: Client, receiver: Receiver) -> None:
    referral = {"source_type": "ad", "source_id": "1", "source_url": "https://fb.me/1", "ctwa_clid": "c"}
    message = {"type": "text", "text": {"body": "saw your ad"}}
    client.post("/sim/send", {"person": "asha", "message": message, "referral": referral})
    wamid = client.sent(text("welcome"))
    client.idle()
    assert receiver.all("messages")[0]["referral"] == referral
    sent = next(status for status in receiver.all("statuses") if status["id"] == wamid)
    assert sent["pricing"]["type"] == "free_entry_point"
    assert sent["conversation"]["origin"] == {"type": "referral_conversion"}


def test_receipts_that_are_switched_off_do_not_come(settings: Settings, receiver: Receiver) -> None:
    with serve(replace(settings, receipts=("delivered",))) as simulator:
        client = Client(simulator.url)
        client.post("/sim/say", {"person": "asha", "text": "hi"})
        wamid = client.sent(text("x", to=ASHA))
        client.idle()
        client.connection.close()
    assert receiver.statuses(wamid) == ["delivered"]


def test_the_first_thousand_answers_of_a_month_are_free(
    client: Client, receiver: Receiver, simulator: Simulator
) -> None:
    client.post("/sim/say", {"person": "asha", "text": "hi"})
    month = datetime.now(UTC).strftime("%Y-%m")
    simulator.state.delivered_in_month[NUMBER, month] = 999
    client.sent(text("the thousandth"))
    client.idle()
    client.sent(text("one more"))
    client.idle()
    sent = [status["pricing"]["type"] for status in receiver.all("statuses") if status["status"] == "sent"]
    assert sent == ["free_customer_service", "regular"]


def test_a_code_that_waited_too_long_is_not_delivered_any_more(client: Client, receiver: Receiver) -> None:
    client.post("/sim/say", {"person": "carol", "text": "hi"})
    button = {"type": "button", "sub_type": "url", "index": 0, "parameters": [{"type": "text", "text": "1"}]}
    code = client.sent(template("code", to=CAROL, components=[*body_of("1"), button]))
    message = client.sent(text("x", to=CAROL))
    client.idle()
    client.post("/sim/clock", {"advance_seconds": 601})
    client.post("/sim/people", {"id": "carol", "delivers": True})
    client.idle()
    assert receiver.statuses(code) == ["sent"]
    assert receiver.statuses(message) == ["sent", "delivered", "read"]
