"""`.env`, written so that what stands there stays: lines of others, their order, their comments."""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

_LINE = re.compile(r"^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=")


def read(path: Path) -> dict[str, str]:
    """Return what the file sets, empty values left aside."""
    if not path.is_file():
        return {}
    return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}


def merged(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the values set: in place of the last line that sets each, else at the end."""
    lines = text.splitlines()
    places = {match[1]: number for number, line in enumerate(lines) if (match := _LINE.match(line))}
    for name, value in values.items():
        line = f"{name}={quoted(value)}"
        if name in places:
            lines[places[name]] = line
        else:
            lines.append(line)
    return "\n".join(lines) + "\n" if lines else ""


def quoted(value: str) -> str:
    """Return a value as the file holds it. ValueError for what no line can hold."""
    if "\n" in value or "\r" in value or "\0" in value:
        raise ValueError("a value stands on one line")
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def write(path: Path, values: Mapping[str, str]) -> None:
    """Set the values, for nobody else to read (0600); the file is whole at any moment. OSError where it cannot be."""
    before = path.read_text("utf-8") if path.is_file() else ""
    handle, made = tempfile.mkstemp(dir=path.resolve().parent, prefix=".env.")  # made with 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(merged(before, values))
            file.flush()
            os.fsync(file.fileno())
        Path(made).replace(path.resolve())
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
