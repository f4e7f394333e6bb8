"""multipart/form-data, as far as uploads need it; bytes stay as they are."""

from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form."""

    data: bytes = b""
    content_type: str = ""
    filename: str = ""

    @property
    def text(self) -> str:
        """Return the field as text."""
        return self.data.decode("utf-8", "replace")


def parts(content_type: str, body: bytes) -> dict[str, Part]:
    """Return the fields of a form by name; raises ValueError for a body that is none."""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_param("boundary")
    if header.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        raise ValueError("The request must be multipart/form-data.")
    found: dict[str, Part] = {}
    # The delimiter belongs to the line break before it, so the first one gets a line break too.
    for piece in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:]:
        if piece.startswith(b"--"):
            return found
        head, _, data = piece.partition(b"\r\n\r\n")
        headers = HeaderParser().parsestr(head.decode("utf-8", "replace").lstrip("\r\n"))
        name = headers.get_param("name", header="content-disposition")
        if isinstance(name, str):
            kind = headers.get("content-type", "")
            found[name] = Part(data, kind, headers.get_filename() or "")
    raise ValueError("The multipart body has no end.")
