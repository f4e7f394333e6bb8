"""Starting a process: settings, clock, runtime, a database at head that has forgotten nobody's word."""

from collections.abc import Sequence

from bot import log
from bot.config.content import load as load_content
from bot.config.faults import ConfigError, Fault
from bot.config.settings import Need, Settings
from bot.config.settings import load as load_settings
from bot.doors.demo import DemoClock
from bot.doors.recovering import recover
from bot.runtime import WORK_PATIENCE, Clock, Runtime, utc_now
from bot.store.migrate import migrate


def settings(need: Need) -> Settings:
    """Return the settings for a process, the numbers' variables included; `ConfigError` lists every fault at once."""
    try:
        variables = load_content(load_settings(Need.CHECK).config_dir).variables
    except ConfigError as error:
        raise ConfigError([*error.faults, *_missing(need)]) from None
    return load_settings(need, also=variables)


def _missing(need: Need) -> Sequence[Fault]:
    """Return what is wrong for this process beside its content, so that one start tells it all."""
    try:
        load_settings(need)
    except ConfigError as error:
        return error.faults
    return ()


def runtime(settings: Settings, *, patience: float = WORK_PATIENCE) -> Runtime:
    """Return the runtime of a process that may begin: content read, schema at head."""
    log.configure(settings.variable("LETHE_LOG_LEVEL") or "INFO")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    made = Runtime(settings, clock=clock_of(settings), patience=patience)
    migrate(made.db)
    recover(made)
    return made


def clock_of(settings: Settings) -> Clock:
    """Return the clock of the doors: the machine's, or in demo mode the simulator's."""
    return DemoClock(settings.graph_url) if settings.demo else utc_now
