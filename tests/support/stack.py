"""The whole service as its users run it: web, worker, Valkey and the simulator, real processes on loopback."""

import base64
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from redis import Redis

from bot.config.settings import Need, load
from bot.doors import serve
from bot.store.valkey import EmbeddedValkey
from simulator.server import Simulator
from simulator.server import serve as serve_simulator
from simulator.settings import Number
from simulator.settings import Settings as SimulatorSettings

ROOT = Path(__file__).resolve().parents[2]
NUMBER = "10555000111"
WABA = "WABA1"
SECRET, VERIFY, TOKEN = "an-app-secret", "a-verify-token", "an-access-token-for-tests"
PATIENCE = 20.0


def until(found: Callable[[], Any], what: str, *, seconds: float = PATIENCE) -> Any:
    """Return the first true result; fail with what was awaited when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = found()
        if result:
            return result
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s for {what}")


def key(name: str) -> str:
    """Return a key as settings want it, the same in every run."""
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()


def free_port() -> int:
    """Return a port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Stack:
    """One deployment in a folder of its own."""

    def __init__(self, folder: Path, *, database_url: str = "", workers: int = 2, **simulator: Any) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.valkey = EmbeddedValkey(folder / "valkey")
        self.simulator: Simulator = serve_simulator(
            SimulatorSettings(
                webhook=f"{self.url}/webhook",
                bot=self.url,
                app_secret=SECRET,
                verify_token=VERIFY,
                access_tokens=(TOKEN,),
                numbers=(Number(id=NUMBER, phone="15550001111", waba=WABA, name="Sunrise Bakery"),),
                templates=(ROOT / "templates_wa" / "sunrise_bakery",),
                **{"throughput": 1000, **simulator},
            )
        )
        self.environment = self._environment(database_url, workers)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def _environment(self, database_url: str, workers: int) -> dict[str, str]:
        own = {
            "LETHE_CONFIG_DIR": str(ROOT / "templates_wa"),
            "LETHE_DATA_DIR": str(self.folder / "data"),
            "LETHE_REDIS_URL": self.valkey.url,
            "LETHE_GRAPH_URL": f"{self.simulator.url}/v26.0",
            "LETHE_MASTER_KEY": key("master"),
            "LETHE_PEPPER": key("pepper"),
            "LETHE_APP_SECRET": SECRET,
            "LETHE_VERIFY_TOKEN": VERIFY,
            "LETHE_ACCESS_TOKEN": TOKEN,
            "LETHE_PHONE_NUMBER_ID": NUMBER,
            "LETHE_WABA_ID": WABA,
            "LETHE_WEB_BIND": f"127.0.0.1:{self.port}",
            "LETHE_WORKERS": str(workers),
            "LETHE_DEMO": "1",
        }
        if database_url:
            own["LETHE_DATABASE_URL"] = database_url
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LETHE_")}
        return {**kept, **own}

    @property
    def log(self) -> str:
        """Everything the processes have written."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def start(self) -> None:
        """Start everything and return when the web process can take webhooks."""
        self.valkey.start()
        self.start_web()
        self.start_worker()
        self.ready()

    def start_web(self) -> None:
        """Start the web process."""
        settings = load(Need.WEB, environ=self.environment, dotenv=None)
        self._spawn("web", serve.command(settings))

    def start_worker(self) -> None:
        """Start the worker process, with its children."""
        self._spawn("worker", [sys.executable, str(ROOT / "worker.py")])

    def ready(self) -> None:
        """Return when intake is open."""
        until(self._is_ready, f"the web process to be ready\n{self.log}")

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def _spawn(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str, which: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a process and all its children, and wait for its end if it is SIGKILL."""
        process = self.processes[name]
        os.killpg(process.pid, which)
        if which == signal.SIGKILL:
            process.wait()

    def restart_valkey(self) -> None:
        """Kill Valkey and start it again over the same folder."""
        with Redis.from_url(self.valkey.url) as redis:
            pid = int(redis.info("server")["process_id"])
        os.kill(pid, signal.SIGKILL)
        until(lambda: not self.valkey.runs(), "Valkey to be gone")
        self.valkey.start()

    def stop(self) -> None:
        """End everything."""
        for name, process in self.processes.items():
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(25)
            except subprocess.TimeoutExpired:
                self.kill(name)
        self.valkey.stop()
        self.simulator.stop()

    def sim(self, path: str, **body: Any) -> Any:
        """POST to the simulator's control side and return its answer."""
        answer = requests.post(f"{self.simulator.url}/sim/{path}", json=body, timeout=30)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def look(self, path: str, **query: Any) -> Any:
        """GET from the simulator's control side."""
        answer = requests.get(f"{self.simulator.url}/sim/{path}", params=query, timeout=60)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def chat(self, person: str) -> list[dict[str, Any]]:
        """Return the conversation with a person."""
        chat: list[dict[str, Any]] = self.look("chat", person=person)["bubbles"]
        return chat

    def answers(self, person: str) -> list[dict[str, Any]]:
        """Return what the person got."""
        return [each for each in self.chat(person) if each["direction"] == "out"]

    def says(self, person: str, text: str, *, answers: int | None = None) -> dict[str, Any]:
        """Let a person write and return the answer, once so many more are there (one, unless said)."""
        before = len(self.answers(person))
        self.sim("say", person=person, text=text)
        wanted = before + (1 if answers is None else answers)
        until(lambda: len(self.answers(person)) >= wanted, f"an answer to {text!r}\n{self.log[-3000:]}")
        return self.answers(person)[-1]


@contextmanager
def running(folder: Path, environment: Mapping[str, str] | None = None, **options: Any) -> Iterator[Stack]:
    """Run a deployment."""
    stack = Stack(folder, **options)
    stack.environment |= environment or {}
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
