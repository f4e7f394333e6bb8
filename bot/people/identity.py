"""How a person is recognised: by keyed hashes of what Meta calls her."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.store.vault import Vault
from bot.wire.payload import Identity


class By(StrEnum):
    """The kinds of identifiers; by a username nobody is looked up, for it may change hands."""

    BSUID = "bsuid"
    PARENT_BSUID = "parent_bsuid"
    PHONE = "phone"
    USERNAME = "username"


OWN = frozenset({By.BSUID, By.PARENT_BSUID})
"""Identifiers that never pass to somebody else, as a telephone number does."""


@dataclass(frozen=True, slots=True)
class KnownBy:
    """One identifier. `hash` is under the pepper in use, `all_hashes` under every pepper still read."""

    kind: By
    value: str
    hash: str
    all_hashes: tuple[str, ...]


def known_by(vault: Vault, business_id: str, identity: Identity) -> tuple[KnownBy, ...]:
    """Return what the person is looked up by, the surest first. Another business has other hashes of her."""
    values = ((By.BSUID, identity.bsuid), (By.PARENT_BSUID, identity.parent_bsuid), (By.PHONE, identity.phone))
    return tuple(_known_by(vault, business_id, kind, value) for kind, value in values if value)


def _known_by(vault: Vault, business_id: str, kind: By, value: str) -> KnownBy:
    hashes = vault.digests(business_id, kind, one_form(value) if kind is By.PHONE else value)
    return KnownBy(kind, value, hashes[0], hashes)


_NOT_A_DIGIT = re.compile(r"\D", re.ASCII)
_BRAZIL = re.compile(r"55([1-9][1-9])9?([6-9]\d{7})", re.ASCII)
_MEXICO = re.compile(r"521?([1-9]\d{9})", re.ASCII)


def one_form(phone: str) -> str:
    """Return the digits of the number in the one form that is hashed.

    Meta rewrites mobile numbers of two countries at will: Brazil's with or without the ninth digit, Mexico's with or
    without a 1 after the country code. Both forms are one person, so both have one hash.
    """
    digits = _NOT_A_DIGIT.sub("", phone)
    if brazil := _BRAZIL.fullmatch(digits):
        return f"55{brazil[1]}9{brazil[2]}"
    if mexico := _MEXICO.fullmatch(digits):
        return f"52{mexico[1]}"
    return digits
