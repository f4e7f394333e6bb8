"""Looking a business's files over: `check` for faults, `test` by its scripted conversations. Neither needs secrets."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.doors.cli.common import as_json, config_dir, telling, write_faults, write_json

if TYPE_CHECKING:
    from bot.config.faults import Fault

FOLDER = click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))


@click.command(short_help="Tell every fault in a business's files.")
@FOLDER
@as_json
@telling
def check(folder: Path | None, *, as_json: bool) -> None:
    """Tell every fault in FOLDER, the folder of businesses or of one (default: LETHE_CONFIG_DIR).

    File, key, what is wrong and what would be right; WhatsApp's own limits are among it. Needs no secret and no
    network.
    """
    faults = faults_of(folder or config_dir())
    if as_json:
        kept = [{"file": each.file, "key": each.key, "wrong": each.wrong, "right": each.right} for each in faults]
        write_json({"good": not faults, "faults": kept})
    elif faults:
        write_faults(faults)
    else:
        click.secho("No fault found.", fg="green")
    sys.exit(1 if faults else 0)


def faults_of(folder: Path) -> "tuple[Fault, ...]":
    """Return the faults of all businesses of the folder, or of the one that the folder is."""
    from bot.config import chat
    from bot.config.content import ConfigError, load

    alone = (folder / "business.toml").is_file()
    faults: list[Fault] = []
    try:
        load(folder.resolve().parent if alone else folder)
    except ConfigError as error:
        faults += error.faults
    for script in sorted(folder.rglob("*.chat")):
        try:
            chat.read(script)
        except ConfigError as error:
            faults += error.faults
    mine = (f"{folder.resolve().name}/", "_")  # what it extends begins with _, and so do the defaults
    return tuple(each for each in faults if not alone or each.file.startswith(mine) or "/" not in each.file)


@click.command(short_help="Play the scripted conversations.")
@FOLDER
@click.option("--business", help="Only this business's conversations.")
@click.option(
    "--junit", type=click.Path(dir_okay=False, path_type=Path), help="Also write a JUnit report to this file."
)
@telling
def test(folder: Path | None, business: str | None, junit: Path | None) -> None:
    """Play the .chat files of FOLDER (default: LETHE_CONFIG_DIR) to the bot, and show where it says something else.

    The whole bot runs in this process, on a database that is thrown away; nothing is sent. Needs no secret and no
    network.
    """
    from bot.doors.cli import scripts

    sys.exit(scripts.play(folder or config_dir(), business, junit))
