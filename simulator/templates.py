"""Message templates of the accounts: loaded from files, listed, changed."""

import copy
import json
import secrets
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Template:
    """One template in one language."""

    id: str
    waba: str
    name: str
    language: str
    category: str
    status: str = "APPROVED"
    parameter_format: str = "POSITIONAL"
    components: list[Json] = field(default_factory=list)
    more: Json = field(default_factory=dict)

    @classmethod
    def read(cls, waba: str, facts: Json, *, status: str) -> "Template":
        """Make a template of a definition in the shape of Meta's list API."""
        known = ("id", "name", "language", "category", "status", "parameter_format", "components")
        return cls(
            id=new_id(),
            waba=waba,
            name=str(facts["name"]),
            language=str(facts["language"]),
            category=str(facts.get("category", "UTILITY")).upper(),
            status=str(facts.get("status", status)).upper(),
            parameter_format=str(facts.get("parameter_format", "POSITIONAL")).upper(),
            components=copy.deepcopy(facts.get("components", [])),
            more={key: value for key, value in facts.items() if key not in known},
        )

    def node(self) -> Json:
        """Return all that Graph knows of the template."""
        return {
            "name": self.name,
            "parameter_format": self.parameter_format,
            "components": self.components,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "id": self.id,
            "rejected_reason": "NONE",
            "quality_score": {"score": "UNKNOWN", "date": 0},
            **self.more,
        }

    def part(self, kind: str) -> Json | None:
        """Return the component of a kind (HEADER, BODY, FOOTER, BUTTONS), if there is one."""
        return next((part for part in self.components if str(part.get("type")).upper() == kind), None)

    def brief(self) -> Json:
        """Return what the control side shows of it."""
        names = ("waba", "id", "name", "language", "status", "category")
        return {name: getattr(self, name) for name in names}


class Templates:
    """All templates of all accounts."""

    def __init__(self) -> None:
        self._templates: dict[str, Template] = {}

    def __iter__(self) -> Iterator[Template]:
        """Yield the templates in the order of their coming."""
        return iter(tuple(self._templates.values()))

    def load(self, folders: Iterable[Path], wabas: Iterable[str]) -> None:
        """Hold exactly the templates of the folders, for each account."""
        self._templates.clear()
        accounts = tuple(wabas)
        for path in files(folders):
            facts = _read(path)
            for waba in accounts:
                if self.find(waba, str(facts["name"]), str(facts["language"])) is None:
                    self.add(Template.read(waba, facts, status="APPROVED"))

    def add(self, template: Template) -> None:
        """Take a template in."""
        self._templates[template.id] = template

    def find(self, waba: str, name: str, language: str) -> Template | None:
        """Return an account's template of this name and language."""
        wanted = (waba, name, language)
        return next((each for each in self if (each.waba, each.name, each.language) == wanted), None)

    def by_id(self, template_id: str) -> Template | None:
        """Return the template with this id."""
        return self._templates.get(template_id)

    def of(self, waba: str) -> list[Template]:
        """Return an account's templates."""
        return [each for each in self if each.waba == waba]

    def remove(self, template: Template) -> None:
        """Delete a template."""
        self._templates.pop(template.id, None)


def files(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the definitions of each folder: in its `messages`, and in those of the folders below."""
    for folder in folders:
        yield from sorted({*folder.glob("messages/*.json"), *folder.glob("*/messages/*.json")})


def new_id() -> str:
    """Return a fresh numeric id, as Graph's objects have."""
    return str(secrets.randbelow(9 * 10**15) + 10**15)


def _read(path: Path) -> Json:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        name, language = facts["name"], facts["language"]
    except (ValueError, KeyError, TypeError) as problem:
        raise ValueError(f"{path}: no template definition in the shape of Meta's list API: {problem}") from None
    if path.name != f"{name}.{language}.json":
        print(f"{path}: the file holds {name} in {language}", file=sys.stderr)  # noqa: T201
    return dict(facts)
