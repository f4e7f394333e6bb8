"""How a message looks on a phone: from Meta's JSON to what a chat shows."""

from typing import Any

from simulator.bind import Bound

Json = dict[str, Any]
MEDIA = ("image", "video", "audio", "document", "sticker")
_ASKS = {
    "location_request_message": ("location", "Send location"),
    "request_contact_info": ("contact", "Share contact info"),
    "flow": ("flow", ""),
}


def look(kind: str, content: Any) -> Json:
    """Return text, buttons, menu and media of a message's content, as fields of a bubble."""
    if kind == "text":
        return {"text": content.get("body", "")}
    if kind in MEDIA:
        return {"text": content.get("caption", ""), "media": media(kind, content)}
    if kind == "interactive":
        return _interactive(content)
    return {"text": _plain(kind, content)}


def _plain(kind: str, content: Any) -> str:
    match kind:
        case "button":
            return str(content.get("text", ""))
        case "reaction":
            return str(content.get("emoji", ""))
        case "location":
            return ", ".join(str(content[key]) for key in ("name", "address") if content.get(key))
        case "contacts":
            names = (each.get("name", {}).get("formatted_name", "") for each in content if isinstance(each, dict))
            return ", ".join(name for name in names if name)
        case "system":
            return str(content.get("body", ""))
        case "order":
            return str(content.get("text", ""))
    return ""


def media(kind: str, content: Json) -> Json:
    """Return the media part of a bubble."""
    media_id = content.get("id")
    return {
        "kind": kind,
        "id": media_id,
        "link": content.get("link"),
        "url": content.get("link") or (media_id and f"/sim/media/{media_id}"),
        "mime_type": content.get("mime_type"),
        "filename": content.get("filename"),
        "caption": content.get("caption", ""),
        "voice": bool(content.get("voice", False)),
    }


def _interactive(content: Json) -> Json:
    kind = content.get("type", "")
    if kind in ("button_reply", "list_reply"):
        return {"text": content.get(kind, {}).get("title", "")}
    if kind == "nfm_reply":
        return {"text": content.get(kind, {}).get("body", "")}
    header = content.get("header") or {}
    looks: Json = {"text": (content.get("body") or {}).get("text", "")}
    looks["footer"] = (content.get("footer") or {}).get("text", "")
    if header.get("type") == "text":
        looks["header"] = {"text": header["text"]}
    elif header.get("type") in MEDIA:
        looks["media"] = media(header["type"], header[header["type"]])
    return {**looks, **_choices(kind, content.get("action") or {})}


def _choices(kind: str, action: Json) -> Json:
    if kind == "button":
        replies = (button["reply"] for button in action["buttons"])
        return {"buttons": [{"id": each["id"], "title": each["title"], "kind": "reply"} for each in replies]}
    if kind == "list":
        rows = [_row(row, section) for section in action["sections"] for row in section["rows"]]
        return {"menu": {"button": action["button"], "rows": rows}}
    parameters = action.get("parameters") or {}
    if kind == "cta_url":
        title, url = parameters["display_text"], parameters["url"]
        return {"buttons": [{"id": title, "title": title, "kind": "url", "url": url}]}
    if kind in _ASKS:
        sort, title = _ASKS[kind]
        return {"buttons": [{"id": sort, "title": title or parameters.get("flow_cta", "Open"), "kind": sort}]}
    return {}


def _row(row: Json, section: Json) -> Json:
    return {**row, "section": section.get("title", "")}


def of_template(bound: Bound) -> Json:
    """Return the look of a template that was filled in."""
    looks: Json = {"text": bound.body, "footer": bound.footer, "buttons": bound.buttons}
    if bound.header:
        looks["header"] = {"text": bound.header}
    if bound.media and bound.media["kind"] in MEDIA:
        looks["media"] = media(bound.media["kind"], bound.media)
    return looks
