"""Meta's word on messages of ours."""

from bot.wire.payload.arrivals import Skip, Source
from bot.wire.payload.scalars import Json, ident, part, parts, text, when, whole, word
from bot.wire.payload.values import Receipt, Status

_STATUSES = {status.value: status for status in Status}
_LONGEST_REF = 512


def receipt(found: Json, source: Source) -> Receipt | Skip:
    """Read one of `statuses`."""
    status = _STATUSES.get(word(found.get("status")))
    if found.get("recipient_type") == "group":
        return "group"
    if status is None or found.get("type") == "call":
        return "status"
    ref, wamid = text(found.get("biz_opaque_callback_data"), _LONGEST_REF), ident(found.get("id"))
    if not ref and not wamid:
        return "no_id"
    # Meta spelt the parent's key the other way round until May 2026.
    parent = found.get("recipient_parent_user_id") or found.get("parent_recipient_user_id")
    pricing = part(found.get("pricing"))
    return Receipt(
        number_id=source.number_id,
        ref=ref,
        wamid=wamid,
        status=status,
        at=when(found.get("timestamp"), source.now),
        code=_code(found),
        pricing_type=word(pricing.get("type")),
        category=word(pricing.get("category")),
        recipient=source.contacts.identify(found.get("recipient_id"), found.get("recipient_user_id"), parent),
    )


def _code(found: Json) -> int | None:
    errors = parts(found["errors"]) if "errors" in found else []
    return whole(errors[0].get("code")) if errors else None
