"""The one RQ job: a shift. It takes no arguments and leaves no result, so Redis learns nothing (law 5)."""

from bot.doors.shift import Shift
from bot.runtime import Runtime
from bot.store.safe_job import opaque

_worker: list[Runtime] = []


def serve_with(runtime: Runtime) -> None:
    """Name the runtime that this process's jobs work with."""
    _worker[:] = [runtime]


@opaque
def work() -> None:
    """Do a shift."""
    Shift(_worker[0]).run()
