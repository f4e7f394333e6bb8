"""How fast a number may send: in all, and to one person."""

from typing import Any

from simulator.chats import Chat
from simulator.errors import GraphError

_NUMBER = (
    "Message failed to send because there were too many messages sent from this phone number in a short period of time"
)
_PAIR = (
    "Message failed to send because there were too many messages sent from this phone number to the same recipient "
    "in a short period of time"
)


class Limits:
    """A bucket for each number (a second's worth) and one for each pair of number and person."""

    def __init__(self, throughput: int, pair_seconds: float, pair_burst: int) -> None:
        self.throughput, self.pair_seconds, self.pair_burst = throughput, pair_seconds, pair_burst
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, number: str, now: float) -> None:
        """Count a message of the number; raises 130429 when this second's are used up."""
        left, then = self._left.get(number, (float(self.throughput), now))
        left = min(float(self.throughput), left + max(0.0, now - then) * self.throughput)
        self._left[number] = (max(0.0, left - 1), now) if left >= 1 else (left, now)
        if left < 1:
            raise GraphError(130429, _NUMBER)

    def take_pair(self, chat: Chat, now: float) -> None:
        """Count a message to the person; raises 131056 when the borrowed burst is used up."""
        tokens = float(self.pair_burst)
        if chat.pair_tokens is not None and self.pair_seconds > 0:
            earned = max(0.0, now - chat.pair_at) / self.pair_seconds
            tokens = min(tokens, chat.pair_tokens + earned)
        chat.pair_at, chat.pair_tokens = now, tokens
        if tokens < 1:
            raise GraphError(131056, _PAIR)
        chat.pair_tokens = tokens - 1

    def change(self, facts: dict[str, Any]) -> None:
        """Set some of the limits."""
        self.throughput = int(facts.get("throughput", self.throughput))
        self.pair_seconds = float(facts.get("pair_seconds", self.pair_seconds))
        self.pair_burst = int(facts.get("pair_burst", self.pair_burst))
        self._left.clear()

    def show(self) -> dict[str, Any]:
        """Return the limits as JSON."""
        return {
            "throughput": self.throughput,
            "pair_seconds": self.pair_seconds,
            "pair_burst": self.pair_burst,
        }
