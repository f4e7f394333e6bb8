"""A business's folder as it is written: every table of every file, and where each stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.config import toml
from bot.config.faults import Fault

HEAD = "business.toml"
OTHERS = frozenset({"privacy.toml", "commands.toml"})
"""Files of the folder that are read by somebody else."""
BY_ID = ("rule", "form", "number")
"""Tables of tables: their ids may stand in several files, each id in one."""


@dataclass(slots=True)
class Source:
    """The merged tables of one business; `where` names the file of `name`, of `rule.hours`, of `number.main`."""

    id: str
    folder: Path
    tables: dict[str, Any] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    locales: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each locale file's language, the file of each key."""
    bases: tuple[Path, ...] = ()
    """What the business extends, the farthest first."""
    spare: frozenset[str] = frozenset()
    """Languages of its bases: it may leave their texts unused."""
    faults: list[Fault] = field(default_factory=list)
    whole: bool = True
    """Whether every file could be read; if not, nothing can be said about what is missing."""

    def file(self, key: str) -> str:
        """Return the file in which a key stands, as `<business>/<file>`."""
        parts = key.split(".")
        for depth in (2, 1):
            if (found := self.where.get(".".join(parts[:depth]))) is not None:
                return found
        return f"{self.id}/{HEAD}"

    def owns(self, key: str) -> bool:
        """Tell whether a key stands in the business's own files, and not in a base."""
        return self.file(key).startswith(f"{self.id}/")

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return every folder that is read, the farthest base first, the business's own last."""
        return (*self.bases, self.folder)

    def fault(self, key: str, wrong: str, right: str) -> None:
        """Note a fault at a key of this business."""
        self.faults.append(Fault(self.file(key), key, wrong, right))

    def table(self, name: str) -> Mapping[str, Any]:
        """Return a table of tables; one of another shape is a fault noted before."""
        found: Mapping[str, Any] = self.tables.get(name, {})
        return found


def read(folder: Path) -> Source:
    """Read every file of the folder that belongs to the content."""
    source = Source(folder.name, folder)
    for path in sorted(folder.glob("*.toml")):
        if path.name not in OTHERS:
            name = f"{folder.name}/{path.name}"
            noted = len(source.faults)
            tables = toml.read(path, name, source.faults)
            source.whole = source.whole and len(source.faults) == noted
            for group, id_, value in _tables(tables, name, source.faults):
                _add(source, (group, id_), value, name)
    for path in sorted((folder / "locales").glob("*.toml")):
        # Faults of these files are told by the catalogue; here only the keys count.
        name = f"{folder.name}/locales/{path.name}"
        source.locales[path.stem] = {key: name for key, _ in toml.leaves(toml.read(path, path.name, []))}
    return source


def _tables(tables: Mapping[str, Any], name: str, faults: list[Fault]) -> Iterator[tuple[str, str | None, Any]]:
    """Yield every key of a file, and in tables of tables every id, with its value."""
    for key, value in tables.items():
        if key not in BY_ID:
            yield key, None, value
        elif isinstance(value, Mapping):
            yield from ((key, id_, table) for id_, table in value.items())
        else:
            faults.append(Fault(name, key, "is no table", f"write [{key}.<id>] and its keys below"))


def _add(source: Source, place: tuple[str, str | None], value: Any, name: str) -> None:
    group, id_ = place
    key = group if id_ is None else f"{group}.{id_}"
    if key in source.where:
        wrong = f"stands also in {source.where[key]}"
        source.faults.append(Fault(name, key, wrong, "keep one of them, or give one another id"))
        return
    source.where[key] = name
    if id_ is None:
        source.tables[group] = value
    else:
        source.tables.setdefault(group, {})[id_] = value
