"""`lethe new`: six questions, and a business that passes `check`."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from string import Template
from typing import Any

import click

from bot.doors.cli.common import fail, telling

STARTER = Path(__file__).parent / "starter"
WEEK = re.compile(r"(?P<days>[a-z-]+)\s+(?P<spans>.+)")
ASKED = re.compile(r"(?P<name>[^<,]+?)\s*<(?P<email>[^>\s]+)>\s*,\s*(?P<address>.+)")


def _read(reader: Callable[[str], Any]) -> Callable[[click.Context, click.Parameter, str], str]:
    """Let a question be asked again, with the remedy, when its answer cannot be read."""

    def callback(_ctx: click.Context, _parameter: click.Parameter, answer: str) -> str:
        # The answer stays as it was written: click asks this twice, of what is typed and of what it keeps.
        try:
            reader(answer.strip())
        except ValueError as error:
            raise click.BadParameter(str(error)) from error
        return answer.strip()

    return callback


def _name(answer: str) -> str:
    if not _id_of(answer):
        raise ValueError("write it with some letters from a to z: the folder is named after it")
    return answer


def _languages(answer: str) -> list[str]:
    codes = [each for each in re.split(r"[\s,]+", answer.lower()) if each]
    if not codes or not all(re.fullmatch(r"[a-z]{2,3}", each) for each in codes):
        raise ValueError("write languages by their ISO 639 codes, as in: en, hi, gu")
    return list(dict.fromkeys(codes))


def _zone(answer: str) -> str:
    from bot.config.content.reading import zone

    return str(zone(answer))


def _telephone(answer: str) -> str:
    from bot.config.content.reading import telephone

    telephone(answer)
    return answer


def _hours(answer: str) -> dict[str, list[str]]:
    from bot.config.content.reading import hours

    written: dict[str, list[str]] = {}
    for part in filter(None, (part.strip().lower() for part in answer.split(","))):
        found = WEEK.fullmatch(part)
        if found is None:
            raise ValueError("write days and times, as in: mon-fri 09:00-13:00 15:00-18:00, sat 09:00-12:00")
        written[found["days"]] = found["spans"].split()
    hours(written)
    return written


def _privacy(answer: str) -> dict[str, str]:
    found = ASKED.fullmatch(answer)
    if found is None:
        raise ValueError("write it as: Nila Shah <privacy@sunrise.example>, 12 Ashram Road, Ahmedabad")
    return found.groupdict()


@click.command()
@click.option("--name", prompt="1. What is the business called?\n  ", callback=_read(_name))
@click.option(
    "--languages", prompt="2. Which languages, the main one first? (en, hi, gu)\n  ", callback=_read(_languages)
)
@click.option("--zone", prompt="3. In which time zone is it? (Asia/Kolkata)\n  ", callback=_read(_zone))
@click.option("--telephone", prompt="4. Under which telephone? (+91 79 4890 0000)\n  ", callback=_read(_telephone))
@click.option(
    "--hours", prompt="5. When is it open? (mon-fri 09:00-18:00, sat 09:00-12:00)\n  ", callback=_read(_hours)
)
@click.option("--privacy", prompt="6. Whom do people ask about their data? (Name <e-mail>, address)\n  ",
              callback=_read(_privacy))  # fmt: skip
@click.option(
    "--folder", default="businesses", show_default=True, type=click.Path(file_okay=False, path_type=Path),
    help="Where the new business's folder is made.",
)  # fmt: skip
@telling
def new(folder: Path, **answers: str) -> None:
    """Ask six questions and write the folder of a business that passes `lethe check`.

    Each question can be answered by its option as well.
    """
    from bot.doors.cli.check import faults_of
    from bot.doors.cli.common import write_faults

    home = folder / _id_of(answers["name"])
    if home.exists():
        fail(f"{home} is there already.")
    _write(home, _values(answers))
    if faults := faults_of(home):
        write_faults(faults)
        fail(f"{home} is written; mend what is named above.")
    click.echo(f"{home} is written, and has no fault. Go on with\n")
    click.echo(f"  lethe say --folder {folder}        talk to it")
    click.echo(f"  lethe test {folder}                play {home / 'first.chat'}")
    click.echo(f"  LETHE_CONFIG_DIR={folder}          in .env, to serve it")


def _id_of(name: str) -> str:
    """Return the id of a business by its name: small letters, digits and _."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_0123456789")[:60]


def _values(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers as TOML writes them."""
    asked, languages = _privacy(answers["privacy"]), _languages(answers["languages"])
    values = {
        "name": answers["name"],
        "language": languages[0],
        "languages": languages,
        "zone": answers["zone"],
        "telephone": answers["telephone"],
        "controller": f"{answers['name']}, {asked['address']}",
        "contact": asked["name"],
        "email": asked["email"],
    }
    week = "\n".join(f"{day} = {_toml(spans)}" for day, spans in _hours(answers["hours"]).items())
    return {**{key: _toml(value) for key, value in values.items()}, "hours": week}


def _toml(value: Any) -> str:
    # A JSON string or list of strings is one of TOML's too.
    return json.dumps(value, ensure_ascii=False)


def _write(home: Path, values: Mapping[str, str]) -> None:
    home.mkdir(parents=True)
    for source in sorted(path for path in STARTER.iterdir() if path.suffix in {".toml", ".txt"}):
        text = source.read_text("utf-8")
        filled = Template(text).substitute(values) if source.suffix == ".toml" else text
        (home / source.name.removesuffix(".txt")).write_text(filled, "utf-8")
