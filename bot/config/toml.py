"""TOML files, read with faults instead of exceptions."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.config.faults import Fault

MOST_BYTES = 1 << 20


def read(path: Path, name: str, faults: list[Fault]) -> dict[str, Any]:
    """Return the tables of a file; what cannot be read becomes a fault that names the line, and no tables."""
    raw = b""
    try:
        raw = path.read_bytes()
        if len(raw) > MOST_BYTES:
            faults.append(Fault(name, "-", "the file is larger than 1 MiB", "split it: all .toml files are read"))
            return {}
        return tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except OSError as error:
        faults.append(Fault(name, "-", f"cannot be read: {error.strerror}", "check that the file is there"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        faults.append(Fault(name, f"line {line}", "is not UTF-8", "save the file as UTF-8"))
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at ")
        key = place.rstrip(")") or "-"
        faults.append(Fault(name, key, f"is no TOML: {what}", "look at that line, or the one before it"))
    return {}


def leaves(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the dotted key and the value of everything in nested tables."""
    for key, value in table.items():
        dotted = f"{path}.{key}" if path else key
        if isinstance(value, Mapping):
            yield from leaves(value, dotted)
        else:
            yield dotted, value
