"""The webhook fields that we process: no other is asked for, since each is personal data or noise."""

FIELDS = (
    "messages",
    "user_preferences",
    "user_id_update",
    "smb_message_echoes",
    "message_template_status_update",
    "message_template_quality_update",
    "template_category_update",
    "message_template_components_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "business_capability_update",
    "account_update",
    "account_alerts",
    "account_review_update",
    "security",
)
NEEDED = frozenset({"messages", "user_preferences", "user_id_update", "message_template_status_update"})
"""Without these people are not heard, or their word is not."""
