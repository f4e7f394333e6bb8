"""What Prometheus is told: the book's own figures, read when it asks."""

from collections.abc import Iterator
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import func, select

from bot.answering import backlog
from bot.delivery.numbers import numbers
from bot.runtime import Runtime
from bot.store.db import table
from bot.store.models import Counter

counts = table(Counter)


class Figures:
    """A collector over one runtime: queues, counters, numbers, the doorbell. Labels are names of the business's own."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def collect(self) -> Iterator[Metric]:
        """Yield everything."""
        yield from self._queues()
        yield self._counters()
        yield from self._doorbell()
        yield _gauge(
            "lethe_content_faults", "Faults in files that are not served yet.", len(self._runtime.watched.faults)
        )

    def _queues(self) -> Iterator[Metric]:
        now = self._runtime.clock()
        with self._runtime.db.read() as session:
            queues = backlog.figures(session, now=now)
            paused = (
                session.execute(select(numbers.c.number_id).where(numbers.c.resume_at.is_not(None))).scalars().all()
            )
        rows = GaugeMetricFamily("lethe_queue_rows", "Rows that wait.", labels=["queue"])
        ages = GaugeMetricFamily("lethe_queue_oldest_seconds", "Age of the oldest row.", labels=["queue"])
        for queue in queues:
            rows.add_metric([queue.name], queue.count)
            ages.add_metric([queue.name], max(0.0, (now - queue.oldest).total_seconds()) if queue.oldest else 0.0)
        yield rows
        yield ages
        pauses = GaugeMetricFamily("lethe_number_paused", "Business numbers that wait.", labels=["number"])
        for number in paused:
            pauses.add_metric([number], 1)
        yield pauses

    def _counters(self) -> Metric:
        family = CounterMetricFamily("lethe_counted", "What happened, by business.", labels=["business", "name"])
        summed = select(counts.c.business, counts.c.name, func.sum(counts.c.value)).group_by(
            counts.c.business, counts.c.name
        )
        with self._runtime.db.read() as session:
            for business, name, value in session.execute(summed):
                family.add_metric([business, name], float(value))
        return family

    def _doorbell(self) -> Iterator[Metric]:
        doorbell = self._runtime.doorbell
        depth = doorbell.depth()
        yield _gauge("lethe_redis_up", "Whether Redis answers.", depth is not None)
        yield CounterMetricFamily("lethe_doorbell_failures", "Times Redis could not be told.", value=doorbell.failures)
        jobs = GaugeMetricFamily("lethe_jobs", "RQ jobs by state.", labels=["state"])
        for state in ("waiting", "taken", "working", "failed") if depth else ():
            jobs.add_metric([state], getattr(depth, state))
        yield jobs


def _gauge(name: str, help_: str, value: Any) -> Metric:
    return GaugeMetricFamily(name, help_, value=float(value))
