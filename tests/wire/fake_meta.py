"""A server on loopback that answers as told, to the byte."""

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self


def answer(data: object, *, status: int = 200, headers: str = "") -> bytes:
    """Return a whole response with this JSON."""
    return page(json.dumps(data).encode(), status=status, headers=headers)


def page(body: bytes, *, status: int = 200, headers: str = "") -> bytes:
    """Return a whole response with this body."""
    return f"HTTP/1.1 {status} Some\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


ACCEPTED = answer({"messaging_product": "whatsapp", "contacts": [], "messages": [{"id": "wamid.A"}]})


@dataclass(frozen=True, slots=True)
class Request:
    line: str
    headers: dict[str, str]
    json: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is written, and what becomes of the connection: kept, closed, reset, or left silent."""

    raw: bytes = ACCEPTED
    then: str = "keep"


@dataclass(slots=True)
class FakeMeta:
    """Gives the replies in turn, the last one for ever; a function answers by the request."""

    replies: list[Reply] | Callable[[Request], Reply]
    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    connections: list[socket.socket] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=128))
    threads: list[threading.Thread] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""

    def __post_init__(self) -> None:
        scheme = "https" if self.tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.listener.getsockname()[1]}/v26.0"

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for each in (self.listener, *self.connections):
            close(each)
        for thread in self.threads:
            thread.join(5)

    def _run(self, what: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=what, args=args, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(line)
            self._run(self._serve, line)

    def _serve(self, line: socket.socket) -> None:
        try:
            if self.tls:
                line = self.tls.wrap_socket(line, server_side=True)
                self.connections.append(line)
            with line.makefile("rb") as stream:
                while (request := _read(stream)) is not None:
                    if not self._reply(line, request):
                        return
        except OSError:
            self.closed.set()
        finally:
            close(line)

    def _reply(self, line: socket.socket, request: Request) -> bool:
        with self.lock:
            self.requests.append(request)
            turn = len(self.requests) - 1
        chosen = self.replies(request) if callable(self.replies) else self.replies[min(turn, len(self.replies) - 1)]
        line.sendall(chosen.raw)
        if chosen.then == "keep":
            return True
        if chosen.then == "silence":
            self.over.wait(10)
        if chosen.then == "reset":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()
        close(line)
        self.closed.set()
        return False


def close(line: socket.socket) -> None:
    """End the connection for good, also for those who wait in it."""
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        line.close()
    line.close()


def _read(stream: Any) -> Request | None:
    first = stream.readline().decode().strip()
    if not first:
        return None
    headers = {}
    while text := stream.readline().decode().strip():
        name, value = text.split(": ", 1)
        headers[name.lower()] = value
    body = stream.read(int(headers.get("content-length", "0")))
    return Request(first, headers, json.loads(body) if body else {})
