"""The load generator: a process that makes its requests first and then does nothing but send them."""

import asyncio
from typing import Any

from bench import bodies
from bench.helper import obey
from bench.post import post


class Load:
    """What is ready to be sent."""

    def __init__(self) -> None:
        self._serial = 0
        self._ready: list[bytes] = []

    def texts(self, *, count: int, people: int, per_post: int = 1) -> int:
        """Make so many texts of so many people; return the number of POSTs."""
        serials = range(self._serial, self._serial + count)
        self._serial += count
        self._ready = bodies.texts(serials, people, per_post)
        return len(self._ready)

    async def send(self, *, port: int, connections: int, rate: float | None = None) -> dict[str, Any]:
        """Send what is ready, once."""
        ready, self._ready = self._ready, []
        return (await post(ready, port, connections=connections, rate=rate)).summary()


def main() -> None:
    """Obey the parent."""
    load = Load()
    asyncio.run(obey("ready", {"texts": load.texts, "send": load.send}))


if __name__ == "__main__":
    main()
