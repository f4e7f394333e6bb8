"""A conversation in the terminal."""

from pathlib import Path

import click

from bot.doors.cli.common import config_dir, one_business, telling


@click.command(short_help="Talk to the bot here.")
@click.option("--business", help="Which business, if there are several.")
@click.option("--as", "person", default="Asha", show_default=True, help="Who speaks.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of businesses (default: LETHE_CONFIG_DIR).",
)
@telling
def say(business: str | None, person: str, folder: Path | None) -> None:
    r"""Talk to the bot here. The whole of it runs in this process, on a database that is thrown away.

    \b
    /tap 1         tap the first button or row of the last message
    /clock +25h    let time pass
    /send image    send a picture (video, audio, document, location, ...)
    /quit          or Ctrl-D
    """
    from bot.doors.cli import parlour

    where = folder or config_dir()
    parlour.talk(where, lambda businesses: one_business(businesses, business), person)
