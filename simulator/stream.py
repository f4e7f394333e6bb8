"""Server-Sent Events: who watches is told what changed."""

import contextlib
import json
import queue
from collections.abc import Iterator
from typing import Any

_HEARTBEAT_SECONDS = 15.0
_ROOM = 1000


class Stream:
    """Tell every watcher of every change; a watcher that does not read is let go."""

    def __init__(self) -> None:
        self._watchers: set[queue.Queue[bytes | None]] = set()

    def tell(self, kind: str, **facts: Any) -> None:
        """Send an event to all who watch; never waits."""
        if not self._watchers:
            return
        line = b"data: " + json.dumps({"type": kind, **facts}).encode() + b"\n\n"
        for watcher in tuple(self._watchers):
            try:
                watcher.put_nowait(line)
            except queue.Full:
                self._watchers.discard(watcher)

    def watch(self) -> Iterator[bytes]:
        """Yield events as they come, and a comment now and then to keep the connection."""
        mine: queue.Queue[bytes | None] = queue.Queue(_ROOM)
        self._watchers.add(mine)
        try:
            yield b'data: {"type": "hello"}\n\n'
            while mine in self._watchers:
                try:
                    line = mine.get(timeout=_HEARTBEAT_SECONDS)
                except queue.Empty:
                    line = b": still here\n\n"
                if line is None:
                    return
                yield line
        finally:
            self._watchers.discard(mine)

    def close(self) -> None:
        """End every stream."""
        for watcher in tuple(self._watchers):
            self._watchers.discard(watcher)
            with contextlib.suppress(queue.Empty):
                while True:
                    watcher.get_nowait()
            with contextlib.suppress(queue.Full):  # then it wakes anyhow, and is no watcher any more
                watcher.put_nowait(None)
