"""From a folder of businesses to content: read, build, check; all faults at once or none."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bot.config.content.assemble import Common, assemble
from bot.config.content.business import Business, Content
from bot.config.content.source import HEAD
from bot.config.faults import ConfigError, Fault

COMMON = "_common"
SHIPPED = Path(__file__).parents[3] / "templates_wa" / COMMON
"""The defaults that come with the program, for folders that hold none."""


def load(folder: Path) -> Content:
    """Read all businesses of the folder. ConfigError holds every fault of every file; then nothing is loaded."""
    folders = _businesses(folder)
    common = Common.load(common_of(folder))
    faults = list(common.faults())
    if not folders:
        remedy = f"make a folder with a {HEAD}, or point LETHE_CONFIG_DIR to one that has them"
        faults.append(Fault(str(folder), "-", "holds no business", remedy))
    businesses = {each.name: assemble(each, common, faults) for each in folders}
    faults += _shared_numbers(businesses)
    if faults:
        raise ConfigError(faults)
    return Content(businesses=businesses, version=_version(*folders, *_bases(folder), common.folder))


def common_of(folder: Path) -> Path:
    """Return the folder of defaults: the deployment's own `_common`, else the one that ships."""
    own = folder / COMMON
    return own if own.is_dir() else SHIPPED


def _businesses(folder: Path) -> list[Path]:
    """Return the folders that are served; a name that begins with _ is a base, with . is hidden."""
    heads = folder.glob(f"*/{HEAD}")
    return sorted(head.parent for head in heads if not head.parent.name.startswith(("_", ".")))


def _bases(folder: Path) -> list[Path]:
    return sorted(each for each in folder.glob("_*") if each.is_dir() and each.name != COMMON)


def _shared_numbers(businesses: dict[str, Business]) -> Iterator[Fault]:
    taken: dict[str, str] = {}
    for business in businesses.values():
        for number in business.numbers:
            owner = taken.setdefault(number.phone_number_id, business.id)
            if owner != business.id:
                wrong = f"{number.phone_number_id} is a number of {owner} too"
                key = f"number.{number.name}.phone_number_id"
                yield Fault(f"{business.id}/{HEAD}", key, wrong, "name another variable: one number, one business")


def _version(*folders: Path) -> str:
    """Return a short hash of every file that was read."""
    seen = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in {".toml", ".json"}):
        seen.update(f"{path.name}\0".encode() + path.read_bytes())
    return seen.hexdigest()[:12]
