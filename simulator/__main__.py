"""The command: `python -m simulator --help`."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from simulator.server import serve
from simulator.settings import STATUSES, Settings, SettingsError, numbers_from

_ABOUT = """
A stand-in for Meta's WhatsApp Cloud API and for people's phones, on this machine alone.

Point a bot's Graph URL at the printed address plus /v26.0, give this the bot's webhook, and
open the address in a browser: there are the people and their chats. Tests drive it under /sim/.
"""
_ENDING = """
Every option may also stand in the environment: --app-secret as SIM_APP_SECRET, --number as
SIM_NUMBER, and so on (several values, as of --number and --templates, with spaces between them;
a display name with spaces needs the option). Secrets belong there: others can read a command line.

example:
  SIM_APP_SECRET=s SIM_VERIFY_TOKEN=v SIM_ACCESS_TOKEN=t python -m simulator \\
      --number 10555000111:+15550001111:WABA1:"Sunrise Bakery" --templates templates_wa
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a simulator until it is told to end."""
    try:
        simulator = serve(settings(argv, os.environ))
    except (SettingsError, ValueError, OSError) as problem:
        print(f"simulator: {problem}", file=sys.stderr)  # noqa: T201
        return 2
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _signal, _frame: ended.set())
    with simulator:
        print(f"simulator ready {simulator.url}", flush=True)  # noqa: T201
        ended.wait()
    return 0


def settings(argv: Sequence[str] | None, environment: Mapping[str, str]) -> Settings:
    """Read the command line, and the environment where it is silent."""
    given = parser(environment).parse_args(argv)
    return Settings(
        bind=given.bind,
        webhook=given.webhook,
        app_secret=given.app_secret,
        verify_token=given.verify_token,
        access_tokens=tuple(token.strip() for token in given.access_token.split(",")),
        numbers=numbers_from(given.number or environment.get("SIM_NUMBER", "").split()),
        bot=given.bot or None,
        templates=tuple(Path(folder) for folder in given.templates or environment.get("SIM_TEMPLATES", "").split()),
        latency=float(given.latency_ms) / 1000,
        receipts=tuple(status for status in given.receipts.split(",") if status),
        receipt_delay=float(given.receipt_ms) / 1000,
        language_people=given.language_people,
        throughput=int(given.throughput),
        pair_seconds=float(given.pair_seconds),
        pair_burst=int(given.pair_burst),
        batch=int(given.batch),
    )


def parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    """Return the parser; what the environment says is the default."""
    made = argparse.ArgumentParser(
        prog="python -m simulator",
        description=_ABOUT,
        epilog=_ENDING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name, default, meta, about in _OPTIONS:
        value = environment.get("SIM_" + name.upper().replace("-", "_"), default)
        shown = f" (default: {default})" if default else ""
        made.add_argument(f"--{name}", default=value, metavar=meta, help=about + shown)
    number = "a business number: <id>:<phone>:<WABA id>[:<display name>]; may be repeated"
    made.add_argument("--number", action="append", metavar="NUMBER", help=number)
    folders = "a folder with messages/<name>.<lang>.json files, or of such folders; may be repeated"
    made.add_argument("--templates", action="append", metavar="DIR", help=folders)
    people = "also have a person for each language that is shipped"
    on = environment.get("SIM_LANGUAGE_PEOPLE", "") not in ("", "0")
    made.add_argument("--language-people", action="store_true", default=on, help=people)
    return made


_OPTIONS = (
    ("bind", "127.0.0.1:0", "HOST:PORT", "where to listen; port 0 takes a free one"),
    ("webhook", "http://127.0.0.1:8000/webhook", "URL", "the bot's webhook"),
    ("bot", "", "URL", "the bot itself, for the chat page (default: where its webhook is)"),
    ("app-secret", "", "SECRET", "the key that signs webhooks"),
    ("verify-token", "", "TOKEN", "what the handshake with the webhook shows"),
    ("access-token", "", "TOKEN", "what the bot must show; several with commas between"),
    ("latency-ms", "0", "MS", "how long every Graph answer takes at least"),
    ("receipts", ",".join(STATUSES), "LIST", "which receipts are told"),
    ("receipt-ms", "30", "MS", "how long after one another receipts come"),
    ("throughput", "80", "N", "messages a second of one number, then 130429"),
    ("pair-seconds", "6", "S", "seconds a message to one person, then 131056; 0 is no limit"),
    ("pair-burst", "45", "N", "messages that may be borrowed of that"),
    ("batch", "20", "N", "most updates in one webhook when they wait in line"),
)


if __name__ == "__main__":
    sys.exit(main())
