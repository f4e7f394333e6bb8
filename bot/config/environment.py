"""Where variables come from: the environment, files that it names (`<NAME>_FILE`), and `.env`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from dotenv import dotenv_values

from bot.config.faults import Fault

PREFIX = "LETHE_"
FILE = "_FILE"


class Environment:
    """Variables by name. The environment goes before `.env`; a file is read each time, for secrets are replaced."""

    def __init__(self, environ: Mapping[str, str], dotenv: Path | None = None) -> None:
        self._layers: list[Mapping[str, str | None]] = [environ]
        self._names = ["environment"]
        if dotenv is not None and dotenv.is_file():
            self._layers.append(dotenv_values(dotenv))
            self._names.append(str(dotenv))

    def __repr__(self) -> str:
        return "Environment()"

    def get(self, name: str) -> str | None:
        """Return the value; an empty one is none. OSError or UnicodeError when the file it names cannot be read."""
        for layer in self._layers:
            if value := layer.get(name):
                return value
            if path := layer.get(name + FILE):
                return Path(path).read_text("utf-8").strip() or None
        return None

    def source(self, name: str) -> str:
        """Return where a variable stands, as people call the place."""
        for layer, place in zip(self._layers, self._names, strict=True):
            if layer.get(name) or layer.get(name + FILE):
                return place
        return self._names[0]

    def names(self) -> frozenset[str]:
        """Return the names of our variables that are set, files left aside."""
        names = (name for layer in self._layers for name, value in layer.items() if value)
        return frozenset(name.removesuffix(FILE) for name in names if name.startswith(PREFIX))

    def faults(self, names: frozenset[str]) -> Iterator[Fault]:
        """Yield for these variables what is set twice and which file cannot be read."""
        for name in sorted(names):
            for layer, place in zip(self._layers, self._names, strict=True):
                if layer.get(name) and layer.get(name + FILE):
                    yield Fault(place, name, f"is set, and {name}{FILE} too", "keep one of them")
            try:
                self.get(name)
            except (OSError, UnicodeError) as error:
                why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
                yield Fault(self.source(name), name + FILE, f"names a file that cannot be read: {why}", "mend the path")
