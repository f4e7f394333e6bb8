"""Pages that anybody may read: what became of a request, and what a business does with data."""

from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, render_template, request

from bot.config.catalogue import FIRST, Catalogue
from bot.config.content.loader import common_of
from bot.doors.context import runtime
from bot.doors.pages import notice, status
from bot.doors.pages.speech import Speech

HERE = Path(__file__).parent
STYLE = (HERE / "style.css").read_bytes()
ICON = (HERE / "icon.svg").read_bytes()
JSON = "application/json"

pages = Blueprint("pages", __name__, template_folder=str(HERE))


@pages.get("/pages/style.css")
def style() -> Response:
    """Return the one style sheet of all pages."""
    response = Response(STYLE, mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@pages.get("/favicon.ico")
def icon() -> Response:
    """Return the sign that browsers show beside a page's title."""
    response = Response(ICON, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@pages.get("/deletion-status")
def deletion_status() -> Response:
    """Tell how far a request is. A code that nobody gave out gets an answer of the same shape."""
    here = runtime()
    code = request.args.get("code", "").strip()[: status.LONGEST]
    with here.db.read() as session:
        view = status.look_up(session, here.vault, code)
    catalogue = Catalogue.load(common_of(here.settings.config_dir))
    speech = Speech(catalogue, _language(catalogue.languages))
    shown = status.shown(view, code)
    accepts = request.accept_mimetypes
    if accepts[JSON] > accepts["text/html"]:
        return jsonify(shown.as_json())
    return Response(render_template("status.html", say=speech, shown=shown), mimetype="text/html")


@pages.get("/privacy/<business_id>")
def privacy(business_id: str) -> Response:
    """Show a business's notice: the policy that retention, answers and exports go by, in words."""
    business = runtime().content().businesses.get(business_id)
    if business is None:
        abort(HTTPStatus.NOT_FOUND)
    catalogue = business.catalogue
    speech = Speech(catalogue, _language(business.languages, fallback=business.language))
    written = notice.of(business, speech, runtime().settings.config_dir)
    response = Response(render_template("notice.html", say=speech, notice=written), mimetype="text/html")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Vary"] = "Accept-Language"
    return response


def _language(among: tuple[str, ...], *, fallback: str = FIRST) -> str:
    """Return the language asked for by `?lang=`, else the browser's, else the fallback."""
    asked = request.args.get("lang", "")
    return asked if asked in among else request.accept_languages.best_match(among) or fallback
