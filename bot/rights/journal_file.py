"""The privacy journal's second home: a file outside the database, one JSON object a line, only ever added to."""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

BLOCK = 4096
"""More than the longest line."""


def append(path: Path, lines_after: Callable[[int], Iterable[str]]) -> int:
    """Write the lines that the file does not have yet and return how many; they are on the disk when this returns.

    Processes take turns by a lock on the file. A line that a crash left half-written is cut off first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = list(lines_after(_last_id(file)))
        if lines:
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())
    return len(lines)


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of the file, as far as they were written whole."""
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield json.loads(line)


def last_id(path: Path) -> int:
    """Return the id of the last whole line; 0 when there is none. Reads only the end of the file."""
    if not path.exists():
        return 0
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - BLOCK))
        return _id_at_the_end(file.read().rpartition(b"\n")[0])


def _id_at_the_end(whole: bytes) -> int:
    """Return the id of the last of these whole lines; 0 when there is none."""
    return int(json.loads(whole.rpartition(b"\n")[2])["id"]) if whole else 0


def _last_id(file: IO[bytes]) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - BLOCK))
    tail = file.read()
    whole, _, torn = tail.rpartition(b"\n")
    if torn:
        file.truncate(size - len(torn))
        file.seek(0, os.SEEK_END)
    return _id_at_the_end(whole)
