"""A served simulator with a bot's webhook on its other side."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.server import Simulator, serve
from simulator.settings import Number, Settings
from tests.simulator.harness import DEFINITIONS, NUMBER, OTHER_NUMBER, SECRET, TOKEN, VERIFY, Client, Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Give the bot's webhook."""
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of template definitions."""
    messages = tmp_path / "bakery" / "messages"
    messages.mkdir(parents=True)
    for definition in DEFINITIONS:
        name = f"{definition['name']}.{definition['language']}.json"
        (messages / name).write_text(json.dumps(definition), encoding="utf-8")
    return tmp_path


@pytest.fixture
def settings(receiver: Receiver, folder: Path) -> Settings:
    """Give the settings of the simulator; a test module may override them."""
    return Settings(
        webhook=receiver.url,
        app_secret=SECRET,
        verify_token=VERIFY,
        access_tokens=(TOKEN,),
        numbers=(
            Number(id=NUMBER, phone="15550001111", waba="WABA1", name="Sunrise Bakery"),
            Number(id=OTHER_NUMBER, phone="15550002222", waba="WABA2", name="Moonrise Bakery"),
        ),
        templates=(folder,),
        receipt_delay=0.005,
        review_delay=0.01,
    )


@pytest.fixture
def simulator(settings: Settings) -> Iterator[Simulator]:
    """Give a served simulator."""
    with serve(settings) as simulator:
        yield simulator


@pytest.fixture
def client(simulator: Simulator) -> Iterator[Client]:
    """Give a client of the simulator."""
    client = Client(simulator.url)
    yield client
    client.connection.close()
