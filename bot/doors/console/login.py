"""Who may see the console: one password, throttled; a signed cookie that ages; a token on every form."""

import contextlib
import hashlib
import os
import secrets
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, session, url_for
from werkzeug.security import check_password_hash
from werkzeug.wrappers import Response

from bot.config.addresses import on_loopback
from bot.doors.console.throttle import Throttle
from bot.log import get_logger
from bot.runtime import Runtime, utc_now

LOG = get_logger(__name__)
HERE = Path(__file__).parent
LASTS = timedelta(hours=12)
IDLE = timedelta(minutes=15)
BEHIND_LOGIN = frozenset({"console", "rq_dashboard"})
KEY_FILE = "session.key"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

entry = Blueprint("entry", __name__, url_prefix="/console", template_folder=str(HERE))


class Guard:
    """The state of the login in this process."""

    def __init__(self, password_hash: str) -> None:
        self.password_hash = password_hash
        self.mark = hashlib.sha256(password_hash.encode()).hexdigest()[:16]
        """Stands in every cookie, so that a new password ends all sessions."""
        self.throttle = Throttle()
        self.ended: dict[str, datetime] = {}
        """Sessions that logged out, until they would have ended by themselves."""

    def lets_in(self) -> bool:
        """Return whether the request's session is one of ours, not ended, not too old, not idle; note that it lives."""
        now = utc_now()
        if session.get("mark") != self.mark or session["id"] in self.ended:
            return False
        since, seen = (datetime.fromisoformat(session[name]) for name in ("since", "seen"))
        if now - since > LASTS or now - seen > IDLE:
            session.clear()
            return False
        session["seen"] = now.isoformat()
        return True

    def enter(self) -> None:
        """Begin a session; whatever the cookie held before is gone."""
        now = utc_now().isoformat()
        session.clear()
        session.update(mark=self.mark, id=secrets.token_urlsafe(16), since=now, seen=now)
        csrf()

    def leave(self) -> None:
        """End the session for good, also for a copy of its cookie."""
        now = utc_now()
        self.ended = {each: until for each, until in self.ended.items() if until > now}
        self.ended[session.get("id", "")] = now + LASTS
        session.clear()


def guard(app: Flask, made: Runtime, password_hash: str) -> None:
    """Set up cookie and key, and let nobody see a page of the console who has not logged in."""
    secure = not on_loopback(made.public_url)
    app.secret_key = _key(made)
    app.config.update(
        SESSION_COOKIE_NAME="__Host-lethe" if secure else "lethe",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    app.extensions["lethe_guard"] = Guard(password_hash)
    app.before_request(_check)
    app.register_blueprint(entry)
    app.jinja_env.globals["csrf"] = csrf


def csrf() -> str:
    """Return the session's token; every form carries it."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def _check() -> Response | None:
    if request.blueprint not in BEHIND_LOGIN | {entry.name}:
        return None
    if request.method not in SAFE and request.blueprint != "rq_dashboard" and not _is_ours():
        abort(HTTPStatus.FORBIDDEN)
    if request.blueprint in BEHIND_LOGIN and not _here().lets_in():
        return redirect(url_for("entry.form"))
    return None


def _is_ours() -> bool:
    """Return whether the request comes from a form of ours: by its token, and by its origin where that is told."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return False
    wanted = session.get("csrf", "")
    return bool(wanted) and secrets.compare_digest(request.form.get("csrf", "").encode(), wanted.encode())


@entry.get("/login")
def form() -> str:
    """Show the form."""
    return render_template("login.html", wrong=False)


@entry.post("/login")
def log_in() -> tuple[str, HTTPStatus] | Response:
    """Let in whoever knows the password; each wrong one makes the next wait."""
    here, address = _here(), request.remote_addr or ""
    if not here.throttle.lets(address):
        return render_template("login.html", wrong=True), HTTPStatus.TOO_MANY_REQUESTS
    if not check_password_hash(here.password_hash, request.form.get("password", "")):
        here.throttle.note(address)
        LOG.warning("console_login_failed")
        return render_template("login.html", wrong=True), HTTPStatus.UNAUTHORIZED
    here.enter()
    LOG.info("console_login")
    return redirect(url_for("console.overview"))


@entry.post("/logout")
def log_out() -> Response:
    """End the session."""
    _here().leave()
    return redirect(url_for("entry.form"))


def _here() -> Guard:
    here: Guard = current_app.extensions["lethe_guard"]
    return here


def _key(made: Runtime) -> str:
    """Return the key that signs cookies: the one that is set, else one made in the data folder."""
    if made.settings.session_key is not None:
        return made.settings.session_key.get_secret_value()
    path = made.settings.data_dir / KEY_FILE
    if not path.exists():
        fresh = path.with_name(f"{KEY_FILE}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(32), "ascii")
        # Of two processes that begin together the first one's key stays, and is there whole or not at all.
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text("ascii")
