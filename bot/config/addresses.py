"""How single settings are read; a ValueError says what would be right."""

import base64
import binascii
import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit

KEY_BYTES = 32
KEYGEN = "make them with `lethe keygen`"


def on_loopback(url: str) -> bool:
    """Tell whether the address is on this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def database(url: str) -> str:
    """Check that an address is of a database that we can use."""
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("write sqlite:///<path> or postgresql+psycopg://<user>:<password>@<host>/<name>")
    return url


def redis(url: str) -> str:
    """Check that an address is one of Redis."""
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("write redis://, rediss:// or unix:// and the rest of the address")
    return url


def graph(url: str) -> str:
    """Check that an address is Meta's, or a stand-in's on this machine, with its version."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and on_loopback(url)):
        raise ValueError("write https://, or http:// to this very machine")
    if not re.fullmatch(r"(?:/[\w.-]+)*/v\d{1,3}\.\d{1,2}/?", parts.path):
        raise ValueError("end it with the version, as in https://graph.facebook.com/v26.0")
    return url.rstrip("/")


def public(url: str) -> str:
    """Check that an address can stand in a message."""
    parts = urlsplit(url)
    if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and on_loopback(url))):
        raise ValueError("write the https:// address under which people reach the web process")
    return url.rstrip("/")


def bind(address: str) -> str:
    """Check that something is a host and a port."""
    if not re.fullmatch(r"(?:\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}", address):
        raise ValueError("write host:port, as in 127.0.0.1:8000")
    return address


def keys(written: str) -> str:
    """Check that each of the comma-separated keys is one."""
    for key in written.split(","):
        try:
            raw = base64.b64decode(key.strip(), validate=True)
        except binascii.Error as error:
            raise ValueError(f"is no base64: {KEYGEN}") from error
        if len(raw) != KEY_BYTES or len(set(raw)) == 1:
            raise ValueError(f"each key has {KEY_BYTES} random bytes in base64: {KEYGEN}")
    return written


def existing(path: str) -> str:
    """Check that a file is there."""
    if not Path(path).is_file():
        raise ValueError("there is no such file")
    return path
