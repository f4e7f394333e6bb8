"""Starting a process: settings, clock, runtime, migrated database, checked Redis."""

from bot import log
from bot.config.settings import Settings
from bot.doors.demo import DemoClock
from bot.runtime import WORK_PATIENCE, Clock, Runtime, utc_now
from bot.store.migrate import migrate


def runtime(settings: Settings, *, patience: float = WORK_PATIENCE) -> Runtime:
    """Return the runtime of a process that may begin: content read, schema at head."""
    log.configure(settings.log_level)
    made = Runtime(settings, clock=clock_of(settings), patience=patience)
    migrate(made.db)
    return made


def clock_of(settings: Settings) -> Clock:
    """Return the clock of the doors: the machine's, or in demo mode the simulator's."""
    return DemoClock(settings.graph_url) if settings.demo else utc_now
