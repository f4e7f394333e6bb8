"""The templates that the businesses use, as Meta has them now."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.doors.going_live.outcome import Failed, Ok, Outcome, Warned

Json = dict[str, Any]

_ADVICE = {
    "PENDING": "wait: Meta reviews it within a day",
    "REJECTED": "read why in WhatsApp Manager, Message templates, and change it there",
    "PAUSED": "people blocked or reported it: change it, or wait until Meta takes the pause back",
    "DISABLED": "make a new one under another name",
}
MAKE = "make it in WhatsApp Manager, Message templates, or take it out of the business's files"


def check(found: Sequence[Json], used: Iterable[str]) -> Outcome:
    """Judge the templates of an account; `used` are the names that the businesses' files send."""
    by_name: dict[str, list[Json]] = {}
    for each in found:
        by_name.setdefault(str(each.get("name")), []).append(each)
    wanted = sorted(set(used))
    if absent := [name for name in wanted if name not in by_name]:
        return Failed(f"Meta has no template {', '.join(absent)}", MAKE)
    warnings = [warned for name in wanted for each in by_name[name] for warned in _warnings(each)]
    none = [name for name in wanted if not any(each.get("status") == "APPROVED" for each in by_name[name])]
    if none:
        state = str(by_name[none[0]][0].get("status"))
        return Failed(f"not approved in any language: {', '.join(none)}", _ADVICE.get(state, MAKE))
    return Ok(f"{len(found)} templates, {len(wanted)} of them in use", tuple(warnings))


def _warnings(template: Json) -> list[Warned]:
    name = f"template {template.get('name')} ({template.get('language')})"
    status, score = str(template.get("status")), (template.get("quality_score") or {}).get("score")
    found = [] if status == "APPROVED" else [Warned(f"{name} is {status}", _ADVICE.get(status, MAKE))]
    if score == "RED":
        found.append(Warned(f"{name} has quality RED", _ADVICE["PAUSED"]))
    if template.get("correct_category"):
        advice = "it costs more and obeys opt-outs from then on: check its purpose"
        found.append(Warned(f"{name} will become {template['correct_category']}", advice))
    return found
