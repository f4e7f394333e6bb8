"""Templates over HTTP: list by page, create, delete; and the news of their changes."""

import base64
import re
from typing import Any
from urllib.parse import urlencode

from simulator.errors import GraphError, NoSuchObjectError, invalid
from simulator.fields import need_list, need_text
from simulator.node import chosen
from simulator.state import State
from simulator.template_news import change
from simulator.templates import Template
from simulator.web import Request, Response, as_json

Json = dict[str, Any]

USUAL = ("name", "parameter_format", "components", "language", "status", "category", "id")
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_HOLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_FILTERS = ("name", "language", "status", "category")
_CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")
_MOST = 250
_PAGE = 1_000
_LENGTH = 1_024


def listed(state: State, request: Request, waba: str) -> Json:
    """Return a page of an account's templates, and where the next one is."""
    found = [each for each in state.templates.of(waba) if _fits(each, request.query)]
    start, most = _start(request.query.get("after")), _limit(request.query.get("limit", "25"))
    page = found[start : start + most]
    if not page:
        return {"data": []}
    end = start + len(page)
    paging: Json = {"cursors": {"before": _cursor(start), "after": _cursor(end)}}
    if end < len(found):
        query = urlencode({**request.query, "after": _cursor(end)})
        paging["next"] = f"{state.url}{request.path}?{query}"
    return {"data": [chosen(each.node(), request, USUAL) for each in page], "paging": paging}


def _fits(template: Template, query: dict[str, str]) -> bool:
    return all(
        query[name].lower() in str(getattr(template, name)).lower()
        if name == "name"
        else query[name].upper() == str(getattr(template, name)).upper()
        for name in _FILTERS
        if name in query
    )


def _limit(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= _PAGE:
        raise invalid(f"Param limit must be a number from 1 to {_PAGE}.")
    return int(text)


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"at:{place}".encode()).decode().rstrip("=")


def _start(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        text = ""
    word, _, place = text.partition(":")
    if word != "at" or not place.isdigit():
        raise GraphError(131059, "The cursor is not valid or no longer valid; restart from the first page")
    return int(place)


def create(state: State, request: Request, waba: str) -> Json:
    """Take a new template for review; it is approved (or rejected) a moment later."""
    facts = _body(request)
    name, language = _identity(facts)
    if state.templates.find(waba, name, language) is not None:
        raise GraphError(2388024, f"There is already {language} content for this template", message=_THERE)
    if sum(1 for _each in state.templates.of(waba)) >= _MOST:
        raise GraphError(2388019, f"At most {_MOST} templates are allowed", message="(#2388019) Limit reached")
    _check(need_list(facts, "components", "components", most=20))
    template = Template.read(waba, {**facts, "status": "PENDING"}, status="PENDING")
    state.templates.add(template)
    state.timer.after(state.settings.review_delay, lambda: approve(state, template))
    state.stream.tell("template")
    return {"id": template.id, "status": template.status, "category": template.category}


_THERE = "(#2388024) Content in this language already exists"


def _identity(facts: Json) -> tuple[str, str]:
    name = need_text(facts, "name", "name", most=512)
    language = need_text(facts, "language", "language", most=15)
    if not _NAME.fullmatch(name):
        raise invalid("Param name may have lower-case letters, digits and underscores only.")
    if str(facts.get("category")).upper() not in _CATEGORIES:
        raise invalid(f"Param category must be one of {{{', '.join(_CATEGORIES)}}}.")
    return name, language


def _check(components: list[Json]) -> None:
    body = next((part for part in components if str(part.get("type")).upper() == "BODY"), None)
    if body is None:
        raise invalid("The component BODY is required.")
    text = str(body.get("text", "")).strip()
    if len(text) > _LENGTH:
        raise GraphError(2388040, f"body: at most {_LENGTH} characters", message="(#2388040) Field exceeds its length")
    if text.startswith("{{") or text.endswith("}}"):
        raise GraphError(2388299, "body: variables can't be at the start or end", message=_EDGE)
    if _HOLE.search(text) and not body.get("example"):
        raise GraphError(2388043, "body: examples of its variables are missing", message=_EXAMPLE)


_EDGE = "(#2388299) Leading or trailing parameters are not allowed"
_EXAMPLE = "(#2388043) The message template is missing expected fields"


def approve(state: State, template: Template) -> None:
    """End the review of a template that still waits for it."""
    with state.lock:
        if template.status == "PENDING" and state.templates.by_id(template.id) is template:
            change(state, template, {"status": "APPROVED"})


def unpause(state: State, request: Request, name: str) -> Response:
    """End the pause of a template."""
    with state.lock:
        template = _known(state, request, name)
        if template.status != "PAUSED":
            raise invalid("The template is not paused.")
        change(state, template, {"status": "APPROVED"})
    return as_json({"success": True})


def edit(state: State, request: Request, name: str) -> Response:
    """Replace a template's components; it cannot be sent until it is approved again."""
    facts = _body(request)
    with state.lock:
        template = _known(state, request, name)
        if template.status not in ("APPROVED", "REJECTED", "PAUSED"):
            raise invalid("Only approved, rejected and paused templates can be edited.")
        components = need_list(facts, "components", "components", most=20)
        _check(components)
        template.components, template.status = components, "PENDING"
        state.timer.after(state.settings.review_delay, lambda: approve(state, template))
        state.stream.tell("template")
    return as_json({"success": True, "id": template.id, "category": template.category})


def _known(state: State, request: Request, name: str) -> Template:
    template = state.templates.by_id(name)
    if template is None:
        raise NoSuchObjectError(name, request.method)
    return template


def _body(request: Request) -> Json:
    try:
        return request.json()
    except ValueError:
        raise invalid("The request body is not a valid JSON object.") from None


def remove(state: State, request: Request, waba: str) -> Json:
    """Delete a template by name in all languages, or just the one with the id."""
    name, template_id = request.query.get("name", ""), request.query.get("hsm_id")
    found = [each for each in state.templates.of(waba) if each.name == name and template_id in (None, each.id)]
    if not found:
        raise GraphError(100, f"There is no template named {name}", status=400)
    for template in found:
        state.templates.remove(template)
    state.stream.tell("template")
    return {"success": True}
