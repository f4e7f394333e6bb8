"""A quick tunnel of cloudflared: a public address for this machine, as long as its process runs."""

import re
import subprocess
import threading
from queue import Empty, Queue
from types import TracebackType
from typing import IO, Self

PROGRAM = "cloudflared"
INSTALL = "install cloudflared (https://developers.cloudflare.com/cloudflared), or give a public address of your own"
_ADDRESS = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.trycloudflare\.com")
_WITHIN = 30.0
_ENDS_WITHIN = 5.0


class TunnelError(Exception):
    """There is no tunnel; the text says why."""


class Tunnel:
    """One tunnel to one of our ports; `address` is where the world finds it."""

    def __init__(self, bind: str, *, program: str = PROGRAM, within: float = _WITHIN) -> None:
        """Start it and wait for its address; raises `TunnelError`."""
        command = [program, "tunnel", "--no-autoupdate", "--url", f"http://{bind}"]
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        except OSError as error:
            raise TunnelError(f"{program} cannot be started") from error
        found: Queue[str] = Queue()
        # It goes on reading to the end: a pipe that nobody empties would stop the tunnel.
        self._reader = threading.Thread(target=_read, args=(self.process.stderr, found), daemon=True)
        self._reader.start()
        self.address = self._first(found, within)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End it."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(_ENDS_WITHIN)
        if self.process.stderr is not None:
            self.process.stderr.close()

    def _first(self, found: Queue[str], within: float) -> str:
        try:
            address = found.get(timeout=within)
        except Empty:
            address = ""
        if not address:
            self.stop()
            raise TunnelError("cloudflared gave no address")
        return address


def _read(lines: IO[str] | None, found: "Queue[str]") -> None:
    """Pass the first address on, or an empty one when the program ends without."""
    told = False
    for line in lines or ():
        match = None if told else _ADDRESS.search(line)
        if match is not None:
            found.put(match[0])
            told = True
    if not told:
        found.put("")
