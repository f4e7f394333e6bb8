"""What may be unwrapped: compressed, packed or folded bytes, at every place where they may begin."""

import base64
import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

MOST = 64 << 20
"""Bytes taken out of one compressed stream."""
BLOCK = 4096

HEX = re.compile(rb"[0-9a-fA-F]{24,}")
# Also over line ends, and with what JSON puts into it.
BASE64 = re.compile(rb"[A-Za-z0-9+/_\\\r\n-]{16,}")
NO_SIGN = re.compile(rb"\\r|\\n|[^A-Za-z0-9+/]")
TO_STANDARD = bytes.maketrans(b"-_", b"+/")
GAP = b"\0\x1f\0"
FOLDED = re.compile(rb"\xc3")
DUMPS = (b"REDIS", b"VALKEY")


def _headers() -> bytes:
    """Return an expression for the two bytes that a zlib stream begins with, at any window and level."""
    found = []
    for first in range(0x08, 0x80, 0x10):
        flags = [each for each in range(256) if (first << 8 | each) % 31 == 0 and not each & 0x20]
        found.append(rb"\x%02x[%b]" % (first, b"".join(rb"\x%02x" % each for each in flags)))
    return b"|".join(found)


def unwrapped(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (layer, contents) of everything in the bytes that can be opened, at every place where it may begin.

    All that is wrapped alike comes in one piece, with a gap between.
    """
    for layer, contents in chain(_packed(raw), _compressed(raw), [("lzf", _dumped(raw))]):
        if contents:
            yield layer, contents


def _packed(raw: bytes) -> Iterator[tuple[str, bytes]]:
    digits = [match.decode() for match in HEX.findall(raw)]
    for offset in range(2):
        yield "hex", GAP.join([bytes.fromhex(run[offset : len(run) - (len(run) - offset) % 2]) for run in digits])
    signs = [NO_SIGN.sub(b"", run.translate(TO_STANDARD)) for run in set(BASE64.findall(raw))]
    for offset in range(4):
        yield "base64", GAP.join([_from_base64(run[offset:]) for run in signs])


def _from_base64(signs: bytes) -> bytes:
    rest = len(signs) % 4
    return base64.b64decode(signs[:-1] if rest == 1 else signs + b"=" * (-rest % 4))


def _compressed(raw: bytes) -> Iterator[tuple[str, bytes]]:
    for layer, begins, opened in STREAMS:
        yield layer, GAP.join(filter(None, [opened(raw, match.start()) for match in begins.finditer(raw)]))


def _dumped(raw: bytes) -> bytes:
    if not raw.startswith(DUMPS):
        return b""
    return GAP.join(filter(None, [_folded(raw, match.end()) for match in FOLDED.finditer(raw)]))


def _stream(new: Callable[[], Any], skip: Callable[[bytes, int], int] | None = None) -> Callable[[bytes, int], bytes]:
    def opened(raw: bytes, start: int) -> bytes:
        """Return as much as can be opened, also of a stream that is cut off or broken."""
        opener, content = new(), b""
        at = skip(raw, start) if skip else start
        try:
            while at < len(raw) and len(content) < MOST and not opener.eof:
                content += opener.decompress(raw[at : at + BLOCK], MOST)
                at += BLOCK
        except (zlib.error, lzma.LZMAError, OSError, ValueError):
            return content
        return content

    return opened


def _after_name(raw: bytes, start: int) -> int:
    """Return where a zip's entry begins, behind its name."""
    name, more = raw[start + 26 : start + 28], raw[start + 28 : start + 30]
    return start + 30 + int.from_bytes(name, "little") + int.from_bytes(more, "little")


STREAMS = (
    ("zlib", re.compile(_headers()), _stream(zlib.decompressobj)),
    ("gzip", re.compile(rb"\x1f\x8b\x08"), _stream(lambda: zlib.decompressobj(31))),
    ("zip", re.compile(rb"PK\x03\x04"), _stream(lambda: zlib.decompressobj(-15), _after_name)),
    ("bzip2", re.compile(rb"BZh[1-9]1AY&SY"), _stream(bz2.BZ2Decompressor)),
    ("xz", re.compile(rb"\xfd7zXZ\x00"), _stream(lzma.LZMADecompressor)),
)


def _folded(raw: bytes, at: int) -> bytes:
    """Return a string that Redis folded (LZF) into a dump, if one begins here."""
    packed, at = _length(raw, at)
    whole, at = _length(raw, at)
    if not 0 < packed < whole <= MOST or at + packed > len(raw):
        return b""
    return _unfolded(raw[at : at + packed])


def _length(raw: bytes, at: int) -> tuple[int, int]:
    """Return a length as a dump holds it, and where it ends; -1 when there is none."""
    first = raw[at] if at < len(raw) else 0xFF
    if first < 0x40:
        return first, at + 1
    if first < 0x80:
        return (first & 0x3F) << 8 | int.from_bytes(raw[at + 1 : at + 2], "big"), at + 2
    if first == 0x80:
        return int.from_bytes(raw[at + 1 : at + 5], "big"), at + 5
    return -1, at


def _unfolded(packed: bytes) -> bytes:
    whole, at = bytearray(), 0
    while at < len(packed):
        control, at = packed[at], at + 1
        if control < 0x20:
            whole += packed[at : at + control + 1]
            at += control + 1
            continue
        length = control >> 5
        if length == 7 and at < len(packed):
            length, at = length + packed[at], at + 1
        if at >= len(packed):
            break
        back = ((control & 0x1F) << 8 | packed[at]) + 1
        at += 1
        if back > len(whole):
            return b""
        for _ in range(length + 2):
            whole.append(whole[-back])
    return bytes(whole)
