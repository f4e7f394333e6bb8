"""Sealing, keyed hashes and shredding: the one place that knows the master key and the pepper.

Contents are sealed with AES-256-GCM under a key of the contact's own (or the envelope's, or the event's); that key is
stored wrapped by the master key (AES key wrap, RFC 3394). Look-ups go by HMAC-SHA-256 with a pepper, cut to 128 bits.
A dump of the database opens nothing: master key and pepper are outside it.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

NONCE = 12
MARK = 4
"""Bytes in front of a wrapped key that name the master key it was wrapped with."""


class ShreddedError(Exception):
    """A key that opens nothing: destroyed, of another row, or wrapped by a master key we do not have."""


def random_id() -> str:
    """Return 128 random bits as 22 characters that are safe in a URL."""
    return secrets.token_urlsafe(16)


def key_mark(key: bytes) -> bytes:
    """Return the name of a key: four bytes of its SHA-256; says nothing of a random key."""
    return hashlib.sha256(b"lethe key mark" + key).digest()[:MARK]


class Key:
    """A data key in use. `bound` ties a sealed value to its table, column and row, so that rows cannot be swapped."""

    __slots__ = ("_cipher",)

    def __init__(self, raw: bytes) -> None:
        """Take the 32 bytes of the key."""
        self._cipher = AESGCM(raw)

    def seal(self, content: bytes, bound: str) -> bytes:
        """Return nonce and ciphertext, 28 bytes longer than the content."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, content, bound.encode())

    def open(self, sealed: bytes, bound: str) -> bytes:
        """Return the content; `ShreddedError` when key, row or bytes do not fit."""
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], bound.encode())
        except (InvalidTag, ValueError):  # the latter when it is shorter than a nonce
            raise ShreddedError from None

    def seal_json(self, content: Any, bound: str) -> bytes:
        """Seal a JSON value."""
        return self.seal(orjson.dumps(content), bound)

    def open_json(self, sealed: bytes, bound: str) -> Any:
        """Open a JSON value; errors as `open`."""
        return orjson.loads(self.open(sealed, bound))


class Vault:
    """Master keys and peppers; the first of each is in use, the others are still read (rotation)."""

    def __init__(self, master_keys: Sequence[bytes], peppers: Sequence[bytes]) -> None:
        """Take 32-byte keys; at least one of each."""
        self._masters = {key_mark(key): key for key in master_keys}
        self._mark = key_mark(master_keys[0])
        self._peppers = tuple(peppers)
        self.master_id = self._mark.hex()
        self.pepper_id = key_mark(peppers[0]).hex()
        self._unwrap = lru_cache(maxsize=8192)(self._unwrapped)

    def __repr__(self) -> str:
        """Say nothing."""
        return "Vault()"

    def new_key(self) -> tuple[Key, bytes]:
        """Return a fresh data key and its wrapped form to store."""
        raw = AESGCM.generate_key(256)
        return Key(raw), self._mark + aes_key_wrap(self._masters[self._mark], raw)

    def key(self, wrapped: bytes) -> Key:
        """Return the data key of a wrapped form; `ShreddedError` when no master key of ours opens it."""
        return self._unwrap(wrapped)

    def _unwrapped(self, wrapped: bytes) -> Key:
        master = self._masters.get(wrapped[:MARK])
        if master is None:
            raise ShreddedError
        try:
            return Key(aes_key_unwrap(master, wrapped[MARK:]))
        except InvalidUnwrap:
            raise ShreddedError from None

    def digest(self, *parts: str) -> str:
        """Return the keyed hash of the parts (for an identifier: business, kind, value) under the pepper in use."""
        return _digest(self._peppers[0], parts)

    def digests(self, *parts: str) -> tuple[str, ...]:
        """Return the keyed hashes under every pepper still read, the one in use first."""
        return tuple(_digest(pepper, parts) for pepper in self._peppers)


def _digest(pepper: bytes, parts: Sequence[str]) -> str:
    # A length in front of each part, so that ("ab", "c") and ("a", "bc") differ.
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return base64.urlsafe_b64encode(hmac.digest(pepper, message, "sha256")[:16]).rstrip(b"=").decode()
