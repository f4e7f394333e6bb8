"""A lean stand-in for Meta's Graph API: takes messages over kept connections and tells of them by signed receipts."""

import asyncio
import json
import ssl
import sys
import time
from contextlib import suppress
from typing import Any

import orjson

from bench import bodies
from bench.helper import ROOT, obey
from bench.post import LOOPBACK, post

TEMPLATES = ROOT / "templates_wa" / "sunrise_bakery" / "messages"


class Graph:
    """What was sent to it: moment, our id, Meta's id, to whom."""

    def __init__(self) -> None:
        self.latency = 0.0
        self.messages: list[tuple[float, dict[str, str]]] = []
        self.marks = 0
        self._told = 0
        self._awaited = 0
        self._arrived = asyncio.Event()
        self._ready: list[bytes] = []
        self._templates = _json({"data": [_template(number, file) for number, file in enumerate(_files())]})

    def answer(self, head: bytes, body: bytes) -> tuple[float, bytes]:
        """Return the seconds to wait and the whole answer."""
        line = head[: head.index(b"\r\n")]
        if line.startswith(b"GET") and b"/message_templates" in line:
            return 0.0, self._templates
        if not line.startswith(b"POST") or b"/messages" not in line:
            return 0.0, _json({"data": [], "success": True})
        return self.latency, self._take(orjson.loads(body))

    def _take(self, message: dict[str, Any]) -> bytes:
        if message.get("status") == "read":
            self.marks += 1
            return _json({"success": True})
        to, ref = message.get("to", ""), message.get("biz_opaque_callback_data", "")
        wamid = bodies.wamid("out", len(self.messages))
        self.messages.append((time.monotonic(), {"to": to, "ref": ref, "wamid": wamid}))
        if len(self.messages) >= self._awaited:
            self._arrived.set()
        return _json(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": to, "wa_id": to}],
                "messages": [{"id": wamid, "message_status": "accepted"}],
            }
        )

    def set_latency(self, *, seconds: float) -> None:
        """Answer messages so much later."""
        self.latency = seconds

    async def wait(self, *, count: int, seconds: float) -> dict[str, Any]:
        """Wait for so many messages in all; tell how many there are, and the moment of the last."""
        self._awaited = count
        self._arrived.clear()
        with suppress(TimeoutError):
            if len(self.messages) < count:
                await asyncio.wait_for(self._arrived.wait(), seconds)
        return {"count": len(self.messages), "at": self.messages[-1][0] if self.messages else 0.0}

    def untold(self) -> int:
        """Return how many messages had no receipts yet."""
        return len(self.messages) - self._told

    def receipts(self, *, count: int, per_post: int) -> int:
        """Make so many receipts (three a message, oldest first); return the number of POSTs."""
        some = self.messages[self._told : self._told + -(-count // 3)]
        self._told += len(some)
        self._ready = bodies.receipts([message for _, message in some], per_post, count)
        return len(self._ready)

    async def send(self, *, port: int, connections: int, rate: float | None = None) -> dict[str, Any]:
        """Send the receipts that are ready, once."""
        ready, self._ready = self._ready, []
        return (await post(ready, port, connections=connections, rate=rate)).summary()


class Line(asyncio.Protocol):
    """One connection; a request at a time, as our own client does it."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._got = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the line."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is whole."""
        self._got += data
        head, end, rest = self._got.partition(b"\r\n\r\n")
        length = _length(head) if end else 0
        if not end or len(rest) < length:
            return
        self._got = rest[length:]
        wait, answer = self._graph.answer(head, rest[:length])
        if wait:
            asyncio.get_running_loop().call_later(wait, self._write, answer)
        else:
            self._write(answer)

    def _write(self, answer: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(answer)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


def _json(content: object) -> bytes:
    body = orjson.dumps(content)
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def _files() -> list[str]:
    return [file.read_text() for file in sorted(TEMPLATES.glob("*.json"))]


def _template(number: int, file: str) -> dict[str, Any]:
    return {"id": str(number), **json.loads(file)}


async def serve(certificate: str | None) -> None:
    """Serve until the parent is gone; TLS when there is a certificate (a file with its key)."""
    graph, tls = Graph(), None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Line(graph), LOOPBACK, 0, ssl=tls, backlog=512)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await obey(
            port,
            {
                "latency": graph.set_latency,
                "wait": graph.wait,
                "untold": graph.untold,
                "receipts": graph.receipts,
                "send": graph.send,
            },
        )
        server.close()


if __name__ == "__main__":
    asyncio.run(serve(json.loads(sys.argv[1])["certificate"]))
