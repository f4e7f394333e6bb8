"""The command and its settings."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulator.settings import Number, Settings, SettingsError
from tests.simulator.harness import NUMBER, OTHER_NUMBER, Client, Receiver, text

Json = dict[str, Any]


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook": "https://example.com/webhook"},
        {"bind": "0.0.0.0:0"},
        {"bot": "http://192.0.2.1"},
        {"app_secret": ""},
        {"numbers": ()},
        {"receipts": ("heard",)},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_it_refuses_settings(settings: Settings, wrong: Json) -> None:
    with pytest.raises(SettingsError):
        replace(settings, **wrong)


@pytest.mark.parametrize("given", ["", "1", "1:2", "1::W", "1:phone:W"])
def test_it_refuses_a_number(given: str) -> None:
    with pytest.raises(SettingsError):
        Number.parse(given)


def test_a_number_may_have_a_name() -> None:
    number = Number.parse("105:+1 555:W:Sunrise: the bakery")
    assert (number.id, number.phone, number.waba, number.name) == ("105", "1555", "W", "Sunrise: the bakery")


def test_the_command_serves_until_it_is_told_to_end(tmp_path: Path, receiver: Receiver) -> None:
    environment = {
        **os.environ,
        "SIM_APP_SECRET": "app-secret",
        "SIM_VERIFY_TOKEN": "v",
        "SIM_ACCESS_TOKEN": "other,access-token",
        "SIM_NUMBER": f"{NUMBER}:+15550001111:WABA1 {OTHER_NUMBER}:+15550002222:WABA1",
    }
    command = [sys.executable, "-m", "simulator", "--webhook", receiver.url, "--templates", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        ready = process.stdout.readline().split()
        assert ready[:2] == ["simulator", "ready"]
        client = Client(ready[2])
        client.post("/sim/say", {"person": "asha", "text": "hi"})
        client.idle()
        assert client.send(text("hello"), number=NUMBER).status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        client.connection.close()
    assert len(receiver.all("messages")) == 1


def test_the_command_says_what_is_missing() -> None:
    done = subprocess.run([sys.executable, "-m", "simulator"], capture_output=True, text=True, check=False, env={})
    assert done.returncode == 2
    assert "must not be empty" in done.stderr
