"""SIGKILL of web, worker and Valkey in the middle of conversations; judged by the simulator's log alone."""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.stack import Stack, running, until

PEOPLE = 100
ROUNDS = 3


def play(stack: Stack, people: list[str]) -> None:
    """Let everybody write, one line a round, in no order."""
    chance = random.Random(7)
    for number in range(ROUNDS):
        for person in chance.sample(people, len(people)):
            stack.sim("say", person=person, text=f"order {1000 + number}")
            time.sleep(0.01)


def disturb(stack: Stack, over: threading.Event) -> Counter[str]:
    """Kill one thing after the other and start it again, until it is over."""
    kills: Counter[str] = Counter()
    while not over.is_set():
        for name, again in (("worker", stack.start_worker), ("web", stack.start_web)):
            if over.wait(1.5):
                return kills
            stack.kill(name)
            again()
            kills[name] += 1
        stack.restart_valkey()
        kills["valkey"] += 1
    return kills


def sent(stack: Stack) -> Counter[tuple[str, str]]:
    """Return how often each answer was accepted by the simulator, by recipient and text."""
    entries = stack.look("log")["entries"]
    bodies: list[dict[str, Any]] = [each["body"] for each in entries if each["accepted"]]
    return Counter((body["to"], body["text"]["body"].partition(":")[0]) for body in bodies if "text" in body)


@pytest.mark.chaos
def test_everybody_is_answered_and_nobody_twice(tmp_path: Path, database_url: str):
    options: dict[str, Any] = {"receipts": ("sent", "delivered"), "pair_burst": 1000}
    with running(tmp_path, database_url=database_url, **options) as stack:
        people = [
            stack.sim("people", name=f"P{number}", phone=f"+4477009{number:05d}")["id"] for number in range(PEOPLE)
        ]
        over = threading.Event()
        kills: list[Counter[str]] = []
        havoc = threading.Thread(target=lambda: kills.append(disturb(stack, over)))
        havoc.start()
        play(stack, people)
        over.set()
        havoc.join()
        wanted = PEOPLE * ROUNDS

        until(lambda: len(sent(stack)) == wanted, f"{wanted} answers, there are {len(sent(stack))}", seconds=120)

        answers = sent(stack)
        assert set(answers.values()) == {1}
        assert min(kills[0].values()) >= 1
        order_kept(stack)


def order_kept(stack: Stack) -> None:
    """Fail when somebody's answers went in another order than her questions came (were answered 200)."""
    came: dict[str, list[tuple[str, str]]] = {}
    for entry in stack.look("webhooks")["entries"]:
        if entry["status"] == 200:
            for wamid, sender, text in questions(entry["body"]):
                came.setdefault(sender, [])
                if (wamid, text) not in came[sender]:
                    came[sender].append((wamid, text))
    went: dict[str, list[str]] = {}
    for entry in stack.look("log")["entries"]:
        if entry["accepted"]:
            went.setdefault(entry["body"]["to"].strip("+"), []).append(entry["body"]["text"]["body"].partition(":")[0])
    for sender, texts in came.items():
        assert [text.title() for _, text in texts] == went[sender]


def questions(body: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield wamid, sender and text of every message in a webhook."""
    for entry in body["entry"]:
        for change in entry["changes"]:
            for message in change["value"].get("messages", []):
                yield message["id"], message["from"], message["text"]["body"]


def test_a_stop_drains(tmp_path: Path):
    with running(tmp_path) as stack:
        stack.says("asha", "hi")
        for name, process in stack.processes.items():
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) in {0, -signal.SIGTERM}, name
