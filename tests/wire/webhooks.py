"""Documented webhooks to start from, and who and when they are about."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.wire.payload import Identity, Reading, read

FILES = {file.stem: file for file in (Path(__file__).parents[1] / "payloads").glob("*.json")}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
NUMBER, SHOWN, WABA = "106540352242922", "15550783881", "102290129340398"
OURS = "wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI4QUYzNTc5QkYyNkQ1RTAyRjQA"
THEIRS = "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA="
ANNA = Identity(phone="16505551234", bsuid="US.13491208655302741918", name="Anna Example")
NAMELESS = Identity(phone=ANNA.phone, bsuid=ANNA.bsuid)
PHONE_ONLY = Identity(phone="16505551234")


def load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(FILES[name].read_bytes())
    return data


def parse(data: object) -> Reading:
    return read(json.dumps(data).encode(), now=NOW)


def changed(**more: object) -> dict[str, Any]:
    """Return the text webhook with its message changed; None takes a key away."""
    data = load("text")
    message = data["entry"][0]["changes"][0]["value"]["messages"][0]
    message.update(more)
    for key in [key for key, value in more.items() if value is None]:
        del message[key]
    return data
