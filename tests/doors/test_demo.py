"""The seam to the simulator: its clock and its questions exist in the demo alone."""

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.config.settings import Need, SettingsError, load
from bot.doors import demo
from bot.doors.demo import DemoClock
from bot.doors.start import clock_of
from bot.runtime import utc_now
from tests.support.deployment import ENVIRON, NUMBER_ID


@pytest.mark.parametrize("path", ["/demo/message/x", f"/demo/person?number_id={NUMBER_ID}&phone=1"])
def test_nothing_of_it_exists_outside_the_demo(client: FlaskClient, app: Flask, path: str) -> None:
    assert client.get(path).status_code == 404
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")]


@pytest.mark.parametrize("url", ["https://graph.facebook.com/v26.0", "https://127.0.0.1.example.org/v26.0"])
def test_the_demo_is_refused_where_meta_is_real(url: str) -> None:
    with pytest.raises(SettingsError, match="LETHE_DEMO"):
        load(Need.WEB, environ=ENVIRON | {"LETHE_DEMO": "1", "LETHE_GRAPH_URL": url}, dotenv=None)


def test_outside_the_demo_the_clock_is_the_machines() -> None:
    assert clock_of(load(Need.WEB, environ=ENVIRON, dotenv=None)) is utc_now


def test_in_the_demo_it_is_the_simulators() -> None:
    assert isinstance(clock_of(load(Need.WEB, environ=ENVIRON | {"LETHE_DEMO": "1"}, dotenv=None)), DemoClock)


@pytest.fixture
def in_demo(environ: dict[str, str], request: pytest.FixtureRequest) -> FlaskClient:
    environ["LETHE_DEMO"] = "1"
    client: FlaskClient = request.getfixturevalue("client")
    return client


def test_of_a_stranger_nothing_is_held(in_demo: FlaskClient) -> None:
    told = in_demo.get(f"/demo/person?number_id={NUMBER_ID}&phone=919876543210").json
    assert told == {"held": [], "total": 0, "standing": [], "language": None, "window_until": None}


@pytest.mark.parametrize("path", ["/demo/message/unknown", "/demo/person?number_id=1&phone=1", "/demo/person"])
def test_what_it_does_not_know_it_does_not_tell(in_demo: FlaskClient, path: str) -> None:
    assert in_demo.get(path).status_code == 404


class Sundial(http.server.BaseHTTPRequestHandler):
    """Answers /sim/clock with the offset of the server."""

    def do_GET(self) -> None:
        body = json.dumps({"offset_seconds": self.server.offset}).encode()  # type: ignore[attr-defined]  # set below
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def sundial() -> Iterator[http.server.HTTPServer]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Sundial)
    server.offset = 0  # type: ignore[attr-defined]  # ours
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_clock_follows_the_simulator_and_never_goes_back(
    sundial: http.server.HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "ASK_EVERY", 0.0)
    clock = DemoClock(f"http://127.0.0.1:{sundial.server_port}/v26.0")
    for offset, expected in ((0, 0), (90_000, 90_000), (10, 90_000), ("soon", 90_000)):
        sundial.offset = offset  # type: ignore[attr-defined]  # ours
        assert abs(clock() - utc_now() - timedelta(seconds=expected)) < timedelta(seconds=2)


def test_the_clock_asks_at_most_four_times_a_second(sundial: http.server.HTTPServer) -> None:
    clock = DemoClock(f"http://127.0.0.1:{sundial.server_port}/v26.0")
    clock()
    sundial.offset = 90_000  # type: ignore[attr-defined]  # ours
    assert clock() - utc_now() < timedelta(seconds=2)


def test_without_the_simulator_the_clock_goes_on() -> None:
    assert abs(DemoClock("http://127.0.0.1:9/v26.0")() - utc_now()) < timedelta(seconds=2)
