"""One POST to Meta, and what came of it. Runs in threads, outside every transaction."""

import time
from dataclasses import dataclass

from bot.delivery.sending.claim import START_WITHIN, Claimed
from bot.wire.cloud import Accepted, Cloud
from bot.wire.errors import Outcome, SendError


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of a claim: Meta's acceptance (not a delivery), or the error."""

    claimed: Claimed
    accepted: Accepted | None = None
    error: SendError | None = None


def post(cloud: Cloud, token: str, claimed: Claimed, claimed_at: float) -> Posted:
    """Send the message, unless so much time has passed since the claim (monotonic) that its lease may end first."""
    if time.monotonic() - claimed_at > START_WITHIN:
        return Posted(claimed, error=SendError(Outcome.NOT_SENT))
    try:
        return Posted(claimed, accepted=cloud.post(claimed.number_id, token, claimed.request))
    except SendError as error:
        return Posted(claimed, error=error)
