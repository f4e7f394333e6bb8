"""The chat page's own files."""

from pathlib import Path

from simulator.state import State
from simulator.web import Request, Response, as_json

FOLDER = Path(__file__).with_name("page")
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".json": "application/json",
}
_HEADERS = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))


def file(_state: State, _request: Request, name: str = "") -> Response:
    """Answer with a file of the page; nothing outside its folder is reachable."""
    path = (FOLDER / (name or "index.html")).resolve()
    kind = _TYPES.get(path.suffix)
    if kind is None or not path.is_relative_to(FOLDER.resolve()) or not path.is_file():
        return as_json({"error": f"there is no {name or 'index.html'}"}, 404, _HEADERS)
    return Response(body=path.read_bytes(), content_type=kind, headers=_HEADERS)
