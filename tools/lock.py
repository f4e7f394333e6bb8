"""Resolve pyproject.toml anew into requirements.lock: the newest versions that agree with each other.

Only names and versions are written: which registry they come from is the machine's business.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = "# Made by `make lock` from pyproject.toml: what runs the bot and what checks it, every version named.\n"


def main() -> None:
    """Write the lock, or leave it as it is when there is no solution."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    pins = sorted(pin(found["metadata"]) for found in resolve(wanted)["install"])
    (ROOT / "requirements.lock").write_text(HEAD + "".join(f"{each}\n" for each in pins), "utf-8")
    sys.stdout.write(f"{len(pins)} packages locked; `make setup` installs them.\n")


def resolve(wanted: list[str]) -> dict[str, list[dict[str, dict[str, str]]]]:
    """Ask pip what it would install into an empty environment."""
    dry_run = ["install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-", *wanted]
    answer = subprocess.run([sys.executable, "-m", "pip", *dry_run], check=True, stdout=subprocess.PIPE)
    report: dict[str, list[dict[str, dict[str, str]]]] = json.loads(answer.stdout)
    return report


def pin(package: dict[str, str]) -> str:
    """Name one version, the name in its normal form."""
    return f"{re.sub(r'[-_.]+', '-', package['name']).lower()}=={package['version']}"


if __name__ == "__main__":
    main()
