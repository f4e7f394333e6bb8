"""Make the project's environment: `python tools/set_up.py .venv`. Needs nothing but Python 3.11 with venv.

Installs exactly what requirements.lock names, then the project as it lies here, and shows how far it is.
"""

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
NEW_ENOUGH = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
TERMINAL = sys.stdout.isatty()
OVER = "\r\033[K"  # to the line's start, and wipe it
PRESENT = "Requirement already satisfied: "
FOUND = re.compile(rf"^(?:Collecting |Processing |{PRESENT})(\S+).*\(from -r ", re.MULTILINE)


def main(folder: Path) -> None:
    """Leave an environment in the folder that matches the lock, or say why not."""
    total = sum("==" in line for line in LOCK.read_text("utf-8").splitlines())
    say(f"Setting up {folder} with {total} packages; this takes a minute the first time.\n")
    make_environment(folder)
    # The lock's own pip first: the one that a Python brings along may be years old.
    (newest,) = re.findall(r"^pip==\S+$", LOCK.read_text("utf-8"), re.MULTILINE)
    pip(folder, "install", newest)
    pip(folder, "install", "--requirement", str(LOCK), total=total)
    # The lock holds the build's tools, so no second environment is fetched for it.
    # "compat" puts this folder on the path as it is, so data beside the code is found as in a wheel.
    as_it_is = ("--config-settings", "editable_mode=compat")
    pip(folder, "install", "--no-deps", "--no-build-isolation", *as_it_is, "--editable", ".")
    say(f"{OVER}Set up.\n" if TERMINAL else "\nSet up.\n")


def make_environment(folder: Path) -> None:
    """Keep a working environment; make anew what is none, or is of a Python too old."""
    python = folder / "bin" / "python"
    if python.exists() and not subprocess.run([python, "-c", NEW_ENOUGH], check=False).returncode:
        return
    venv.create(folder, clear=True, symlinks=True, with_pip=True)


def pip(folder: Path, *arguments: str, total: int = 0) -> None:
    """Run pip to its end. Its own words are shown when it fails, and only then."""
    command = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    with tempfile.NamedTemporaryFile() as log:
        run = subprocess.Popen([*command, *arguments], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        while running(run):
            if total:
                show_progress(folder, Path(log.name).read_text("utf-8", "replace"), total)
        if run.returncode:
            lines = Path(log.name).read_text("utf-8", "replace").splitlines()
            words = "\n".join(line for line in lines if not line.startswith(PRESENT))
            sys.exit(f"\n{words}\nSet-up failed; what pip said is above.")


def running(process: subprocess.Popen[bytes]) -> bool:
    """Wait a moment; tell whether the process goes on."""
    try:
        process.wait(timeout=0.2 if TERMINAL else 1)
    except subprocess.TimeoutExpired:
        return True
    return False


def show_progress(folder: Path, words: str, total: int) -> None:
    """Pip first fetches everything, then unpacks it without a word."""
    found = FOUND.findall(words)
    if not TERMINAL:
        say(".")
    elif "Installing collected packages" in words:
        unpacked = sum(1 for _ in folder.glob("lib/python*/site-packages/*.dist-info"))
        say(f"{OVER}  unpacking {min(unpacked, total)} of {total}")
    elif found:
        say(f"{OVER}  fetching {len(found)} of {total}: {Path(found[-1]).name.partition('=')[0]}")


def say(text: str) -> None:
    """Write at once, line or not."""
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit("\nStopped; the next set-up goes on from here.")
