"""The stage of the demo: a temporary world of Valkey, simulator, web and worker, with keys made up for it."""

import contextlib
import http.client
import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import orjson

from bot.config.content import Content, load
from bot.config.content.loader import SHIPPED
from bot.config.settings import Need
from bot.config.settings import load as load_settings
from bot.doors import serve
from bot.doors.cli.children import LOOK_EVERY, Child, Children
from bot.doors.cli.keys import hashed, new_key
from bot.store.valkey import EmbeddedValkey

LETHE = ("-m", "bot.doors.cli")
GRAPH_VERSION = "v26.0"
READY_WITHIN = 60.0
HOST = "127.0.0.1"


def businesses_in(folder: Path) -> Path:
    """Return the folder if it holds businesses, else the one that ships with the program."""
    served = any(not head.parent.name.startswith("_") for head in folder.glob("*/business.toml"))
    return folder.resolve() if served else SHIPPED.parent


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class StageError(Exception):
    """The demo cannot go on; the text says why."""


class Stage:
    """One demo, from the first process to the last trace."""

    def __init__(self, folder: Path, *, port: int = 0, logs: bool = False) -> None:
        """Take the folder of businesses; raises `ConfigError` when it is at fault."""
        self.folder = folder
        self.content = load(folder)
        self.home = Path(tempfile.mkdtemp(prefix="lethe-demo-"))
        self.children = Children(None if logs else self.home)
        self.page = f"http://{HOST}:{port or free_port()}"
        self.web = f"http://{HOST}:{free_port()}"
        self.password = secrets.token_urlsafe(6)
        self.valkey = EmbeddedValkey(self.home)
        self.numbers = dict(_numbers(self.content))

    def play(self) -> int:
        """Run until told to stop; return the exit status. Whatever happens, nothing is left."""
        begun = time.monotonic()
        with contextlib.ExitStack() as stack:
            stack.callback(shutil.rmtree, self.home, ignore_errors=True)
            stack.enter_context(self.children.signals())
            try:
                self._start(stack)
                if self._ready():
                    self._tell(time.monotonic() - begun)
                    self._watch()
            except StageError as error:
                click.secho(str(error), fg="red", err=True)
                return 1
            click.echo("\nStopping.", err=True)
        return 0

    def _start(self, stack: contextlib.ExitStack) -> None:
        env, simulator = self._environment()
        stack.callback(self.valkey.stop)
        stack.callback(self.children.end)
        self.children.start("simulator", ["-m", "simulator", *self._scene()], simulator, self.home)
        # The command that `lethe web` becomes: the demo's settings need no checking, and a start less is a second less.
        web = serve.command(load_settings(Need.WEB, environ=env, dotenv=None))
        self.children.start("web", web, env, self.home)
        self.children.start("worker", [*LETHE, "worker"], env, self.home)
        self.valkey.start()

    def _environment(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the environment of our own processes and that of the simulator: secrets, never on a command line."""
        shared = {"APP_SECRET": secrets.token_urlsafe(24), "VERIFY_TOKEN": secrets.token_urlsafe(24)}
        token = secrets.token_urlsafe(24)
        ours = {
            "CONFIG_DIR": str(self.folder),
            "CONSOLE_PASSWORD_HASH": hashed(self.password),
            "DATA_DIR": str(self.home),
            "DEMO": "1",
            "GRAPH_URL": f"{self.page}/{GRAPH_VERSION}",
            "MASTER_KEY": new_key(),
            "PEPPER": new_key(),
            "PUBLIC_URL": self.web,
            "REDIS_URL": self.valkey.url,
            "WEB_BIND": self.web.removeprefix("http://"),
            "WORKERS": "1",
            **shared,
        }
        variables = {name: value or token for name, value in self.numbers.items()}
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("LETHE_", "SIM_"))}
        bot = clean | {f"LETHE_{name}": value for name, value in ours.items()} | variables
        simulator = clean | {f"SIM_{name}": value for name, value in shared.items()} | {"SIM_ACCESS_TOKEN": token}
        return bot, simulator

    def _scene(self) -> Iterator[str]:
        """Yield the simulator's command line: where it listens, whom it tells, which numbers there are."""
        yield from ("--bind", self.page.removeprefix("http://"), "--bot", self.web)
        yield from ("--webhook", f"{self.web}/webhook", "--templates", str(self.folder))
        for place, (names, business) in enumerate(
            (number, each.name) for each in self.content.businesses.values() for number in each.numbers
        ):
            number_id, waba_id = self.numbers[names.phone_number_id], self.numbers[names.waba_id]
            yield from ("--number", f"{number_id}:+1555000{place + 1111:04}:{waba_id}:{business}")

    def _ready(self) -> bool:
        """Wait until all answer; False when told to stop meanwhile."""
        end = time.monotonic() + READY_WITHIN
        while not self.children.stopped.wait(LOOK_EVERY):
            if dead := self.children.dead():
                raise StageError(_epitaph(dead))
            if _answer(f"{self.page}/sim/clock") and self._works(_answer(f"{self.web}/readyz")):
                return True
            if time.monotonic() > end:
                raise StageError(f"Not everything was ready within {READY_WITHIN:.0f} seconds.")
        return False

    def _works(self, state: Mapping[str, object]) -> bool:
        """Return whether intake takes messages, Redis is there, and the worker has read the templates."""
        wanted = any(business.templates for business in self.content.businesses.values())
        synced = not wanted or state.get("templates_synced_seconds_ago") is not None
        return state.get("ready") is True and state.get("redis") == "ok" and synced

    def _watch(self) -> None:
        if dead := self.children.watch():
            raise StageError(_epitaph(dead))

    def _tell(self, seconds: float) -> None:
        click.secho(f"Lethe runs (ready in {seconds:.1f} s).", fg="green", bold=True)
        click.echo(f"  Chat page   {self.page}/")
        click.echo(f"  Console     {self.web}/console/   password: {self.password}")
        for business in self.content.businesses.values():
            click.echo(f"  Notice      {self.web}/privacy/{business.id}")
        click.echo("Ctrl-C stops everything.")


def _numbers(content: Content) -> Iterator[tuple[str, str]]:
    """Yield a value for every variable that the businesses' numbers name; a token is left empty."""
    for place, business in enumerate(content.businesses.values()):
        for more, number in enumerate(business.numbers):
            yield number.phone_number_id, f"10555{place:03}{more + 111:03}"
            yield number.access_token, ""
            yield number.waba_id, f"20777{place:03}111"


def _epitaph(child: Child) -> str:
    """Say which child ended, how, and what it said last."""
    said = child.last_lines()
    return f"{child.name} ended by itself (status {child.process.returncode})." + (f"\n{said}" if said else "")


def _answer(url: str) -> Mapping[str, object]:
    """Return the JSON that stands there, or nothing."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=2)
    try:
        connection.request("GET", f"/{path}")
        answer: Mapping[str, object] = orjson.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    finally:
        connection.close()
    return answer
