"""Meta and our web process face to face, in this process: what `connect` and `doctor` look at."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from werkzeug.serving import make_server

from simulator.app import ID
from simulator.server import Simulator, serve
from simulator.settings import Number, Settings
from tests.support.deployment import ENVIRON, NUMBER_ID

ROOT = Path(__file__).resolve().parents[2]
WABA = ENVIRON["LETHE_WABA_ID"]
APP_ID = ID
ADDRESS = "https://quiet-river-1234.trycloudflare.com"


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application on loopback."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def meta(web: str, environ: Mapping[str, str], **more: Any) -> Iterator[Simulator]:
    """Give Meta, with an app that knows the secrets of the environment and two numbers of one account."""
    settings = Settings(
        webhook=f"{web}/webhook",
        app_secret=environ["LETHE_APP_SECRET"],
        verify_token=environ["LETHE_VERIFY_TOKEN"],
        access_tokens=(environ["LETHE_ACCESS_TOKEN"],),
        numbers=(Number(id=NUMBER_ID, phone="15550001111", waba=WABA, name="Sunrise Bakery"),),
        templates=(ROOT / "templates_wa" / "sunrise_bakery",),
        **more,
    )
    with serve(settings) as simulator:
        yield simulator


def says(simulator: Simulator, **facts: Any) -> None:
    """Change what Meta says of the app, its token and its numbers."""
    answer = requests.post(f"{simulator.url}/sim/app", json=facts, timeout=10)
    assert answer.status_code == 200, answer.text


def fails(simulator: Simulator, code: int) -> None:
    """Let Meta refuse everything from now on."""
    fault = {"kind": "code", "on": "graph", "code": code, "count": 1000}
    answer = requests.post(f"{simulator.url}/sim/faults", json=fault, timeout=10)
    assert answer.status_code == 200, answer.text


def install(folder: Path, script: str) -> None:
    """Put a cloudflared of our own making into a folder."""
    program = folder / "cloudflared"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
