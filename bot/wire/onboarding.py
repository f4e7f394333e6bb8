"""The calls that put a number to work: the app, its webhook, its token, registration. Used when somebody goes live."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime

from bot.wire.graph import Graph, Json, node
from bot.wire.payload.scalars import part, parts, text

OBJECT = "whatsapp_business_account"
SETUP_FIELDS = (
    "id,display_phone_number,verified_name,quality_rating,status,name_status,platform_type,code_verification_status,"
    "is_on_biz_app,health_status,account_mode"
)
_MOST_BYTES = 4096


class Onboarding(Graph):
    """Calls to the Graph API about an app and its numbers; raises SendError like all others."""

    def app(self, app_id: str, app_token: str) -> Json:
        """Return id and name of the app; its own token (`<id>|<secret>`) proves the secret."""
        return self._call("GET", node(app_id), app_token, params={"fields": "id,name"})

    def token_info(self, token: str, app_token: str) -> Json:
        """Return what Meta knows of a token: app, type, expiry, scopes and what they reach."""
        # Graph takes a token that is asked about in the query alone; errors of ours never hold the address.
        return part(self._call("GET", "debug_token", app_token, params={"input_token": token}).get("data"))

    def setup_numbers(self, waba_id: str, token: str) -> list[Json]:
        """Return the business numbers of the account, with all that matters before they go live."""
        return list(self._pages(f"{node(waba_id)}/phone_numbers", token, {"fields": SETUP_FIELDS, "limit": "100"}))

    def register(self, number_id: str, token: str, pin: str, region: str = "") -> None:
        """Register a number under its PIN; with a region, Meta keeps its messages at rest there alone."""
        asked = {"messaging_product": "whatsapp", "pin": pin} | ({"data_localization_region": region} if region else {})
        self._call("POST", f"{node(number_id)}/register", token, json=asked)

    def region(self, number_id: str, token: str) -> str:
        """Return the country that Meta keeps the number's messages in at rest; empty where none was chosen."""
        settings = self._call("GET", f"{node(number_id)}/settings", token)
        kept = part(settings.get("storage_configuration"))
        return text(kept.get("data_localization_region"), 8)

    def webhook(self, app_id: str, app_token: str) -> Json:
        """Return the app's webhook for WhatsApp, or an empty object."""
        found = parts(self._call("GET", f"{node(app_id)}/subscriptions", app_token).get("data"))
        return next((each for each in found if each.get("object") == OBJECT), {})

    def set_webhook(self, app_id: str, app_token: str, url: str, verify_token: str, fields: Iterable[str]) -> None:
        """Give the app a webhook in place of any it has; Meta does the handshake with it before it answers."""
        asked = {"object": OBJECT, "callback_url": url, "verify_token": verify_token, "fields": ",".join(fields)}
        self._call("POST", f"{node(app_id)}/subscriptions", app_token, data=asked)

    def subscribers(self, waba_id: str, token: str) -> list[str]:
        """Return the ids of the apps that hear of the account."""
        found = parts(self._call("GET", f"{node(waba_id)}/subscribed_apps", token).get("data"))
        return [str(part(each.get("whatsapp_business_api_data")).get("id", "")) for each in found]

    def subscribe(self, waba_id: str, token: str) -> None:
        """Let the token's app hear of the account."""
        self._call("POST", f"{node(waba_id)}/subscribed_apps", token)

    def server_time(self, token: str) -> datetime | None:
        """Return Meta's clock, from the head of any answer; None where it does not tell."""
        answer = self._exchange("GET", f"{self._base}/me", token, _MOST_BYTES)
        try:
            return parsedate_to_datetime(answer.date or "")
        except ValueError:
            return None
