"""What Meta holds of the app: its webhook, its token's powers, its numbers' registration."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

FIELDS = (
    "account_alerts", "account_review_update", "account_update", "business_capability_update",
    "business_username_updates", "message_template_components_update", "message_template_quality_update",
    "message_template_status_update", "messages", "phone_number_name_update", "phone_number_quality_update", "security",
    "smb_message_echoes", "template_category_update", "user_id_update", "user_preferences",
)  # fmt: skip
OBJECT = "whatsapp_business_account"


@dataclass(slots=True)
class MetaApp:
    """The app; `token` and `numbers` are what differs from a good token and a number at work."""

    webhook: Json | None
    token: Json = field(default_factory=dict)
    numbers: dict[str, Json] = field(default_factory=dict)
    pins: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)

    def hears(self, name: str) -> bool:
        """Tell whether the app has asked for this field."""
        return self.webhook is not None and any(each["name"] == name for each in self.webhook["fields"])


def webhook(url: str, fields: tuple[str, ...] | list[str] = FIELDS) -> Json:
    """Return a webhook as Meta shows it."""
    named = [{"name": name, "version": "v26.0"} for name in fields]
    return {"object": OBJECT, "callback_url": url, "active": True, "fields": named}
