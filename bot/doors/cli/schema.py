"""What editors want to know of a business's files."""

import click

from bot.doors.cli.common import write_json


@click.command()
def schema() -> None:
    """Print a JSON Schema of a business's files: editors propose keys by it, explain them and mark what is misspelt.

    Write it beside the businesses and name it in the first line of a file: #:schema ../schema.json
    """
    from bot.config.content.schema import schema as made

    write_json(made())
