"""How somebody's data may be written down: a needle and every form in which a scan knows it again."""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

TAIL = 9
"""The last digits of a number are the same however it is written: with or without plus, zeros, country."""
DIGEST = 8
"""Bytes of a digest that are looked for, so that a shortened one is known as well."""
ALGORITHMS = ("md5", "sha1", "sha256", "sha512")
BETWEEN_DIGITS = rb"(?:[ ()./-]|\xc2\xa0){0,3}"
BETWEEN_PAIRS = rb"(?:[ :,-]|\\x){0,2}"


@dataclass(frozen=True)
class Needle:
    """Something that must not be found; `digits` of a telephone number, whatever stands between them.

    `guessable` is what somebody could find in a list of all there are, so that its plain hash tells it.
    """

    name: str
    value: str
    digits: bool = False
    guessable: bool = True

    @cached_property
    def forms(self) -> tuple[tuple[str, bytes], ...]:
        """Return (form, expression over bytes), the most telling first."""
        return tuple(_forms(self))


def phone(value: str, name: str = "phone") -> Needle:
    """Return the needle of a telephone number, given in digits with its country code."""
    return Needle(name, value, digits=True)


def text(name: str, value: str) -> Needle:
    """Return the needle of a name, a word, an id."""
    return Needle(name, value)


def wamid(value: str) -> tuple[Needle, Needle]:
    """Return the needles of a message id: as it is, and what is unique in it once it is unpacked."""
    return Needle("wamid", value.removeprefix("wamid.")), part_of(value)


def part_of(value: str) -> Needle:
    """Return the needle of what no other message id has; the rest of an id is the number."""
    return Needle("wamid unpacked", unique(value), guessable=False)


def unique(wamid: str) -> str:
    """Return the random part of a message id."""
    packed = base64.b64decode(wamid.removeprefix("wamid.") + "==")
    parts: list[bytes] = re.findall(rb"[0-9A-F]{16,}", packed)
    return max(parts, key=len).decode()


def _forms(needle: Needle) -> Iterator[tuple[str, bytes]]:
    value = needle.value[-TAIL:] if needle.digits else needle.value
    raw = value.encode()
    between = BETWEEN_DIGITS if needle.digits else b""
    yield "written", between.join(_written(sign) for sign in value)
    yield "reversed", between.join(map(_literal, (sign.encode() for sign in reversed(value))))
    yield "utf-16-le", _literal(value.encode("utf-16-le"))
    yield "utf-16-be", _literal(value.encode("utf-16-be"))
    yield "hex", _hex(raw)
    for offset in range(3):
        yield f"base64+{offset}", _base64(raw, offset)
    if needle.guessable:
        yield from _digests(needle)
    if needle.digits:
        yield from _integers(int(needle.value))


def _written(sign: str) -> bytes:
    """Return the ways in which a text holds a character: itself, or escaped by URL, JSON, HTML or `repr`."""
    raw, units = sign.encode(), sign.encode("utf-16-be")
    percent = b"".join(b"%%%02x" % byte for byte in raw)
    escaped = b"".join(rb"\\+u%02x%02x" % pair for pair in zip(units[::2], units[1::2], strict=True))
    entity = rb"&#(?:0*%d|x0*%x);" % (ord(sign), ord(sign))
    represented = b"".join(rb"\\+x%02x" % byte for byte in raw)
    plus = rb"|\+" if sign == " " else b""
    return b"(?:" + b"|".join((_literal(raw), percent, escaped, entity, represented)) + plus + b")"


def _literal(raw: bytes) -> bytes:
    return b"".join(rb"\x%02x" % byte for byte in raw)


def _hex(raw: bytes) -> bytes:
    return BETWEEN_PAIRS.join(b"%02x" % byte for byte in raw)


def _base64(raw: bytes, offset: int) -> bytes:
    """Return the signs that hold the bytes alone, when so many others stand before them in the same three."""
    packed = base64.b64encode(b"\0" * offset + raw)
    begins, ends = -(-offset * 8 // 6), (offset + len(raw)) * 8 // 6
    either = {ord("+"): rb"[+-]", ord("/"): rb"\\?[/_]"}
    return b"(?-i:" + b"".join(either.get(sign, bytes([sign])) for sign in packed[begins:ends]) + b")"


def _digests(needle: Needle) -> Iterator[tuple[str, bytes]]:
    for algorithm in ALGORITHMS:
        for spelling in _spellings(needle):
            digest = hashlib.new(algorithm, spelling.encode(), usedforsecurity=False).digest()[:DIGEST]
            yield f"{algorithm} as bytes", b"(?-i:" + _literal(digest) + b")"
            yield f"{algorithm} as hex", digest.hex().encode()
            yield f"{algorithm} as base64", _base64(digest, 0)


def _spellings(needle: Needle) -> tuple[str, ...]:
    if not needle.digits:
        return (needle.value,)
    ten = needle.value[-10:]
    return (needle.value, f"+{needle.value}", f"00{needle.value}", ten, f"0{ten}")


def _integers(number: int) -> Iterator[tuple[str, bytes]]:
    """Yield the number as databases and pickles store whole numbers."""
    length = -(-number.bit_length() // 8)
    forms = {
        "pickled integer": b"\x8a" + bytes([length]) + number.to_bytes(length, "little"),
        "integer, little end first": number.to_bytes(8, "little"),
        "integer, big end first": number.to_bytes(max(6, length), "big"),
    }
    for form, raw in forms.items():
        yield form, b"(?-i:" + _literal(raw) + b")"


def expression(needles: Iterable[Needle]) -> bytes:
    """Return one expression that matches any form of any of them."""
    forms = chain.from_iterable(needle.forms for needle in needles)
    return b"(?i)" + b"|".join(b"(?:" + pattern + b")" for _, pattern in forms)
