"""What is planted for the scanner: one person's data, written down in every way that it must see through."""

import base64
import bz2
import gzip
import hashlib
import html
import io
import json
import lzma
import pickle
import random
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import quote, quote_plus

from simulator.wamid import wamid as make_wamid

PHONE = "447700900713"
NAME = "Zéphyrine Quillfeather"
TEXT = "ઝરણું xylograph"
BSUID = "GB.88417720018842771234"
WAMID = make_wamid(PHONE, outbound=True)
FILLING = random.Random(3).randbytes(1000)


def zipped(raw: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("some/name.txt", raw)
    return file.getvalue()


def bare(packed: bytes) -> bytes:
    return packed.rstrip(b"=")


def hashed(algorithm: str, value: str) -> bytes:
    return hashlib.new(algorithm, value.encode()).digest()


PLAIN = PHONE.encode()
SAID = f"hello, {NAME} here, {TEXT}!"

WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "bytes": bytes,
    "hex": lambda digest: digest.hex().encode(),
    "base64": base64.b64encode,
    "the first 16 hex digits": lambda digest: digest.hex()[:16].encode(),
}
PLANTED: dict[str, bytes] = {
    "plain": PLAIN,
    "with a plus": b"+" + PLAIN,
    "national": b"0" + PLAIN[2:],
    "spaced": b"+44 7700 900 713",
    "dashed and bracketed": b"(+44) 7700-900-713",
    "spaced without a break": "+44\u00a07700\u00a0900713".encode(),
    "reversed": PLAIN[::-1],
    "name reversed": NAME[::-1].encode(),
    "name": NAME.encode(),
    "name in capitals": SAID.upper().replace("É", "é").encode(),
    "text in a sentence": SAID.encode(),
    "user id": BSUID.encode(),
    "utf-16-le": PHONE.encode("utf-16-le"),
    "utf-16-be": PHONE.encode("utf-16-be"),
    "text as utf-16-le": SAID.encode("utf-16-le"),
    "text as utf-16-be": SAID.encode("utf-16-be"),
    "hex": PLAIN.hex().encode(),
    "hex in capitals": PLAIN.hex().upper().encode(),
    "hex dumped": PLAIN.hex(" ").encode(),
    "hex of a text among other hex": (FILLING[:33] + SAID.encode()).hex().encode(),
    "hex of hex": PLAIN.hex().encode().hex().encode(),
    "bytes as PostgreSQL's log has them": b"'\\x" + SAID.encode().hex().encode() + b"'",
    "base64 at offset 0": base64.b64encode(PLAIN),
    "base64 at offset 1": base64.b64encode(b"a" + PLAIN),
    "base64 at offset 2": base64.b64encode(b"ab" + PLAIN),
    "base64 cut at both ends": base64.b64encode(b"abcdef" + PLAIN + b"ghijkl")[5:-5],
    "base64 of a text": base64.b64encode(SAID.encode()),
    "base64 safe in a URL": b"x=" + bare(base64.urlsafe_b64encode(b"\xfb\xff" + SAID.encode() + b"\xff\xfb")),
    "base64 in lines": base64.encodebytes(FILLING[:100] + SAID.encode() + FILLING[:100]),
    "base64 in JSON": json.dumps({"a": base64.encodebytes(b"\xff\xff\xff" + SAID.encode()).decode()}).encode(),
    "base64 with slashes escaped": base64.b64encode(b"\xff\xff\xff" + SAID.encode()).replace(b"/", b"\\/"),
    "base64 of base64": base64.b64encode(base64.b64encode(SAID.encode())),
    "base64 of utf-16": base64.b64encode(SAID.encode("utf-16")),
    "URL": quote(SAID).encode(),
    "URL with pluses": quote_plus(SAID).lower().encode(),
    "URL, every byte": "".join(f"%{byte:02X}" for byte in PLAIN).encode(),
    "JSON": json.dumps({"said": SAID}).encode(),
    "JSON in JSON": json.dumps({"a": json.dumps({"said": SAID})}).encode(),
    "JSON, every sign": "".join(f"\\u{ord(sign):04x}" for sign in PHONE).encode(),
    "HTML": html.escape(SAID).encode("ascii", "xmlcharrefreplace"),
    "repr of bytes": repr(SAID.encode()).encode(),
    "zlib": zlib.compress(SAID.encode()),
    "zlib at another level": zlib.compress(SAID.encode(), 9),
    "zlib with a small window": zlib.compress(SAID.encode(), wbits=9),
    "zlib cut off": zlib.compress(FILLING + SAID.encode() + FILLING[::-1])[:-300],
    "gzip": gzip.compress(SAID.encode()),
    "zip": zipped(SAID.encode()),
    "bzip2": bz2.compress(SAID.encode()),
    "xz": lzma.compress(SAID.encode()),
    "base64 of zlib": base64.b64encode(zlib.compress(SAID.encode())),
    "zlib of base64 of gzip": zlib.compress(base64.b64encode(gzip.compress(SAID.encode()))),
    "hex of zlib": zlib.compress(SAID.encode()).hex().encode(),
    "pickle": pickle.dumps({"said": SAID, "to": [PHONE]}),
    "pickle of the oldest kind": pickle.dumps({"said": SAID}, protocol=0),
    "pickle of a whole number": pickle.dumps(int(PHONE)),
    "pickle in zlib": zlib.compress(pickle.dumps(("send", (PHONE,), {}))),
    "whole number as PostgreSQL stores it": int(PHONE).to_bytes(8, "little"),
    "whole number as SQLite stores it": int(PHONE).to_bytes(6, "big"),
    "wamid": WAMID.encode(),
    "another wamid with the number": make_wamid(PHONE, outbound=False).encode(),
    "wamid, unpacked": base64.b64decode(WAMID.removeprefix("wamid.")),
    "wamid in a URL": quote(WAMID, safe="").encode(),
    "wamid in hex": WAMID.encode().hex().encode(),
    **{
        f"{algorithm} of {spelled} as {form}": write(hashed(algorithm, value))
        for algorithm in ("md5", "sha1", "sha256", "sha512")
        for spelled, value in {"the number": PHONE, "the number with a plus": f"+{PHONE}", "the user id": BSUID}.items()
        for form, write in WRITTEN.items()
    },
}
