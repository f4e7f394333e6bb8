"""The program as its users run it: Valkey, the web process and the worker process, in a folder of their own."""

import base64
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import requests
from redis import Redis

from bench.bodies import NUMBER, SECRET, WABA
from bench.helper import ROOT
from bench.post import LOOPBACK
from bot.config.settings import Need, load
from bot.doors import serve
from bot.runtime import Runtime
from bot.store.valkey import EmbeddedValkey

STARTS_WITHIN = 30.0
ENDS_WITHIN = 25.0
TICK = 0.02


def until(found: Callable[[], object], seconds: float) -> bool:
    """Return whether it came true in time."""
    end = time.monotonic() + seconds
    while not found():
        if time.monotonic() > end:
            return False
        time.sleep(TICK)
    return True


def free_port() -> int:
    """Return a port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def start(command: list[str], log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a process with its output in a file."""
    with log.open("ab") as out:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and, if it does not go by itself, all its children."""
    process.terminate()
    try:
        process.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Service:
    """One deployment; `roots` are its processes, whose children belong to them."""

    def __init__(self, folder: Path, *, graph_url: str, ca_file: Path | None, database_url: str | None) -> None:
        """Take where it lives and what it talks to; nothing runs yet."""
        self.folder = folder
        self.port = free_port()
        self.roots: dict[str, int] = {}
        self._valkey = EmbeddedValkey(folder / "valkey")
        own = {
            "LETHE_CONFIG_DIR": str(ROOT / "templates_wa"),
            "LETHE_DATA_DIR": str(folder / "data"),
            "LETHE_DATABASE_URL": database_url,
            "LETHE_REDIS_URL": self._valkey.url,
            "LETHE_GRAPH_URL": graph_url,
            "LETHE_CA_FILE": ca_file and str(ca_file),
            "LETHE_MASTER_KEY": _key("master"),
            "LETHE_PEPPER": _key("pepper"),
            "LETHE_APP_SECRET": SECRET,
            "LETHE_VERIFY_TOKEN": "a-verify-token",
            "LETHE_ACCESS_TOKEN": "an-access-token-of-the-benchmark",
            "LETHE_PHONE_NUMBER_ID": NUMBER,
            "LETHE_WABA_ID": WABA,
            "LETHE_WEB_BIND": f"{LOOPBACK}:{self.port}",
        }
        self.environment = _without_ours() | {name: value for name, value in own.items() if value}
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start everything and return when a webhook would be taken; raises RuntimeError with the log."""
        url = self._valkey.start()
        with Redis.from_url(url) as redis:
            self.roots["valkey"] = redis.info("server")["process_id"]
        command = serve.command(load(Need.WEB, environ=self.environment, dotenv=None))
        self._spawn("web", command)
        self._spawn("worker", [sys.executable, str(ROOT / "worker.py")])
        if not until(self._ready, STARTS_WITHIN):
            raise RuntimeError(f"the service did not start:\n{self.log()}")

    def runtime(self) -> Runtime:
        """Return what a process of the service holds, to look into its database and stage messages."""
        return Runtime(load(Need.WORKER, environ=self.environment, dotenv=None))

    def log(self) -> str:
        """Return the last lines that the processes wrote."""
        return "".join(file.read_text()[-2000:] for file in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        """End everything."""
        for process in self._processes:
            end(process)
        self._valkey.stop()

    def _spawn(self, name: str, command: list[str]) -> None:
        process = start(command, self.folder / f"{name}.log", self.environment)
        self._processes.append(process)
        self.roots[name] = process.pid

    def _ready(self) -> bool:
        try:
            answer = requests.get(f"http://{LOOPBACK}:{self.port}/readyz", timeout=2)
        except requests.RequestException:
            return False
        return answer.status_code == HTTPStatus.OK


def _without_ours() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LETHE_")}


def _key(name: str) -> str:
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()
