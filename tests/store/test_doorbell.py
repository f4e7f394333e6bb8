"""The doorbell: rings when it can, never fails, runs what was listed, leaves nothing in Redis."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Callback

from bot.store import doorbell as module
from bot.store import safe_job
from bot.store.doorbell import Depth, Doorbell, EvictionError, UnreachableError, Worker
from bot.store.safe_job import JobError, RefusedJobError, SafeJob, opaque
from bot.store.valkey import EmbeddedValkey

SECRET = "+919876543210"
RUNS: list[str] = []
BELLS: list[Doorbell] = []


@opaque
def succeed() -> None:
    RUNS.append("ran")


@opaque
def fail() -> None:
    raise ValueError(SECRET)


@opaque
def be_stopped() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    RUNS.append("heard" if BELLS[0].wait(30) else "left")


def pwn(*_: Any) -> None:
    RUNS.append("pwned")


def name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


@pytest.fixture
def bell(valkey: str) -> Iterator[Doorbell]:
    RUNS.clear()
    made = Doorbell(valkey)
    BELLS[:] = [made]
    yield made
    made.close()


@pytest.fixture
def dead(tmp_path: Path) -> Iterator[Doorbell]:
    """Give the bell of a Redis that is not there."""
    made = Doorbell(f"unix://{tmp_path / 'nobody.sock'}")
    yield made
    made.close()


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Give a way to say which function is the listed one."""

    def choose(function: Callable[[], None]) -> None:
        monkeypatch.setattr(module, "WORK", name_of(function))
        monkeypatch.setattr(safe_job, "ALLOWED", frozenset({name_of(function)}))

    return choose


def keys(redis: Redis, *patterns: str) -> list[bytes]:
    return [key for pattern in patterns for key in redis.scan_iter(match=pattern)]


def run(bell: Doorbell) -> None:
    worker = Worker.on(bell)
    handlers = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        worker.run(burst=True)
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
        worker.connection.close()


def test_a_ring_is_one_job_that_says_nothing(bell: Doorbell, redis: Redis) -> None:
    assert bell.ring()

    (job,) = bell.queue.jobs
    assert (job.func_name, job.args, job.kwargs, job.description) == ("bot.doors.jobs.work", [], {}, "work")
    assert (job.result_ttl, job.timeout) == (0, module.JOB_TIMEOUT)
    assert job.failure_ttl is not None
    assert 0 < job.failure_ttl <= 86_400
    assert bell.depth() == Depth(waiting=1, taken=0, working=0, failed=0)


def test_of_a_job_that_went_well_nothing_is_left(bell: Doorbell, redis: Redis, works: Callable[..., None]) -> None:
    works(succeed)
    bell.ring()

    run(bell)

    assert RUNS == ["ran"]
    assert keys(redis, "rq:job*", "rq:results*", "rq:finished*") == []


@pytest.mark.laws
def test_of_a_job_that_failed_only_the_type_of_the_error_is_kept_and_not_for_long(
    bell: Doorbell, redis: Redis, works: Callable[..., None]
) -> None:
    works(fail)
    bell.ring()

    run(bell)

    assert bell.depth() == Depth(waiting=0, taken=0, working=0, failed=1)
    assert bell.holds(["ValueError"])
    assert not bell.holds([SECRET, SECRET[1:]])
    kept = keys(redis, "rq:job*", "rq:results*")
    assert all(0 < redis.ttl(key) <= module.FAILURE_TTL for key in kept)
    assert kept


@pytest.mark.parametrize("name", ["os.system", "bot.store.vault.random_id", name_of(pwn)])
def test_a_function_that_was_not_listed_is_refused(bell: Doorbell, tmp_path: Path, name: str) -> None:
    bell.queue.enqueue_call(name, args=(f"touch {tmp_path / 'pwned'}",), failure_ttl=60)

    run(bell)

    assert bell.depth() == Depth(waiting=0, taken=0, working=0, failed=1)
    assert not (tmp_path / "pwned").exists()
    assert RUNS == []
    assert bell.holds([RefusedJobError.__name__])


@pytest.mark.parametrize("function", [succeed, fail], ids=["after a success", "after a failure"])
def test_callbacks_that_came_with_a_job_are_not_called(
    bell: Doorbell, works: Callable[..., None], function: Callable[[], None]
) -> None:
    works(function)
    callback = Callback(name_of(pwn))
    bell.queue.enqueue_call(
        name_of(function), on_success=callback, on_failure=callback, on_stopped=callback, failure_ttl=60
    )

    run(bell)

    assert "pwned" not in RUNS


def test_a_job_that_was_pickled_is_not_read(bell: Doorbell, redis: Redis, works: Callable[..., None]) -> None:
    works(succeed)
    job = SafeJob.create(name_of(succeed), connection=redis, serializer="pickle", timeout=60, failure_ttl=60)
    bell.queue.enqueue_job(job)

    run(bell)

    assert RUNS == []


def test_opaque_keeps_the_type_and_nothing_behind_it() -> None:
    with pytest.raises(JobError, match=r"^ValueError$") as caught:
        fail()

    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_bell_wakes_who_lingers(bell: Doorbell, valkey: str) -> None:
    other = Doorbell(valkey)
    timer = threading.Timer(0.1, other.wake)
    timer.start()
    begun = time.monotonic()

    assert bell.wait(10)
    assert time.monotonic() - begun < 5
    timer.join()
    other.close()


def test_a_bell_is_heard_by_who_listens_next_and_once(bell: Doorbell) -> None:
    bell.wake()
    bell.wake()

    assert bell.wait(5)
    assert not bell.wait(0.05)


def test_several_may_be_woken_at_once(bell: Doorbell) -> None:
    bell.wake(listeners=2)

    assert [bell.wait(0.05) for _ in range(3)] == [True, True, False]


def test_lingering_ends_when_the_process_is_to_stop(bell: Doorbell) -> None:
    timer = threading.Timer(0.1, bell.stopping.set)
    timer.start()
    begun = time.monotonic()

    assert not bell.wait(30)
    assert time.monotonic() - begun < 10
    timer.join()


def test_a_job_that_lingers_is_told_to_stop_and_no_other_begins(bell: Doorbell, works: Callable[..., None]) -> None:
    works(be_stopped)
    bell.ring()
    bell.ring()
    begun = time.monotonic()

    run(bell)

    assert RUNS == ["left"]
    assert bell.depth() == Depth(waiting=1, taken=0, working=0, failed=0)
    assert time.monotonic() - begun < 10


@pytest.mark.laws
def test_without_redis_nothing_fails_and_nobody_waits(dead: Doorbell) -> None:
    begun = time.monotonic()

    assert (dead.ring(), dead.wake(), dead.wait(30), dead.alive(), dead.depth()) == (False, False, False, False, None)
    dead.check()
    assert time.monotonic() - begun < module.PATIENCE
    assert dead.failures > 0


def test_what_redis_holds_is_not_guessed_without_redis(dead: Doorbell) -> None:
    with pytest.raises(UnreachableError):
        dead.holds(["anything"])


def test_a_redis_that_comes_back_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = EmbeddedValkey(tmp_path)
    bell = Doorbell(server.url)
    assert not bell.ring()
    server.start()

    assert not bell.ring(), "for a moment it is left alone"
    monkeypatch.setattr(bell, "_quiet_until", 0.0)
    assert bell.ring()
    bell.close()
    server.stop()


def test_a_full_redis_is_counted_and_told_by_nobody_else(bell: Doorbell, redis: Redis) -> None:
    redis.config_set("maxmemory", "1")
    try:
        assert not bell.ring()
    finally:
        redis.config_set("maxmemory", "0")

    assert bell.failures == 1


def test_a_redis_that_throws_keys_away_is_refused(bell: Doorbell, redis: Redis) -> None:
    redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        with pytest.raises(EvictionError, match=r"noeviction.*allkeys-lru"):
            run(bell)
    finally:
        redis.config_set("maxmemory-policy", "noeviction")


@pytest.mark.laws
def test_flushing_redis_leaves_a_bell_that_rings(bell: Doorbell, redis: Redis, works: Callable[..., None]) -> None:
    works(succeed)
    bell.ring()
    redis.flushall()
    bell.ring()

    run(bell)

    assert RUNS == ["ran"]


def test_counting_does_not_put_an_abandoned_job_back(bell: Doorbell, redis: Redis) -> None:
    bell.ring()
    (job_id,) = bell.queue.job_ids
    redis.delete(bell.queue.key)
    redis.zadd("rq:wip:lethe", {f"{job_id}:execution": 1})

    assert bell.depth() == Depth(waiting=0, taken=0, working=1, failed=0)
    assert redis.zcard("rq:wip:lethe") == 1


def test_a_worker_has_one_queue_and_logs_no_description(bell: Doorbell) -> None:
    worker = Worker.on(bell)

    assert worker.queue_names() == ["lethe"]
    assert (worker.log_job_description, worker.scheduler, worker.default_result_ttl) == (False, None, 0)
    assert (worker.worker_ttl, worker.maintenance_interval, worker.job_monitoring_interval) == (30, 30, 10)
    worker.connection.close()
