"""POSTs over kept connections, as quickly as they are answered or at a steady rate; the requests are made before."""

import asyncio
import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

LOOPBACK = "127.0.0.1"
AGAIN_AFTER = 0.05
"""Seconds until what was not taken (503) is sent again; Meta takes longer."""
DONE = b"HTTP/1.1 200"
LATER = b"HTTP/1.1 503"


class RefusedError(Exception):
    """The other side answered something else than 200 and 503."""


@dataclass(slots=True)
class Outcome:
    """What came of a run: seconds in all, latencies of the first tries, how often an answer was 503."""

    began: float = 0.0
    seconds: float = 0.0
    refused: int = 0
    latencies: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Return it as JSON, times in seconds."""
        p50, p99 = quantile(self.latencies, 0.5), quantile(self.latencies, 0.99)
        return {"began": self.began, "seconds": self.seconds, "refused": self.refused, "p50": p50, "p99": p99}


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which this part lies; 0.0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def median(values: Sequence[float]) -> float:
    """Return the median; 0.0 of nothing."""
    return statistics.median(values) if values else 0.0


async def post(requests: Sequence[bytes], port: int, *, connections: int, rate: float | None = None) -> Outcome:
    """Send them all, `rate` a second or (None) as quickly as the connections carry them.

    At a rate the latency counts from the moment when the request was due, so a stall is not hidden by the wait for it.
    """
    outcome = Outcome(began=time.monotonic())
    numbered = enumerate(requests)
    await asyncio.gather(*(_line(port, numbered, rate, outcome) for _ in range(min(connections, len(requests)))))
    outcome.seconds = time.monotonic() - outcome.began
    return outcome


async def _line(port: int, numbered: Iterator[tuple[int, bytes]], rate: float | None, outcome: Outcome) -> None:
    loop = asyncio.get_running_loop()
    with socket.socket() as line:
        line.settimeout(0)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await loop.sock_connect(line, (LOOPBACK, port))
        for number, request in numbered:
            due = outcome.began + number / rate if rate else time.monotonic()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            answer = await _exchange(loop, line, request)
            outcome.latencies.append(time.monotonic() - due)
            while answer.startswith(LATER):
                outcome.refused += 1
                await asyncio.sleep(AGAIN_AFTER)
                answer = await _exchange(loop, line, request)
            if not answer.startswith(DONE):
                raise RefusedError(answer[:60].decode(errors="replace"))


async def _exchange(loop: asyncio.AbstractEventLoop, line: socket.socket, request: bytes) -> bytes:
    await loop.sock_sendall(line, request)
    answer = b""
    while not _whole(answer):
        more = await loop.sock_recv(line, 65_536)
        if not more:
            raise RefusedError("the connection was closed")
        answer += more
    return answer


def _whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    for each in head.lower().split(b"\r\n"):
        if each.startswith(b"content-length:"):
            with suppress(ValueError):
                return len(body) >= int(each[15:])
    return True
