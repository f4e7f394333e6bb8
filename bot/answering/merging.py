"""Fewer bubbles: each message costs money, so what one message can say is not said in two. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.conversation.replies import Template
from bot.conversation.words import Purpose, Store

TEXT, BODY, CAPTION = 4096, 1024, 1024
"""What fits (Meta, message limits): a plain text, the body of an interactive message, a caption."""

CAPTIONED = frozenset({"image", "video"})
GAP = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """A rendered message with what the outbox must know of it."""

    body: dict[str, Any]
    purpose: Purpose
    rule: str
    store: Store
    outside: Template | None = None
    parts: int = 1

    def with_body(self, body: dict[str, Any]) -> "Bubble":
        """Return the same with another body."""
        return replace(self, body=body)


def merged(bubbles: Sequence[Bubble]) -> list[Bubble]:
    """Join neighbours of one purpose where WhatsApp allows: texts, a text before buttons, a text under a picture."""
    joined: list[Bubble] = []
    for bubble in bubbles:
        both = _join(joined[-1], bubble) if joined else None
        if both is None:
            joined.append(bubble)
        else:
            joined[-1] = both
    return joined


def _join(first: Bubble, second: Bubble) -> Bubble | None:
    if first.purpose is not second.purpose or (first.outside and second.outside):
        return None
    body = _joined_body(first.body, second.body)
    if body is None:
        return None
    store = Store.NONE if Store.NONE in {first.store, second.store} else Store.KEEP
    return replace(
        first, body=body, store=store, outside=first.outside or second.outside, parts=first.parts + second.parts
    )


def _joined_body(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any] | None:
    """Return one body that says both, or None."""
    if first["type"] == "text":
        return prefixed(first["text"]["body"], second)
    if first["type"] in CAPTIONED and second["type"] == "text" and "caption" not in first[first["type"]]:
        caption = second["text"]["body"]
        kind = first["type"]
        return {**first, kind: {**first[kind], "caption": caption}} if len(caption) <= CAPTION else None
    return None


def prefixed(text: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """Return the body with the text in front of its own, if it has one and both fit."""
    if body["type"] == "text":
        whole = text + GAP + body["text"]["body"]
        preview = body["text"]["preview_url"] or "https://" in text
        return {"type": "text", "text": {"body": whole, "preview_url": preview}} if len(whole) <= TEXT else None
    if body["type"] == "interactive":
        inner = body["interactive"]
        whole = text + GAP + inner["body"]["text"]
        return {**body, "interactive": {**inner, "body": {"text": whole}}} if len(whole) <= BODY else None
    return None


def suffixed(body: dict[str, Any], text: str) -> dict[str, Any] | None:
    """Return the body with the text behind its own, if it has one and both fit."""
    if body["type"] == "text":
        whole = body["text"]["body"] + GAP + text
        return {**body, "text": {**body["text"], "body": whole}} if len(whole) <= TEXT else None
    if body["type"] == "interactive":
        inner = body["interactive"]
        whole = inner["body"]["text"] + GAP + text
        return {**body, "interactive": {**inner, "body": {"text": whole}}} if len(whole) <= BODY else None
    if body["type"] in CAPTIONED:
        kind = body["type"]
        whole = (body[kind].get("caption", "") + GAP + text).strip()
        return {**body, kind: {**body[kind], "caption": whole}} if len(whole) <= CAPTION else None
    return None
