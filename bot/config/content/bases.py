"""Reuse: a business that extends a base lies over it, table by table; a base may extend another."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.config.content import source
from bot.config.content.source import BY_ID, Source
from bot.config.faults import Fault, nearest

EXTENDS, OFF = "extends", "off"
DROPPED = ("rule", "form")
"""Tables of which a business can have some off."""
COMMON = "_common"


def read(folder: Path) -> Source:
    """Read a business with everything that it extends: the same id replaces, the rest is the base's."""
    own = source.read(folder)
    layers = [own, *_bases(own, own.faults)]
    merged = layers.pop()
    while layers:
        _drop(merged)
        merged = _over(merged, layers.pop())
    return merged


def _bases(own: Source, faults: list[Fault]) -> Iterator[Source]:
    """Yield the bases of a business, the nearest first; a name that leads nowhere is a fault and the end."""
    layer, seen = own, [own.id]
    while isinstance(name := layer.tables.get(EXTENDS, ""), str) and name:
        base = own.folder.parent / name
        if fault := _unfit(base, seen):
            faults.append(Fault(layer.file(EXTENDS), EXTENDS, *fault))
            return
        seen.append(name)
        layer = source.read(base)
        yield layer


def _unfit(base: Path, seen: list[str]) -> tuple[str, str] | None:
    """Return what is wrong with a base and what would be right, if anything is."""
    if base.name in seen:
        return f"goes in a circle: {' > '.join([*seen, base.name])}", "take one of them out"
    known = sorted(each.name for each in base.parent.glob("_*") if each.is_dir() and each.name != COMMON)
    if base.name == COMMON or not base.name.startswith("_"):
        remedy = 'name a folder beside this one that begins with _: extends = "_clinic"'
        return f"{base.name!r} is no base", remedy
    if base.name not in known:
        return f"there is no base {base.name!r}", nearest(base.name, known)
    return None


def _drop(base: Source) -> None:
    """Leave out what a base itself has off; who lies over it cannot have it off again."""
    off = base.tables.pop(OFF, [])
    for dropped in off if isinstance(off, list) else [off]:
        group, _, id_ = str(dropped).partition(".")
        known = [f"{each}.{one}" for each in DROPPED for one in base.table(each)]
        if dropped in known:
            del base.tables[group][id_]
        else:
            base.fault(OFF, f"there is no {dropped}", nearest(str(dropped), known))


def _over(base: Source, own: Source) -> Source:
    """Lay a folder over its base: what both name is the folder's own."""
    merged: dict[str, Any] = {**base.tables, **own.tables}
    for group in BY_ID:
        if group in base.tables and group in own.tables:
            merged[group] = {**base.table(group), **own.table(group)}
    languages = base.locales.keys() | own.locales.keys()
    return Source(
        id=own.id,
        folder=own.folder,
        bases=(*base.bases, base.folder),
        tables=merged,
        where={**base.where, **own.where},
        locales={each: {**base.locales.get(each, {}), **own.locales.get(each, {})} for each in sorted(languages)},
        spare=base.spare | _languages(base.tables),
        faults=[*base.faults, *own.faults],
        whole=base.whole and own.whole,
    )


def _languages(head: Mapping[str, Any]) -> frozenset[str]:
    """Return the languages that a base writes its texts in, as far as it says."""
    named = head.get("languages", ())
    listed = named if isinstance(named, list) else [named]
    return frozenset(str(each) for each in (*listed, head.get("language")) if each)
