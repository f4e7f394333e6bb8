"""HTTP to one host over kept connections, by the rule of a wire without idempotency keys: know what went out.

A request fails in one of three ways. NOT_SENT: Meta cannot have all of it. REFUSED: Meta answered no. UNKNOWN:
all of it left, and no answer came that can be understood.
"""

import json
import os
import select
import socket
import ssl
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

import certifi

from bot.wire.errors import Outcome, SendError

Json = dict[str, Any]

_LONGEST_IDLE = 50.0
"""Seconds a connection may rest: behind some routers an older one is dead without either side knowing."""
_LONGEST_WAIT = 86_400.0
_SUCCESS = range(200, 300)
_SERVER_FAULTS = 500


def base(url: str) -> SplitResult:
    """Return the parts of a base URL, or raise ValueError: https, or http that never leaves this machine."""
    parts = urlsplit(url.rstrip("/"))
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise ValueError("the Graph URL must begin with https:// (http:// only on loopback)")
    if not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("the Graph URL is a host, a port if needed, and a version")
    return parts


def is_loopback(host: str | None) -> bool:
    """Return whether the name or address is this machine's own."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def trust(ca_file: str | None) -> ssl.SSLContext:
    """Return whom to trust: the system's authorities, Mozilla's (slim machines have none), and the operator's own."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def verdict(status: int, data: object, retry_after: str | None) -> Json | SendError:
    """Return the answer if it is a success of Meta's, else what is known of the failure."""
    error = data.get("error") if isinstance(data, dict) else None
    if isinstance(error, dict):
        code = error.get("code")
        return SendError(
            Outcome.REFUSED,
            code if type(code) is int else None,
            status,
            _seconds(retry_after),
            error.get("is_transient") is True,
        )
    if status in _SUCCESS and isinstance(data, dict):
        return data
    # An edge may speak for a server that took the request; below 500 it says that nobody did.
    lost = status in _SUCCESS or status >= _SERVER_FAULTS
    return SendError(Outcome.UNKNOWN if lost else Outcome.REFUSED, None, status, _seconds(retry_after))


def _seconds(retry_after: str | None) -> float | None:
    usable = retry_after is not None and retry_after.isascii() and retry_after.isdigit()
    return min(float(retry_after), _LONGEST_WAIT) if retry_after and usable else None


@dataclass(frozen=True, slots=True)
class Answer:
    """A success, in the shape that heyoo reads."""

    status_code: int
    data: Json

    def json(self) -> Json:
        return self.data


class Transport:
    """Requests to one host, from any number of threads; a connection serves one request at a time."""

    def __init__(
        self, base_url: str, *, ca_file: str | None, connect_timeout: float, read_timeout: float, max_bytes: int
    ) -> None:
        parts = base(base_url)
        self._host = parts.hostname or ""
        self._netloc = parts.netloc
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._tls = trust(ca_file) if parts.scheme == "https" else None
        self._port = parts.port or (443 if self._tls else 80)
        self._connect_timeout, self._read_timeout = connect_timeout, read_timeout
        self._max_bytes = max_bytes
        self._idle: deque[tuple[socket.socket, float]] = deque()
        self._pid = os.getpid()

    def post(self, url: str, headers: Mapping[str, str], json: Json) -> Answer:
        """Return the answer to a success; raise SendError for all else."""
        request = self._request(url, headers, json)
        line = self._write(request)
        answer = self._read(line)
        if isinstance(answer, SendError):
            raise answer
        return answer

    def close(self) -> None:
        """Close the connections that rest."""
        while self._idle:
            self._idle.pop()[0].close()

    def _request(self, url: str, headers: Mapping[str, str], body: Json) -> bytes:
        """Return the request as one run of bytes: written at once, it is one packet and one TLS record."""
        path = url.removeprefix(self._origin)
        content = json.dumps(body).encode()
        lines = {"Host": self._netloc, "Accept-Encoding": "identity", "Content-Length": len(content), **headers}
        head = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in lines.items())]
        if not path.startswith("/") or " " in path or not all(line.isascii() and line.isprintable() for line in head):
            raise ValueError("the address or the token holds what a request cannot carry")
        return "\r\n".join([*head, "", ""]).encode() + content

    def _write(self, request: bytes) -> socket.socket:
        """Write the request to a connection, or raise NOT_SENT.

        A failed write is safe to repeat: the kernel did not take the end, so Meta has no whole request.
        """
        while (kept := self._kept()) is not None:
            if _sent(kept, request):
                return kept
        fresh = self._connect()
        if fresh is None or not _sent(fresh, request):
            raise SendError(Outcome.NOT_SENT)
        return fresh

    def _kept(self) -> socket.socket | None:
        """Return a resting connection that is still good."""
        if self._pid != os.getpid():
            # A connection shared with the parent process would mix up two people's answers.
            self.close()
            self._pid = os.getpid()
        while True:
            try:
                line, since = self._idle.pop()
            except IndexError:
                return None
            if monotonic() - since < _LONGEST_IDLE and not _readable(line):
                return line
            line.close()

    def _connect(self) -> socket.socket | None:
        line = None
        try:
            line = socket.create_connection((self._host, self._port), self._connect_timeout)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                line = self._tls.wrap_socket(line, server_hostname=self._host)
            line.settimeout(self._read_timeout)
        except (OSError, UnicodeError):
            if line is not None:
                line.close()
            return None
        return line

    def _read(self, line: socket.socket) -> Answer | SendError:
        response = HTTPResponse(line, method="POST")
        raw, whole = b"", False
        try:
            response.begin()
            raw = response.read(self._max_bytes + 1)
            whole = not response.length and len(raw) <= self._max_bytes
        except (OSError, HTTPException, ValueError):
            pass
        finally:
            self._rest(line, response, keep=whole and not response.will_close)
        if not whole:
            return SendError(Outcome.UNKNOWN)
        found = verdict(response.status, _parse(raw), response.getheader("Retry-After"))
        return found if isinstance(found, SendError) else Answer(response.status, found)

    def _rest(self, line: socket.socket, response: HTTPResponse, *, keep: bool) -> None:
        response.close()
        if keep:
            self._idle.append((line, monotonic()))
        else:
            line.close()


def _sent(line: socket.socket, request: bytes) -> bool:
    try:
        line.sendall(request)
    except OSError:
        line.close()
        return False
    return True


def _readable(line: socket.socket) -> bool:
    """Return whether something waits to be read: on a resting connection that is its end."""
    poll = select.poll()
    poll.register(line, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))


def _parse(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
