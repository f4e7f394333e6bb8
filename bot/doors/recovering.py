"""After a restored backup nothing is served before the privacy journal has been replayed (design: erasure)."""

from bot.log import get_logger
from bot.rights import journal, journal_file, replay
from bot.runtime import Runtime

LOG = get_logger(__name__)


def recover(runtime: Runtime) -> None:
    """Do again what the journal's file tells and the database has forgotten; near-free when it has forgotten nothing.

    `PartedError` when file and database tell different stories: then a person has to look, and nothing starts.
    """
    last = journal_file.last_id(runtime.journal_path)
    with runtime.db.read() as session:
        if not replay.is_behind(session, last):
            return
    with runtime.db.write() as session:
        journal.take_turn(session)
        done = replay.replay(session, journal_file.read(runtime.journal_path))
        session.commit()
    LOG.warning("journal_replayed", counts=dict(done))


def write_journal(runtime: Runtime) -> None:
    """Write the journal's new lines to its file, outside the database."""
    with runtime.db.read() as session:
        journal_file.append(runtime.journal_path, lambda last: journal.lines_after(session, last))
