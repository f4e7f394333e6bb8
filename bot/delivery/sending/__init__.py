"""From the outbox to Meta: claim (the gate), post, record. The only way to `/messages` (law 3)."""

from bot.delivery.sending.claim import Claimed, claim
from bot.delivery.sending.doubt import in_doubt, settle_doubts
from bot.delivery.sending.post import Posted, post
from bot.delivery.sending.record import Recorded, record

__all__ = ["Claimed", "Posted", "Recorded", "claim", "in_doubt", "post", "record", "settle_doubts"]
