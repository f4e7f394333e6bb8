"""An RQ job that runs what we listed and nothing else, and leaves nothing of a person in Redis.

RQ imports and calls whatever a job names, so whoever can write to Redis could run anything; JSON stops only pickle.
Callbacks and webhooks of a job are names and addresses too: a job of ours has none.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

from rq.job import Job, JobStatus
from rq.types import FailureCallbackType, SuccessCallbackType

from bot.log import get_logger

WORK = "bot.doors.jobs.work"
"""The one function that a job may name; the doors are above us, so it is known by its name."""

ALLOWED = frozenset({WORK})
LOG = get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class RefusedJobError(Exception):
    """A job that names a function we did not list."""


class JobError(Exception):
    """What RQ may keep of a failure: the name of its type."""


class SafeJob(Job):
    """A job that refuses every function not in `ALLOWED`."""

    def _execute(self) -> Any:
        if self.func_name not in ALLOWED or self.instance is not None:
            raise RefusedJobError
        return super()._execute()

    @property
    def success_callback(self) -> SuccessCallbackType | None:
        return None

    @property
    def failure_callback(self) -> FailureCallbackType | None:
        return None

    @property
    def stopped_callback(self) -> Callable[..., Any] | None:
        return None

    def send_webhooks(self, status: str | JobStatus, *, exc_string: str | None = None) -> None:
        """Send nothing."""


def opaque(function: Callable[P, T]) -> Callable[P, T]:
    """Let nothing out of a job's function but the type of what went wrong; where it happened goes to our own log."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except Exception as error:  # RQ would keep the text of any
            LOG.exception("job_failed")
            name = type(error).__name__
        fail(name)

    return wrapped


def fail(name: str) -> NoReturn:
    """Raise with the type's name alone, outside the handler: so the exception carries no other."""
    raise JobError(name)
