"""Definitions of WhatsApp message templates that lie beside the rules: `messages/<name>.<language>.json`."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.config.faults import Fault

Definition = Mapping[str, Any]
"""A template in the shape of Meta's list API."""

_VARIABLE = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")
_REMEDY = "write it as Meta lists templates: name, language, category, components"


def read(folders: Sequence[Path], faults: list[Fault]) -> tuple[Definition, ...]:
    """Return the definitions of all folders, a later file replacing one of its name; unreadable ones are faults."""
    files = {path.name: path for folder in folders for path in _files(folder)}
    found = (_read(path, f"{path.parents[1].name}/messages/{name}", faults) for name, path in sorted(files.items()))
    return tuple(definition for definition in found if definition is not None)


def _files(folder: Path) -> list[Path]:
    return sorted((folder / "messages").glob("*.json"))


def _read(path: Path, file: str, faults: list[Fault]) -> Definition | None:
    try:
        table = json.loads(path.read_bytes())
    except (ValueError, OSError) as error:
        faults.append(Fault(file, "-", f"is no JSON: {error}", _REMEDY))
        return None
    if not isinstance(table, dict) or not isinstance(table.get("components"), list):
        faults.append(Fault(file, "components", "are missing", _REMEDY))
        return None
    expected = f"{table.get('name')}.{table.get('language')}.json"
    if path.name != expected:
        faults.append(Fault(file, "name", f"does not fit the file, which would be {expected}", "rename one of them"))
    return table


def body(definition: Definition) -> str:
    """Return the text of the template's body, with its `{{variables}}`."""
    components = (one for one in definition["components"] if isinstance(one, dict))
    return next((str(one.get("text", "")) for one in components if one.get("type") == "BODY"), "")


def parameters(definition: Definition) -> frozenset[str]:
    """Return the names of the parameters that the texts of the template ask for ("1", "2" for positional ones)."""
    texts = (str(one.get("text", "")) for one in definition["components"] if isinstance(one, dict))
    return frozenset(name for text in texts for name in _VARIABLE.findall(text))


def as_text(definition: Definition, values: Mapping[str, str]) -> str:
    """Return the body as a sentence of ours: its variables replaced by what a rule puts there."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), body(definition))
