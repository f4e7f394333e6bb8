"""Refuse a package in what runs the bot whose licence is not known to go with ours (Apache-2.0)."""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement

# Tools that only check the code may have any licence; they are not shipped.
FITTING = re.compile(r"\b(?:MIT|0?BSD|Apache|ISC|MPL|LGPL|Lesser General|PSF|Python Software|Unlicense)\b")


def main() -> None:
    """List every package with its licence; fail when one does not fit."""
    unfit = 0
    for package in sorted(shipped("lethe"), key=lambda found: found.name.lower()):
        licence = licence_of(package)
        fits = bool(FITTING.search(licence))
        unfit += not fits
        sys.stdout.write(f"{' ' if fits else '!'} {package.name:<26} {licence}\n")
    if unfit:
        sys.exit(f"{unfit} packages have a licence that is unknown here: see the lines with an exclamation mark.")


def shipped(root: str) -> Iterator[Distribution]:
    """Walk what a package needs, each once, as this machine would install it."""
    seen: set[str] = set()
    waiting = [Requirement(root)]
    while waiting:
        wanted = waiting.pop()
        package = distribution(wanted.name)
        if package.name not in seen:
            seen.add(package.name)
            yield package
            waiting += needs(package, wanted.extras)


def needs(package: Distribution, extras: set[str]) -> Iterator[Requirement]:
    """Read what a package asks for, by itself and for the extras that were wanted."""
    for needed in map(Requirement, package.requires or ()):
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            yield needed


def licence_of(package: Distribution) -> str:
    """Take the licence from where the package states it: expression, classifiers, or a line of text."""
    data = package.metadata.json
    classifiers = [line.split(" :: ")[-1] for line in data.get("classifier", ()) if line.startswith("License")]
    stated = data.get("license_expression") or ", ".join(classifiers) or data.get("license") or "none stated"
    return str(stated).strip().splitlines()[0][:60]


if __name__ == "__main__":
    main()
