"""A process beside the one that measures: does what it is asked, a line of JSON at a time; ends with its parent."""

import asyncio
import inspect
import selectors
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[1]
LONGEST_LINE = 1 << 24
PATIENCE = 300.0
"""Seconds for an answer; every command ends by itself before."""

Command = Callable[..., Any | Awaitable[Any]]


class HelperError(Exception):
    """The helper could not do what it was asked."""


class Helper:
    """The parent's end."""

    def __init__(self, module: str, **options: Any) -> None:
        """Start `python -m module`, which answers once it is ready."""
        command = [sys.executable, "-m", module, orjson.dumps(options).decode()]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.hello: Any = self._answer()

    def ask(self, command: str, **fields: Any) -> Any:
        """Have it done and return what came of it; raises `HelperError`."""
        assert self._process.stdin
        self._process.stdin.write(orjson.dumps({"command": command, **fields}) + b"\n")
        self._process.stdin.flush()
        return self._answer()

    def stop(self) -> None:
        """End it."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _answer(self) -> Any:
        assert self._process.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            if not selector.select(PATIENCE):
                raise HelperError(f"no answer within {PATIENCE:.0f} s")
        line = self._process.stdout.readline()
        if not line:
            raise HelperError("it has ended")
        answer = orjson.loads(line)
        if "error" in answer:
            raise HelperError(answer["error"])
        return answer["result"]


async def obey(hello: Any, commands: Mapping[str, Command]) -> None:
    """Do one command after the other until the parent closes the line."""
    lines = asyncio.StreamReader(limit=LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    _say({"result": hello})
    while line := await lines.readline():
        fields = orjson.loads(line)
        try:
            result = commands[fields.pop("command")](**fields)
            _say({"result": await result if inspect.isawaitable(result) else result})
        except Exception as error:  # noqa: BLE001  told to the parent, who decides
            _say({"error": f"{type(error).__name__}: {error}"})


def _say(answer: Mapping[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    sys.stdout.buffer.flush()
