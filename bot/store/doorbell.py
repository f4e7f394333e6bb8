"""The doorbell: RQ says "there is work", and that is all that Redis is for (law 1).

A ring starts a job, a bell wakes a job that lingers. Both are best effort: what cannot be told now is counted, and
found by the sweeper; nobody who rings waits for a Redis that is gone.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Self, TypeVar

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.registry import FailedJobRegistry, StartedJobRegistry
from rq.serializers import JSONSerializer

from bot.log import get_logger
from bot.store.redis_search import is_held
from bot.store.safe_job import WORK, SafeJob
from bot.store.vault import random_id

LOG = get_logger(__name__)
T = TypeVar("T")

JOB_TIMEOUT = 120
"""Seconds: longer than a job lingers and all its calls to Meta may take."""

FAILURE_TTL = 3600
PATIENCE = 2.0
"""Seconds a call waits for Redis; a Redis that failed is left alone for as long."""

SLICE = 0.5
BELL_LASTS = 60


class EvictionError(Exception):
    """Redis throws keys away when its memory is full, and would lose jobs without a word."""


class UnreachableError(Exception):
    """Redis does not answer a question that must not be left open."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How many jobs wait, are taken but not begun, are worked on, and failed."""

    waiting: int
    taken: int
    working: int
    failed: int


class Doorbell:
    """The bell of one queue. One a process; threads may share it."""

    def __init__(self, redis_url: str, queue: str = "lethe") -> None:
        """Take a `redis://`, `rediss://` or `unix://` address; nothing is opened yet."""
        self.redis_url = redis_url
        self.stopping = threading.Event()
        """Set when this process was asked to end: a job that lingers should not."""
        self.failures = 0
        """How often Redis could not be told or asked."""
        # Once more at once, for the other side may have closed a kept connection; never for a call that took too long.
        retry = Retry(NoBackoff(), 1, (RedisConnectionError,))
        self.connection = Redis.from_url(
            redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=retry
        )
        self.queue = Queue(queue, connection=self.connection, job_class=SafeJob, serializer=JSONSerializer)
        self._bell = f"lethe:bell:{queue}"
        self._quiet_until = 0.0
        self._lock = threading.Lock()

    def ring(self) -> bool:
        """Ask for a job; return whether Redis took it."""
        return self._try(self._enqueue) is not None

    def wake(self, listeners: int = 1) -> bool:
        """Wake that many jobs that linger, or that do within the next minute; return whether Redis took it."""
        return self._try(lambda: self._push(listeners)) is not None

    def wait(self, seconds: float) -> bool:
        """Linger: True once the bell rings; False when the time is over, this process is to end, or Redis is gone."""
        end = time.monotonic() + seconds
        heard: bool | None = False
        while heard is False and not self.stopping.is_set() and (left := end - time.monotonic()) > 0:
            heard = self._try(partial(self._pop, min(left, SLICE)))
        return bool(heard)

    def alive(self) -> bool:
        """Return whether Redis answers now."""
        return self._try(self.connection.ping) is not None

    def check(self) -> None:
        """Raise `EvictionError` when Redis may throw jobs away; a Redis that does not answer is no fault here."""
        memory = self._try(lambda: self.connection.info("memory"))
        policy = (memory or {}).get("maxmemory_policy", "noeviction")
        if policy != "noeviction":
            LOG.error("redis_evicts", setting="maxmemory-policy", fault=f"must be noeviction, is {policy}")
            raise EvictionError(f"Redis must be set to `maxmemory-policy noeviction`; it is set to {policy}.")

    def holds(self, ids: Iterable[str]) -> bool:
        """Return whether any of these stands in a key or value of ours, decoded; `UnreachableError` if nobody knows."""
        try:
            return is_held(self.connection, ids)
        except RedisError:
            raise UnreachableError from None

    def depth(self) -> Depth | None:
        """Count the jobs without touching them; None when Redis does not answer."""
        return self._try(self._count)

    def close(self) -> None:
        """Close the connections; a fork calls this before it rings."""
        self.connection.close()

    def _try(self, call: Callable[[], T]) -> T | None:
        if time.monotonic() < self._quiet_until:
            return None
        try:
            return call()
        except RedisError as error:
            with self._lock:
                self.failures += 1
                self._quiet_until = time.monotonic() + PATIENCE
            LOG.warning("doorbell_failed", error=type(error).__name__)
            return None

    def _enqueue(self) -> str:
        # No argument, a constant description, no result: nothing stays of a job that went well.
        job = self.queue.enqueue_call(
            WORK,
            timeout=JOB_TIMEOUT,
            result_ttl=0,
            failure_ttl=FAILURE_TTL,
            description="work",
            job_id=random_id(),
        )
        return job.id

    def _push(self, listeners: int) -> bool:
        with self.connection.pipeline(transaction=True) as pipe:
            pipe.lpush(self._bell, *["1"] * listeners)
            pipe.ltrim(self._bell, 0, listeners - 1)
            pipe.expire(self._bell, BELL_LASTS)
            pipe.execute()
        return True

    def _pop(self, seconds: float) -> bool:
        return self.connection.blpop([self._bell], timeout=seconds) is not None

    def _count(self) -> Depth:
        # Keys alone: the registries' own counts clean up as they go, and several at once put a job back several times.
        with self.connection.pipeline(transaction=False) as pipe:
            pipe.llen(self.queue.key)
            pipe.llen(self.queue.intermediate_queue_key)
            pipe.zcard(StartedJobRegistry(queue=self.queue).key)
            pipe.zcard(FailedJobRegistry(queue=self.queue).key)
            return Depth(*pipe.execute())


class Worker(SimpleWorker):
    """An RQ worker of one queue, without fork, scheduler or descriptions; a supervisor restarts it.

    With more than one queue RQ loses the job of a worker that is killed while it takes it; a scheduler's child may
    swallow the next one. Without a fork the database's connections are kept from job to job.
    """

    log_result_lifespan = False
    doorbell: Doorbell

    @classmethod
    def on(cls, doorbell: Doorbell, name: str | None = None) -> Self:
        """Make a worker with a connection of its own; raises redis-py's error when Redis does not answer."""
        worker = cls(
            doorbell.queue.name,
            name=name or random_id(),
            connection=Redis.from_url(doorbell.redis_url),
            job_class=SafeJob,
            serializer=JSONSerializer,
            worker_ttl=30,
            maintenance_interval=30,
            job_monitoring_interval=10,
            default_result_ttl=0,
            log_job_description=False,
        )
        worker.doorbell = doorbell
        return worker

    def run(self, *, burst: bool = False) -> bool:
        """Work until SIGTERM (or, in a burst, until nothing waits); return whether there was anything."""
        self.doorbell.check()
        return self.work(burst=burst, logging_level=None, with_scheduler=False)

    def subscribe(self) -> None:
        """Take no commands from Redis: who can write there shall stop nothing, and a thread and a second are saved."""

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """End after the job at hand, which is told so."""
        self.doorbell.stopping.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]  # RQ's own is untyped
