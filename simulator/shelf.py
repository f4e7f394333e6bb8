"""Media over HTTP: upload, look up, download, delete."""

from simulator.errors import BadTokenError, NoSuchObjectError, invalid
from simulator.media import DAYS, check
from simulator.multipart import Part, parts
from simulator.state import State
from simulator.web import Request, Response, as_json


def upload(state: State, request: Request, number_id: str) -> Response:
    """Keep a file that the business uploads, for thirty days."""
    if number_id not in state.numbers:
        raise NoSuchObjectError(number_id, request.method)
    try:
        form = parts(request.headers.get("content-type", ""), request.body)
    except ValueError as problem:
        raise invalid(str(problem)) from None
    file = form.get("file")
    if form.get("messaging_product", Part()).text != "whatsapp":
        raise invalid("The parameter messaging_product is required.")
    if file is None:
        raise invalid("The parameter file is required.")
    mime_type = file.content_type or form.get("type", Part()).text
    check(file.data, mime_type)
    now = state.clock.now()
    with state.lock:
        media = state.media.put(file.data, mime_type, number_id, expires=now + DAYS["uploaded"])
    return as_json({"id": media.id})


def look_up(state: State, request: Request, media_id: str) -> Response:
    """Tell a file's type, size, digest and an address that works for five minutes."""
    now = state.clock.now()
    with state.lock:
        media = state.media.get(media_id, now)
        wanted = request.query.get("phone_number_id")
        if media is None or (wanted is not None and wanted != media.number):
            raise NoSuchObjectError(media_id, request.method)
        return as_json(media.node(state.media.url(state.url, media, now)))


def download(state: State, request: Request) -> Response:
    """Give the bytes behind an address that has not run out."""
    if "authorization" not in request.headers:
        raise BadTokenError
    with state.lock:
        media = state.media.opened(request.query.get("hash", ""), state.clock.now())
    if media is None or media.id != request.query.get("mid"):
        return Response(status=404, body=b"", content_type="text/plain; charset=utf-8")
    return Response(body=media.data, content_type=media.mime_type)


def remove(state: State, request: Request, media_id: str) -> Response:
    """Delete a file at once."""
    with state.lock:
        if not state.media.remove(media_id):
            raise NoSuchObjectError(media_id, request.method)
    return as_json({"success": True})


def show(state: State, _request: Request, media_id: str) -> Response:
    """Give the bytes to the chat page, which has no token."""
    with state.lock:
        media = state.media.get(media_id, state.clock.now())
    if media is None:
        return as_json({"error": "there is no such media"}, 404)
    harmless = (("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "sandbox"))
    return Response(body=media.data, content_type=media.mime_type, headers=harmless)
