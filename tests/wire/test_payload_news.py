"""Receipts, and news of templates and accounts, in the shapes that Meta documents."""

from collections import Counter
from dataclasses import astuple
from typing import Any

import pytest

from bot.wire.payload import Identity, Reading, Receipt, Status, read
from tests.wire.webhooks import ANNA, AT, FILES, NAMELESS, NOW, NUMBER, OURS, PHONE_ONLY, SHOWN, WABA, load, parse


def receipt(status: Status, recipient: Identity = ANNA, **more: Any) -> Receipt:
    usual: dict[str, Any] = {"ref": "o-7f3a9c", "code": None, "pricing_type": "", "category": ""} | more
    return Receipt(number_id=NUMBER, wamid=OURS, status=status, at=AT, recipient=recipient, **usual)


PRICED: dict[str, Any] = {"pricing_type": "regular", "category": "service"}
RECEIPTS = {
    "sent": receipt(Status.SENT, **PRICED),
    "sent_from_advertisement": receipt(Status.SENT, pricing_type="free_entry_point", category="referral_conversion"),
    "delivered": receipt(Status.DELIVERED, **PRICED),
    "read": receipt(Status.READ),
    "played": receipt(Status.PLAYED),
    "failed": receipt(Status.FAILED, PHONE_ONLY, code=131047),
    "failed_marketing_stopped": receipt(Status.FAILED, PHONE_ONLY, code=131050),
    "delivered_to_user_id": receipt(Status.DELIVERED, Identity(bsuid="BR.9f2Kq81LmN0pQ", parent_bsuid="BR.ENT.77aXc")),
    "delivered_with_the_older_parent_key": receipt(
        Status.DELIVERED,
        Identity(phone=None, bsuid=ANNA.bsuid, parent_bsuid="US.ENT.11815799212886844830"),
    ),
    "delivered_message_of_another_program": receipt(Status.DELIVERED, NAMELESS, ref=""),
}


@pytest.mark.parametrize(("name", "expected"), [pytest.param(*pair, id=pair[0]) for pair in RECEIPTS.items()])
def test_it_reads_receipts(name: str, expected: Receipt) -> None:
    assert read(FILES[name].read_bytes(), now=NOW) == Reading(receipts=(expected,))


TEMPLATES = {
    "template_approved": ("status", "APPROVED", ""),
    "template_rejected": ("status", "REJECTED", "INVALID_FORMAT"),
    "template_rejected_without_reason": ("status", "REJECTED", "TAG_CONTENT_MISMATCH"),
    "template_paused": ("status", "PAUSED", "FIRST_PAUSE"),
    "template_disabled": ("status", "DISABLED", ""),
    "template_quality_fell": ("quality", "YELLOW", "GREEN"),
    "template_category_changed": ("category", "MARKETING", "UTILITY"),
    "template_category_will_change": ("category", "UTILITY", "MARKETING"),
    "template_edited": ("components", "", ""),
}


@pytest.mark.parametrize(("name", "expected"), [pytest.param(*pair, id=pair[0]) for pair in TEMPLATES.items()])
def test_it_reads_news_of_templates(name: str, expected: tuple[str, str, str]) -> None:
    reading = read(FILES[name].read_bytes(), now=NOW)
    (news,) = reading.templates
    assert astuple(news) == (WABA, "1689556908129832", "order_update", "en_US", *expected, AT)
    assert reading == Reading(templates=(news,))


ACCOUNTS = {
    "number_throughput_raised": (
        SHOWN,
        "phone_number_quality_update",
        "THROUGHPUT_UPGRADE",
        "max_daily_conversations_per_business=TIER_UNLIMITED",
    ),
    "limit_raised": (
        "",
        "business_capability_update",
        "business_capability_update",
        "max_daily_conversations_per_business=2000 max_phone_numbers_per_business=25",
    ),
    "account_violation": ("", "account_update", "ACCOUNT_VIOLATION", "violation_type=SPAM"),
    "account_restricted": (
        "",
        "account_update",
        "ACCOUNT_RESTRICTION",
        "RESTRICTED_BIZ_INITIATED_MESSAGING RESTRICTED_ADD_PHONE_NUMBER_ACTION",
    ),
    "account_disabled": (
        "",
        "account_update",
        "DISABLED_UPDATE",
        "waba_ban_state=SCHEDULE_FOR_DISABLE waba_ban_date=November-30-2026",
    ),
    "account_alert": (
        "",
        "account_alerts",
        "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
        "alert_severity=CRITICAL alert_status=ACTIVE",
    ),
    "account_reviewed": ("", "account_review_update", "APPROVED", ""),
    "number_name_decided": (
        SHOWN,
        "phone_number_name_update",
        "REJECTED",
        "rejection_reason=NAME_NOT_CONSISTENT",
    ),
    # Who asked for it is a person, so it is not told on.
    "pin_changed": (SHOWN, "security", "PIN_CHANGED", ""),
    "username_approved": (SHOWN, "business_username_updates", "approved", "status=approved"),
}


@pytest.mark.parametrize(("name", "expected"), [pytest.param(*pair, id=pair[0]) for pair in ACCOUNTS.items()])
def test_it_reads_news_of_the_account(name: str, expected: tuple[str, str, str, str]) -> None:
    reading = read(FILES[name].read_bytes(), now=NOW)
    (news,) = reading.accounts
    assert astuple(news) == (WABA, *expected, AT)
    assert reading == Reading(accounts=(news,))


@pytest.mark.parametrize(
    ("name", "code"),
    [pytest.param("number_out_of_order", "130429"), pytest.param("interactive_without_its_object", "131000")],
)
def test_it_tells_of_an_error_that_no_message_has(name: str, code: str) -> None:
    (news,) = read(FILES[name].read_bytes(), now=NOW).accounts
    assert astuple(news) == (WABA, SHOWN, "messages", "error", code, NOW)


SKIPPED = {
    "text_in_a_group": "group",
    "delivered_in_a_group": "group",
    "group_made": "group",
    "status_of_tomorrow": "status",
    "call_ringing": "calls",
    "call_status": "status",
    "history_shared": "history",
    "phone_app_contacts_shared": "app_state",
    "field_of_tomorrow": "field",
    "instagram_message": "object",
}


@pytest.mark.parametrize(("name", "reason"), [pytest.param(*pair, id=pair[0]) for pair in SKIPPED.items()])
def test_it_counts_what_it_makes_nothing_of(name: str, reason: str) -> None:
    assert read(FILES[name].read_bytes(), now=NOW) == Reading(skipped=Counter({reason: 1}))


@pytest.mark.parametrize(
    ("more", "skipped", "code"),
    [
        pytest.param({"id": 7, "biz_opaque_callback_data": None}, {}, 131047, id="an id that is a number"),
        pytest.param({"id": "", "biz_opaque_callback_data": ""}, {"no_id": 1}, None, id="of no message"),
        pytest.param({"errors": []}, {}, None, id="failed for no reason"),
        pytest.param({"errors": [{"code": "131047"}]}, {}, 131047, id="a code as a string"),
        pytest.param({"errors": [{"code": 10**15}]}, {}, None, id="a code without end"),
    ],
)
def test_an_odd_receipt_is_read_as_far_as_it_goes(
    more: dict[str, object], skipped: dict[str, int], code: int | None
) -> None:
    data = load("failed")
    data["entry"][0]["changes"][0]["value"]["statuses"][0] |= more
    reading = parse(data)
    assert reading.skipped == skipped
    assert [each.code for each in reading.receipts] == ([] if skipped else [code])
