"""Templates change by Meta's hand: status, category, quality; and the webhooks that tell it."""

from typing import Any

from simulator.state import State
from simulator.templates import Template

Json = dict[str, Any]


def change(state: State, template: Template, facts: Json) -> None:
    """Change a template's status, category or quality, and tell the bot."""
    if "category" in facts:
        _change_category(state, template, str(facts["category"]).upper())
    if "quality" in facts:
        quality = template.more.get("quality_score", {"score": "UNKNOWN"})["score"]
        template.more["quality_score"] = {
            "score": str(facts["quality"]).upper(),
            "date": int(state.clock.now()),
        }
        scores = {"previous_quality_score": quality, "new_quality_score": str(facts["quality"]).upper()}
        state.tell_account(template.waba, "message_template_quality_update", {**scores, **_named(template)})
    if "components" in facts:
        template.components = list(facts["components"])
        state.tell_account(template.waba, "message_template_components_update", _named(template) | _parts(template))
    if "status" in facts:
        _change_status(state, template, str(facts["status"]).upper(), facts.get("reason"))
    state.stream.tell("template")


def _change_status(state: State, template: Template, status: str, reason: Any) -> None:
    event = status if status in _EVENTS else "APPROVED"
    template.status = _EVENTS.get(status, status)
    if template.status == "REJECTED":
        template.more["rejected_reason"] = reason or "INCORRECT_CATEGORY"
    news: Json = {"event": event, **_named(template), "reason": reason or "NONE"}
    if template.status == "PAUSED":
        news["other_info"] = {
            "title": "FIRST_PAUSE",
            "description": "Paused for 3 hours because of low quality.",
        }
    if template.status == "DISABLED":
        news["disable_info"] = {"disable_date": int(state.clock.now())}
    state.tell_account(template.waba, "message_template_status_update", news)
    if template.status == "DELETED":
        state.templates.remove(template)


# The event of a status update, and the status that the list then shows.
_EVENTS = {
    **{status: status for status in ("APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL")},
    **{status: status for status in ("PENDING_DELETION", "DELETED", "LIMIT_EXCEEDED", "ARCHIVED", "LOCKED")},
    "FLAGGED": "APPROVED",
    "REINSTATED": "APPROVED",
    "UNARCHIVED": "APPROVED",
}


def _change_category(state: State, template: Template, category: str) -> None:
    previous, template.category = template.category, category
    news = {**_named(template), "previous_category": previous, "new_category": category}
    state.tell_account(template.waba, "template_category_update", news)


def _named(template: Template) -> Json:
    prefix = "message_template_"
    return {
        f"{prefix}id": int(template.id),
        f"{prefix}name": template.name,
        f"{prefix}language": template.language,
    }


def _parts(template: Template) -> Json:
    body, header, footer = (template.part(kind) or {} for kind in ("BODY", "HEADER", "FOOTER"))
    texts = {"element": body.get("text"), "title": header.get("text"), "footer": footer.get("text")}
    return {f"message_template_{name}": text for name, text in texts.items() if text}
