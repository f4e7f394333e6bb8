"""Secrets for a new deployment, printed and kept nowhere."""

import base64
import secrets

import click

from bot.doors.cli.common import as_json, write_json

KEY_BYTES = 32


def new_key() -> str:
    """Return 32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def hashed(password: str) -> str:
    """Return what the console compares a password with (scrypt)."""
    from werkzeug.security import generate_password_hash

    return generate_password_hash(password, method="scrypt")


@click.command(short_help="Print fresh keys for .env.")
@as_json
def keygen(*, as_json: bool) -> None:
    """Print fresh keys and a console password, as lines for .env.

    Whoever has both keys and the database can read it; without them nobody can. Keep a copy elsewhere.
    """
    password = secrets.token_urlsafe(12)
    made = {
        "LETHE_MASTER_KEY": new_key(),
        "LETHE_PEPPER": new_key(),
        "LETHE_VERIFY_TOKEN": secrets.token_urlsafe(24),
        "LETHE_CONSOLE_PASSWORD_HASH": hashed(password),
    }
    if as_json:
        write_json({**made, "console_password": password})
        return
    for name, value in made.items():
        click.echo(f"{name}='{value}'")
    click.echo(f"# The console's password, shown this once: {password}")


@click.command("console-password", short_help="Print the hash of a password.")
@click.password_option(prompt="New console password", help="Better left out: it is asked for, and not shown.")
def console_password(password: str) -> None:
    """Print the line for .env that lets this password into the console."""
    click.echo(f"LETHE_CONSOLE_PASSWORD_HASH='{hashed(password)}'")
