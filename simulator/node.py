"""The fields of a Graph object: those asked for, or the usual ones."""

from typing import Any

from simulator.errors import invalid
from simulator.web import Request

Json = dict[str, Any]


def chosen(facts: Json, request: Request, usual: tuple[str, ...]) -> Json:
    """Return the fields that were asked for (and the id), or the usual ones."""
    asked = request.query.get("fields")
    names = [field.partition("{")[0].strip() for field in asked.split(",")] if asked else usual
    if unknown := [name for name in names if name and name not in facts and name not in _RARE]:
        raise invalid(f"Tried accessing nonexisting field ({unknown[0]})")
    return {name: facts[name] for name in names if name in facts} | {"id": facts["id"]}


# Fields that Graph knows and leaves out when there is nothing to tell.
_RARE = frozenset(
    {
        "sub_category",
        "previous_category",
        "correct_category",
        "library_template_name",
        "message_send_ttl_seconds",
    }
    | {
        "certificate",
        "search_visibility",
        "last_onboarded_time",
        "owner_business_info",
        "country",
        "currency",
    }
    | {
        "analytics",
        "ownership_type",
        "health_status",
        "specific_rejection_reasons",
        "cta_url_link_tracking_opted_out",
    }
)
