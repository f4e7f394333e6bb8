"""A bot's webhook that notes what comes, and a small client: all real HTTP on loopback."""

import http.client
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from simulator.envelope import sign

Json = dict[str, Any]

SECRET, VERIFY, TOKEN = "app-secret", "verify-token", "access-token"
NUMBER, OTHER_NUMBER = "10555000111", "10555000222"
ASHA, DIEGO, CAROL = "+447700900101", "+34600000103", "+447700900105"
MEERA = "IN.10000000000000000002"


class Receiver:
    """The bot's webhook: takes signed bodies, answers as the test wants."""

    def __init__(self) -> None:
        self.bodies: list[Json] = []
        self.refused: list[str] = []
        self.answers: list[int] = []
        self._came = threading.Condition()
        self._open: set[Any] = set()
        self._server = _WebhookServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhook"

    def take(self, raw: bytes, signature: str | None) -> int:
        """Note a body and return the status to answer with."""
        with self._came:
            status = self.answers.pop(0) if self.answers else 200
            if signature != sign(raw, SECRET):
                self.refused.append(str(signature))
                status = 401
            elif status == 200:
                self.bodies.append(json.loads(raw))
            self._came.notify_all()
            return status

    def wait(self, enough: Callable[[], bool], timeout: float = 10) -> None:
        """Return when what came is enough."""
        with self._came:
            assert self._came.wait_for(enough, timeout), f"only {self.bodies} came"

    def values(self, name: str = "messages") -> list[Json]:
        """Return every value of a field."""
        changes = [change for body in self.bodies for entry in body["entry"] for change in entry["changes"]]
        return [change["value"] for change in changes if change["field"] == name]

    def all(self, key: str) -> list[Json]:
        """Return every message (or status) that came."""
        return [each for value in self.values() for each in value.get(key, [])]

    def statuses(self, wamid: str) -> list[str]:
        """Return the statuses of a message in the order of their coming."""
        return [status["status"] for status in self.all("statuses") if status["id"] == wamid]

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _WebhookServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a simulator that was stopped goes away in the middle."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Webhook(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(receiver.take(raw, self.headers["X-Hub-Signature-256"]), b"")

        def do_GET(self) -> None:
            query = dict(pair.split("=", 1) for pair in urlsplit(self.path).query.split("&") if "=" in pair)
            if self.path.startswith("/webhook") and query.get("hub.verify_token") == VERIFY:
                self._answer(200, query["hub.challenge"].encode())
            elif self.path == "/demo/person?phone=1":
                self._answer(200, b'{"held": []}')
            else:
                self._answer(403, b"")

        def _answer(self, status: int, body: bytes) -> None:
            head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

    return Webhook


@dataclass
class Answer:
    status: int
    raw: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def code(self) -> int:
        """Return the code of a Graph error."""
        return int(self.json["error"]["code"])

    @property
    def details(self) -> str:
        error = self.json["error"]
        return str(error.get("error_data", {}).get("details", error["message"]))


@dataclass
class Client:
    """Asks a simulator, as the bot and as a test."""

    url: str
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Send a request with the bot's token."""
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", **(headers or {})}
        self.connection.request(method, path, raw, sent)
        answer = self.connection.getresponse()
        return Answer(answer.status, answer.read(), {key.lower(): text for key, text in answer.getheaders()})

    def get(self, path: str) -> Any:
        """Return the JSON of an answer that must be good."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.raw
        return answer.json

    def post(self, path: str, body: Any = None) -> Any:
        """Post JSON and return that of an answer that must be good."""
        answer = self.ask("POST", path, body if body is not None else {})
        assert answer.status == 200, answer.raw
        return answer.json

    def send(self, message: Json, number: str = NUMBER) -> Answer:
        """Post to /messages."""
        return self.ask("POST", f"/v26.0/{number}/messages", {"messaging_product": "whatsapp", **message})

    def sent(self, message: Json) -> str:
        """Post a message that must be accepted; return its wamid."""
        answer = self.send(message)
        assert answer.status == 200, answer.raw
        return str(answer.json["messages"][0]["id"])

    def idle(self) -> None:
        """Wait until nothing is pending."""
        assert self.get("/sim/idle?timeout=10")["idle"]

    def chat(self, person: str, number: str = NUMBER) -> Json:
        """Return a conversation."""
        found: Json = self.get(f"/sim/chat?person={person}&number={number}")
        return found


def text(body: str, to: str = ASHA, **more: Any) -> Json:
    """Return a text message."""
    return {"to": to, "type": "text", "text": {"body": body}, **more}


def template(name: str, to: str = ASHA, language: str = "en", components: list[Json] | None = None) -> Json:
    """Return a template message."""
    content = {"name": name, "language": {"code": language}, "components": components or []}
    return {"to": to, "type": "template", "template": content}


def body_of(*texts: str) -> list[Json]:
    """Return the components that give a template's body its values."""
    return [{"type": "body", "parameters": [{"type": "text", "text": text} for text in texts]}]


DEFINITIONS: tuple[Json, ...] = (
    {
        "name": "order_update",
        "language": "en",
        "status": "APPROVED",
        "category": "UTILITY",
        "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Your order"},
            {"type": "BODY", "text": "Order {{1}} is {{2}} now.", "example": {"body_text": [["12", "ready"]]}},
            {"type": "FOOTER", "text": "Sunrise"},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "QUICK_REPLY", "text": "Stop"},
                    {"type": "URL", "text": "Track", "url": "https://example.com/{{1}}", "example": ["12"]},
                ],
            },
        ],
    },
    {
        "name": "come_back",
        "language": "en",
        "status": "APPROVED",
        "category": "MARKETING",
        "parameter_format": "NAMED",
        "components": [{"type": "BODY", "text": "Dear {{first_name}}, we bake again."}],
    },
    {
        "name": "code",
        "language": "en",
        "category": "AUTHENTICATION",
        "components": [
            {"type": "BODY", "text": "*{{1}}* is your verification code."},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy"}]},
        ],
    },
    {
        "name": "photo",
        "language": "en",
        "category": "UTILITY",
        "components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Your cake is ready."}],
    },
)
