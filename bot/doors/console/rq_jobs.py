"""RQ's own dashboard under `/console/jobs`, for looking only. The one file that knows rq-dashboard.

It reads jobs with pickle, connects anew for every page and requeues on a GET; each of that is replaced or closed here.
"""

from http import HTTPStatus
from typing import Any

import rq_dashboard.web
from flask import Flask, Response, abort, redirect, request, url_for
from redis import Redis, RedisError
from rq import Worker
from rq.exceptions import NoSuchJobError
from rq.serializers import JSONSerializer
from werkzeug.wrappers import Response as Redirect

from bot.runtime import Runtime
from bot.store.safe_job import SafeJob

PREFIX = "/console/jobs"
LABEL = "redis"
"""Shown in place of the address, which may hold a password."""
LOOKING = frozenset({"GET", "HEAD"})
CHANGES = frozenset({"rq_dashboard.requeue_all"})
"""Views that change something on a GET."""
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Its pages write scripts into themselves and compile their own templates."""
PATIENCE = 2.0


class JsonJob(SafeJob):
    """A job that is read as JSON, whoever asks."""

    @classmethod
    def fetch(cls, id: str, connection: Redis | None = None, serializer: Any = None) -> "JsonJob":  # noqa: A002, ARG003  as RQ's
        """Fetch a job."""
        job = super().fetch(id, connection=connection, serializer=JSONSerializer)
        assert isinstance(job, cls)  # noqa: S101  for the type
        return job


class JsonWorker(Worker):
    """A worker whose jobs are read as JSON."""

    @classmethod
    def all(cls, connection: Redis | None = None, **_: Any) -> list[Any]:  # type: ignore[override]  # nobody asks for more
        """Return all workers."""
        return super().all(connection=connection, job_class=JsonJob, serializer=JSONSerializer)


def mount(app: Flask, made: Runtime) -> None:
    """Put the dashboard there; the login stands before it (`console/login`)."""
    connection = Redis.from_url(made.settings.redis, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    web = rq_dashboard.web
    web.Job, web.Worker = JsonJob, JsonWorker
    web.config.serializer = JSONSerializer
    web.from_url = lambda *_, **__: (None, app.redis_conn)  # type: ignore[attr-defined]  # where the dashboard keeps it
    app.redis_conn = connection  # type: ignore[attr-defined]  # as above
    app.config.update(RQ_DASHBOARD_REDIS_URL=(LABEL,), RQ_DASHBOARD_DISABLE_DELETE=True)
    app.before_request(_only_look)
    app.after_request(_relax)
    app.register_error_handler(NoSuchJobError, lambda _: ("", HTTPStatus.NOT_FOUND))
    app.register_error_handler(RedisError, lambda _: ("Redis does not answer.", HTTPStatus.SERVICE_UNAVAILABLE))
    # The dashboard's pages ask for an icon of the application's own.
    app.add_url_rule(f"{PREFIX}/icon/<path:filename>", "static", _icon)
    app.register_blueprint(web.blueprint, url_prefix=PREFIX)


def _only_look() -> None:
    if request.blueprint != "rq_dashboard":
        return
    if request.method not in LOOKING or request.endpoint in CHANGES:
        abort(HTTPStatus.METHOD_NOT_ALLOWED)
    if (request.view_args or {}).get("instance_number", 0) != 0:
        abort(HTTPStatus.NOT_FOUND)


def _relax(response: Response) -> Response:
    if request.blueprint == "rq_dashboard":
        response.headers["Content-Security-Policy"] = POLICY
    return response


def _icon(filename: str) -> Redirect:  # noqa: ARG001  as the route has it
    return redirect(url_for("pages.icon"))
