"""Web and worker started by hand: the documented environment, a Redis, a Graph API, and nothing else."""

import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from bot.store.valkey import EmbeddedValkey
from tests.support.plain_graph import PlainGraph
from tests.support.stack import ROOT, free_port, until

Json = dict[str, Any]

PAYLOADS = ROOT / "tests" / "payloads"
NUMBER, SHOWN, WABA = "106540352242922", "15550783881", "102290129340398"
SECRET, TOKEN, PUBLIC = "an-app-secret", "an-access-token-for-tests", "https://bot.example"
REF = re.compile(r"[A-Za-z0-9_-]{22}")
DAY = 86_400


@dataclass
class ByHand:
    """A running deployment, and the other side of the wire, played by the test itself."""

    graph: PlainGraph
    url: str
    log: Path
    count: int = field(default=0)

    def post(self, webhook: Json) -> None:
        """Sign and post a webhook as Meta does: the bytes as they are, in escaped ASCII."""
        raw = json.dumps(webhook).replace("/", "\\/").encode()
        signature = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}
        answer = requests.post(f"{self.url}/webhook", data=raw, headers=headers, timeout=10)
        assert (answer.status_code, answer.content) == (200, b"")

    def sends(self, payload: str, *, age: float = 0, who: Json | None = None, **message: Any) -> str:
        """Let a person send the message of a documented webhook, changed; return its wamid."""
        webhook = json.loads((PAYLOADS / f"{payload}.json").read_bytes())
        value = webhook["entry"][0]["changes"][0]["value"]
        sent = value["messages"][0]
        self.count += 1
        wamid = "wamid." + base64.b64encode(f"to us {self.count:012}".encode()).decode()
        sent |= {"id": wamid, "timestamp": str(int(time.time() - age)), **message}
        if who:
            value["contacts"] = [{**value["contacts"][0], **who}]
            sent |= {"from": who["wa_id"], "from_user_id": who["user_id"]}
        self.post(webhook)
        return wamid

    def says(self, text: str, *, payload: str = "text", **more: Any) -> Json:
        """Let a person write, and return what is sent to her."""
        before = len(self.graph.messages)
        self.sends(payload, text={"body": text}, **more)
        return self.next_after(before)

    def next_after(self, before: int) -> Json:
        """Return the next message that goes out."""
        until(lambda: len(self.graph.messages) > before, f"an answer\n{self.log.read_text()[-2000:]}")
        return self.graph.messages[before]


def sent(name: str) -> Json:
    """Return a documented request of ours."""
    body: Json = json.loads((PAYLOADS / "sent" / f"{name}.json").read_bytes())
    return body


def plain(body: Json) -> Json:
    """Return the request with what differs from run to run replaced: our random id, times of day."""
    ref = body.get("biz_opaque_callback_data", "")
    assert REF.fullmatch(ref)
    written = json.dumps({**body, "biz_opaque_callback_data": "a random id"}, ensure_ascii=False)
    made: Json = json.loads(re.sub(r"Closed now, back [^.]+\. Our week: ", "We are open: ", written))
    return made


COMMANDS = {
    "web": [str(Path(sys.executable).with_name("lethe")), "web"],
    "worker": [sys.executable, str(ROOT / "worker.py")],
}


@contextmanager
def by_hand(folder: Path, config: Path, templates: list[Json]) -> Iterator[ByHand]:
    """Start `lethe web` and `python worker.py` in a folder, and end them."""
    valkey = EmbeddedValkey(folder / "valkey")
    valkey.start()
    log, port = folder / "log", free_port()
    with PlainGraph(templates) as graph, log.open("ab") as out:
        environment = _environment(folder, config, graph, valkey.url, port)
        processes = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
            for command in COMMANDS.values()
        ]
        try:
            made = ByHand(graph, f"http://127.0.0.1:{port}", log)
            until(lambda: _ready(made.url) or any(map(subprocess.Popen.poll, processes)), "the web process to be ready")
            assert not any(map(subprocess.Popen.poll, processes)), log.read_text()
            yield made
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(25)
            valkey.stop()


def _environment(folder: Path, config: Path, graph: PlainGraph, redis: str, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LETHE_")}
    return kept | {
        "LETHE_CONFIG_DIR": str(config),
        "LETHE_DATA_DIR": str(folder / "data"),
        "LETHE_REDIS_URL": redis,
        "LETHE_GRAPH_URL": graph.url,
        "LETHE_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(),
        "LETHE_PEPPER": base64.b64encode(os.urandom(32)).decode(),
        "LETHE_APP_SECRET": SECRET,
        "LETHE_VERIFY_TOKEN": "a-verify-token",
        "LETHE_ACCESS_TOKEN": TOKEN,
        "LETHE_PHONE_NUMBER_ID": NUMBER,
        "LETHE_WABA_ID": WABA,
        "LETHE_WEB_BIND": f"127.0.0.1:{port}",
        "LETHE_PUBLIC_URL": PUBLIC,
        "LETHE_WORKERS": "1",
    }


def _ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/readyz", timeout=2).ok
    except requests.RequestException:
        return False
