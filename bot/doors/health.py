"""For machines that watch: `/healthz` alive, `/readyz` whether intake can commit, `/metrics` in figures."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    disable_created_metrics,
    generate_latest,
)
from sqlalchemy import func, select

from bot.answering import backlog
from bot.delivery.numbers import numbers
from bot.delivery.templates import templates
from bot.doors.context import is_operator, runtime
from bot.doors.figures import Figures
from bot.log import get_logger, reduced
from bot.runtime import Runtime
from bot.store import counters
from bot.store.db import insert, is_unavailable
from bot.store.models import Seen
from bot.store.vault import random_id

LOG = get_logger(__name__)

disable_created_metrics()  # type: ignore[no-untyped-call]  # prometheus-client leaves it untyped
health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """Answer, which is all that is asked."""
    return jsonify(status="alive")


@health.get("/readyz")
def ready() -> tuple[Response, HTTPStatus]:
    """Tell whether a webhook could be made durable now; everything else is told, and turns nobody away."""
    here = runtime()
    if not can_commit(here):
        return jsonify(ready=False, intake="the database cannot take a transaction"), HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(ready=True, intake="ok", **state(here)), HTTPStatus.OK


@health.get("/metrics")
def metrics() -> Response:
    """Answer Prometheus, on this machine or with the token."""
    if not is_operator():
        return Response(status=HTTPStatus.NOT_FOUND)
    own = CollectorRegistry()
    own.register(Figures(runtime()))
    return Response(generate_latest(REGISTRY) + generate_latest(own), content_type=CONTENT_TYPE_LATEST)


def can_commit(here: Runtime) -> bool:
    """Write a row and take it back: a lock, a full disk, a copy that only reads are all found."""
    try:
        with here.db.write() as session:
            session.execute(insert(session, Seen).values(hash=random_id(), day=here.today()))
            session.rollback()
    except Exception as error:
        if not is_unavailable(error):
            raise
        LOG.warning("not_ready", **reduced(error))
        return False
    return True


def state(here: Runtime) -> dict[str, Any]:
    """Return how it goes, in counts and ages; no number, no id."""
    now = here.clock()
    with here.db.read() as session:
        queues = backlog.figures(session, now=now)
        paused = session.execute(select(func.count()).where(numbers.c.resume_at.is_not(None))).scalar_one()
        synced = session.execute(select(func.min(templates.c.synced_at))).scalar()
        today = counters.read(session, since=here.today())
    return {
        "redis": "ok" if here.doorbell.alive() else "down",
        "doorbell_failures": here.doorbell.failures,
        "queues": {queue.name: {"count": queue.count, "oldest_seconds": age(queue.oldest, now)} for queue in queues},
        "failed_today": sum(each.value for each in today if each.name == "failed"),
        "numbers_paused": paused,
        "content_faults": len(here.watched.faults),
        "templates_synced_seconds_ago": age(synced, now),
    }


def age(moment: datetime | None, now: datetime) -> float | None:
    """Return how many seconds ago it was; less than nothing is nothing."""
    return None if moment is None else round(max(0.0, (now - moment).total_seconds()), 1)
