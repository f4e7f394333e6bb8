"""A Graph API that knows three calls and writes down every request: no simulator, no rules, the documented answers."""

import base64
import itertools
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: path without the version, headers in small letters."""

    method: str
    path: str
    query: Json
    headers: dict[str, str]
    body: Json | None
    connection: int


@dataclass
class PlainGraph:
    """Serves in `with`; `asked` is all that was asked, `templates` what the account has."""

    templates: list[Json]
    version: str = "v26.0"
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        handler = type("Handler", (_Handler,), {"graph": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/{self.version}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def messages(self) -> list[Json]:
        """What was to be sent, in the order of asking."""
        return [each.body for each in self.asked if each.body and "type" in each.body]

    @property
    def marks(self) -> list[Json]:
        """What was marked as read."""
        return [each.body for each in self.asked if each.body and each.body.get("status") == "read"]

    def answer(self, asked: Asked) -> tuple[int, Json]:
        """Return status and body."""
        what = (asked.method, asked.path.rpartition("/")[2])
        match what:
            case ("POST", "messages") if asked.body and asked.body.get("status") == "read":
                return 200, {"success": True}
            case ("POST", "messages"):
                return 200, self._accepted(asked.body or {})
            case ("GET", "message_templates"):
                return 200, {"data": self.templates, "paging": {"cursors": {"before": "QQ", "after": "Qg"}}}
            case ("DELETE", "contact_book"):
                return 200, {"success": True, "deleted": True}
        error = {"message": f"Unsupported {asked.method.lower()} request.", "type": "GraphMethodException", "code": 100}
        return 400, {"error": {**error, "error_subcode": 33, "fbtrace_id": "A"}}

    def _accepted(self, body: Json) -> Json:
        wamid = "wamid." + base64.b64encode(f"an id {next(self._numbers):012}".encode()).decode()
        to = {"input": body["to"], "wa_id": body["to"].strip("+")} if "to" in body else {}
        who = to or {"input": body["recipient"], "user_id": body["recipient"]}
        return {"messaging_product": "whatsapp", "contacts": [who], "messages": [{"id": wamid}]}


class _Handler(BaseHTTPRequestHandler):
    """One connection, kept; each answer leaves as one buffer, or the client waits for the second."""

    graph: ClassVar[PlainGraph]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        parts = urlsplit(self.path)
        asked = Asked(
            method=self.command,
            path=parts.path.removeprefix(f"/{self.graph.version}"),
            query={name: values[0] for name, values in parse_qs(parts.query).items()},
            headers={name.lower(): value for name, value in self.headers.items()},
            body=json.loads(raw) if raw else None,
            connection=self.client_address[1],
        )
        self.graph.asked.append(asked)
        status, body = self.graph.answer(asked)
        content = json.dumps(body).encode()
        head = f"HTTP/1.1 {status} Some\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        self.wfile.write(head.encode() + content)

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815  the base class's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
        """Say nothing."""
