"""What Meta tells about templates, numbers and the account."""

from datetime import datetime

from bot.wire.payload.scalars import Json, ident, part, parts, text, word
from bot.wire.payload.values import AccountNews, TemplateNews

TEMPLATE_FIELDS = {
    "message_template_status_update": "status",
    "message_template_quality_update": "quality",
    "template_category_update": "category",
    "message_template_components_update": "components",
}
ACCOUNT_FIELDS = frozenset({
    "account_update", "account_alerts", "account_review_update", "account_settings_update",
    "business_capability_update", "business_username_updates", "phone_number_name_update",
    "phone_number_quality_update", "security", "payment_configuration_update", "partner_solutions", "flows",
})  # fmt: skip

# What may be told on: words and figures of Meta's. Whoever asked for a change is a person, so not `requester`.
_DETAILS = (
    ("current_limit",), ("old_limit",), ("max_daily_conversations_per_business",),
    ("max_phone_numbers_per_business",), ("ban_info", "waba_ban_state"), ("ban_info", "waba_ban_date"),
    ("violation_info", "violation_type"), ("alert_info", "alert_severity"), ("alert_info", "alert_status"),
    ("rejection_reason",), ("status",), ("reason",),
)  # fmt: skip


def template_news(field: str, value: Json, waba_id: str, at: datetime) -> TemplateNews:
    """Read a change about a template."""
    state, reason = _template_state(TEMPLATE_FIELDS[field], value)
    return TemplateNews(
        waba_id=waba_id,
        template_id=ident(value.get("message_template_id")),
        name=ident(value.get("message_template_name")),
        # Meta writes en-US here and en_US in its lists.
        language=word(value.get("message_template_language")).replace("-", "_"),
        event=TEMPLATE_FIELDS[field],
        value=state,
        reason=reason,
        at=at,
    )


def _template_state(event: str, value: Json) -> tuple[str, str]:
    match event:
        case "status":
            return word(value.get("event")), _reason(value)
        case "quality":
            return word(value.get("new_quality_score")), word(value.get("previous_quality_score"))
        case "category":
            # While a change is only announced, `new_category` is the present one.
            other = value.get("correct_category") or value.get("previous_category")
            return word(value.get("new_category")), word(other)
        case _:
            return "", ""


def _reason(value: Json) -> str:
    rejection, other = part(value.get("rejection_info")), part(value.get("other_info"))
    for reason in (value.get("reason"), rejection.get("reason"), other.get("title")):
        if reason not in {None, "", "NONE"} if isinstance(reason, str | None) else False:
            return text(reason)
    return ""


def account_news(field: str, value: Json, waba_id: str, at: datetime) -> AccountNews:
    """Read a change about a number or the account."""
    alert = part(value.get("alert_info"))
    event = value.get("event") or value.get("decision") or alert.get("alert_type") or value.get("status")
    return AccountNews(
        waba_id=waba_id,
        display_phone_number=text(value.get("display_phone_number"), 32),
        field=field,
        event=word(event) or field,
        detail=_detail(value),
        at=at,
    )


def fault_news(error: Json, display_phone_number: str, waba_id: str, at: datetime) -> AccountNews:
    """Read one of a value's own `errors`: they concern the number, not a message."""
    return AccountNews(
        waba_id=waba_id,
        display_phone_number=display_phone_number,
        field="messages",
        event="error",
        detail=word(error.get("code")),
        at=at,
    )


def _detail(value: Json) -> str:
    found = []
    for path in _DETAILS:
        inner = part(value.get(path[0])).get(path[1]) if len(path) > 1 else value.get(path[0])
        found += [f"{path[-1]}={word(inner)}"] if word(inner) else []
    found += [word(each.get("restriction_type")) for each in parts(value.get("restriction_info"))]
    return " ".join(each for each in found if each)[:512]
