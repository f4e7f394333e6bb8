"""Meta's errors: code, HTTP status and title, and the body they travel in."""

import http
import secrets
from typing import Any

Json = dict[str, Any]

HELP = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"

CODES: dict[int, tuple[int, str]] = {
    0: (401, "AuthException"),
    1: (400, "API Unknown"),
    2: (503, "API Service"),
    3: (500, "API Method"),
    4: (400, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    15: (400, "Not an app access token"),
    33: (400, "Parameter value is not valid"),
    100: (400, "Invalid parameter"),
    190: (401, "Access token has expired"),
    200: (403, "API Permission"),
    368: (403, "Temporarily blocked for policies violations"),
    2200: (400, "Callback verification failed"),
    80007: (400, "Rate limit issues"),
    130429: (429, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131020: (400, "Group error"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Account has been locked"),
    131037: (400, "WhatsApp provided number needs display name approval before message can be sent"),
    131042: (400, "Business eligibility payment issue"),
    131045: (500, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "Meta chose not to deliver"),
    131050: (400, "User has stopped marketing messages"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131059: (400, "Invalid pagination cursor"),
    131062: (400, "Business-scoped user id is not allowed for this message"),
    131063: (400, "Marketing templates are turned off on Cloud API"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132007: (400, "Template format character policy violated"),
    132008: (400, "Template parameter value is not valid"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    132018: (400, "There is an issue with the parameters in your template"),
    132068: (400, "Flow is in blocked state"),
    132069: (400, "Flow is in throttled state"),
    133004: (503, "Server is temporarily unavailable"),
    133005: (400, "Two step verification PIN mismatch"),
    133006: (400, "Phone number re-verification needed"),
    133010: (400, "Phone number not registered"),
    133016: (400, "Registration limit hit"),
    135000: (400, "Generic user error"),
    137000: (400, "Identity key hash does not match"),
}
_PASSING = frozenset({1, 2, 4, 80007, 130429, 131000, 131016, 131056, 131057, 133004})


class GraphError(Exception):
    """Meta says no, in Meta's words."""

    def __init__(self, code: int, details: str = "", *, status: int | None = None, message: str | None = None) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details
        self.status = status or CODES.get(code, (400, ""))[0]
        self.title = CODES.get(code, (400, "Error"))[1]
        self.message = message or f"(#{code}) {self.title}"

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Return what the answer carries beside its body."""
        return (("Retry-After", "1"),) if self.status == http.HTTPStatus.TOO_MANY_REQUESTS else ()

    def body(self) -> Json:
        """Return the JSON that Graph answers with."""
        error: Json = {"message": self.message, "type": "OAuthException", "code": self.code}
        if self.code in _PASSING:
            error["is_transient"] = True
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": {**error, "fbtrace_id": trace_id()}}

    def in_status(self) -> Json:
        """Return the error as a failed status carries it."""
        data = {"details": self.details or self.title}
        return {
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": data,
            "href": HELP,
        }


class NoSuchObjectError(GraphError):
    """The id in the path is nothing that this token can see."""

    def __init__(self, node: str, method: str) -> None:
        super().__init__(100)
        self.message = (
            f"Unsupported {method.lower()} request. Object with ID '{node}' does not exist, cannot be loaded due "
            "to missing permissions, or does not support this operation. Please read the Graph API documentation "
            "at https://developers.facebook.com/docs/graph-api"
        )

    def body(self) -> Json:
        """Return the JSON with the subcode that tells a missing object."""
        error = {"message": self.message, "type": "GraphMethodException", "code": 100, "error_subcode": 33}
        return {"error": {**error, "fbtrace_id": trace_id()}}


class BadTokenError(GraphError):
    """The bearer token is missing or not one of ours."""

    def __init__(self) -> None:
        super().__init__(190, message="Error validating access token: the session is invalid or has expired.")

    def body(self) -> Json:
        """Return the JSON with the subcode of an expired token."""
        body = super().body()
        body["error"]["error_subcode"] = 463
        return body


def invalid(details: str) -> GraphError:
    """Return the error of a request whose shape is wrong: code 100, told in the message."""
    return GraphError(100, message=f"(#100) {details}")


def trace_id() -> str:
    """Return an id like those under which Meta files a request."""
    return "A" + secrets.token_urlsafe(16)
