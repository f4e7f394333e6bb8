"""HTTP as this program needs it: requests, responses, and a handler that answers in one write."""

import http
import json
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from simulator.settings import is_loopback

_MOST_BYTES = 101 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asked."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def value(self) -> Any:
        """Return the body as JSON of any kind; raises ValueError for what is none."""
        return json.loads(self.body or b"{}")

    def form(self) -> dict[str, str]:
        """Return the body as a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object; raises ValueError for anything else."""
        value = self.value()
        if not isinstance(value, dict):
            raise ValueError("the body must be a JSON object")  # noqa: TRY004 - all bad input is one kind here
        return value


@dataclass(slots=True, kw_only=True)
class Response:
    """What is answered; `cut` ends the connection with a reset instead, `stream` never ends by itself."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json; charset=UTF-8"
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    stream: Iterator[bytes] | None = None


Answer = Callable[[Request], Response]


def as_json(value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """Return a response that holds JSON."""
    return Response(status=status, body=json.dumps(value).encode(), headers=headers)


class Server(ThreadingHTTPServer):
    """A server on loopback, a thread a connection, that ends at once."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], answer: Answer) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.answer = answer
        self._open: set[socket.socket] = set()
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that it can be ended, and serve it."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection and forget it."""
        self._open.discard(request)
        super().shutdown_request(request)

    def end(self) -> None:
        """Stop listening and end every connection."""
        self.shutdown()
        self.server_close()
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # it ended by itself meanwhile
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of faults of this program; a client that went away is none."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Read a request, have it answered, write the answer in one piece."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def handle_any(self) -> None:
        """Answer one request."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _MOST_BYTES or self.headers.get("Transfer-Encoding"):
            self.close_connection = True
            self._write(as_json({"error": "a Content-Length of at most 101 MiB is needed"}, 413))
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):  # the client went away in the middle
            self.close_connection = True
            return
        self._write(self._answered(self._request(body)))

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do_HEAD = do_OPTIONS = handle_any  # noqa: N815

    def _request(self, body: bytes) -> Request:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        headers = {name.lower(): text for name, text in self.headers.items()}
        return Request(method=self.command, path=unquote(parts.path), query=query, headers=headers, body=body)

    def _answered(self, request: Request) -> Response:
        if not _from_here(request):
            return as_json({"error": "only this machine's own pages and programs are served"}, 403)
        try:
            return self.server.answer(request)
        except Exception:  # noqa: BLE001 - the client gets an answer, the operator the traceback
            traceback.print_exc(file=sys.stderr)
            return as_json({"error": "the simulator failed; its own output says why"}, 500)

    def _write(self, response: Response) -> None:
        if response.cut:
            # A linger of zero makes close() send a reset instead of a goodbye.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        head = [
            f"HTTP/1.1 {response.status} {_phrase(response.status)}",
            f"Content-Type: {response.content_type}",
        ]
        head += [f"{name}: {text}" for name, text in response.headers]
        if response.stream is not None:
            self.close_connection = True
            self._stream([*head, "Cache-Control: no-store", "Connection: close"], response.stream)
            return
        head += [f"Content-Length: {len(response.body)}"]
        if self.close_connection:
            head += ["Connection: close"]
        body = b"" if self.command == "HEAD" else response.body
        self.wfile.write("\r\n".join([*head, "", ""]).encode("latin-1") + body)

    def _stream(self, head: list[str], pieces: Iterator[bytes]) -> None:
        self.wfile.write("\r\n".join([*head, "", ""]).encode("latin-1"))
        for piece in pieces:
            self.wfile.write(piece)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Say nothing on stderr for each request; /sim/log tells them."""


def _phrase(status: int) -> str:
    return http.HTTPStatus(status).phrase


def _from_here(request: Request) -> bool:
    """Tell whether the request is no trick of a foreign page (rebinding, cross-site posts)."""
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    name = urlsplit(f"//{host}").hostname or ""
    return is_loopback(name) and (origin is None or urlsplit(origin).netloc == host)
