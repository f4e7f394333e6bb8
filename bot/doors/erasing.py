"""The door of erasures: a transaction for each step, and between the steps what needs a file or the network."""

import time
from pathlib import Path

from bot.doors.recovering import write_journal
from bot.log import get_logger, reduced
from bot.rights import envelopes, erasure
from bot.rights.erasure import Next, Report, Task, Voice
from bot.runtime import BoundNumber, Runtime
from bot.store.db import is_unavailable
from bot.store.doorbell import UnreachableError
from bot.wire.errors import Action, Outcome, SendError

LOG = get_logger(__name__)

STEPS = 12
"""More than an erasure has, so that one that goes in circles leaves room for others."""
META_SECONDS = 10.0
"""Seconds for asking Meta in one go; what is left is asked for again, and the confirmation does not wait for it."""
LOG_PATIENCE = 500
"""Milliseconds that the write-ahead log's readers are waited for; writers wait meanwhile."""
EXPORTS = "exports"


def advance_due(runtime: Runtime) -> int:
    """Go on with every erasure that is due, as far as it goes, and burn envelopes that served; return the steps."""
    with runtime.db.read() as session:
        now = runtime.clock()
        request_ids = erasure.due(session, now=now)
        served = envelopes.answered(session, now=now)
    for envelope_id in served:
        _burn(runtime, envelope_id)
    return sum(_go_on(runtime, request_id) for request_id in request_ids)


def _burn(runtime: Runtime, envelope_id: str) -> None:
    """Forget whom an answer went to, also at Meta: the answer has put her into the contact book again."""
    with runtime.db.read() as session:
        opened = envelopes.find(session, runtime.vault, envelope_id, now=runtime.clock())
    number = opened and runtime.number(opened.number_id)
    if opened and number and opened.content.bsuid:
        _book_deleted(runtime, number, opened.content.bsuid)
    with runtime.db.write() as session:
        envelopes.burn(session, [envelope_id])
        session.commit()


def _go_on(runtime: Runtime, request_id: str) -> int:
    """Take one erasure as far as it goes now; what breaks is told and tried again, and holds up nobody else."""
    try:
        for done in range(STEPS):
            came = _step(runtime, request_id)
            if came is None or came.due_at > runtime.clock():
                return done + (came is not None)
    except Exception as error:
        if is_unavailable(error):
            raise
        LOG.exception("erasure_broken", request=request_id)
        with runtime.db.write() as session:
            erasure.postpone(session, request_id, now=runtime.clock())
            session.commit()
    return STEPS


def _step(runtime: Runtime, request_id: str) -> Next | None:
    with runtime.db.write() as session:
        task = erasure.task(session, runtime.vault, request_id, now=runtime.clock())
        came = None if task else erasure.advance(session, runtime.vault, request_id, now=runtime.clock())
        session.commit()
    if task is None:
        return came
    report = _do(runtime, task)
    if report.stores:
        LOG.warning("erasure_waits", request=request_id, step=task.kind, store=sorted(report.stores))
    voice = Voice(runtime.content().businesses, lambda code: f"{runtime.public_url}/deletion-status?code={code}")
    with runtime.db.write() as session:
        came = erasure.settle(session, runtime.vault, request_id, report, voice=voice, now=runtime.clock())
        session.commit()
    return came


def _do(runtime: Runtime, task: Task) -> Report:
    match task.kind:
        case "scrub":
            media, book = _delete_at_meta(runtime, task)
            return Report(task=task, stores=_scrub(runtime, task), media=media, book=book)
        case "check":
            return Report(task=task, stores=_stores_that_hold(runtime, task))
        case "journal":
            return Report(task=task, stores=_write_journal(runtime))
        case "meta":
            media, book = _delete_at_meta(runtime, task)
            return Report(task=task, media=media, book=book)


def _scrub(runtime: Runtime, task: Task) -> frozenset[str]:
    for path in _files(runtime, task):
        path.unlink(missing_ok=True)
    return frozenset() if _empty_log(runtime) else frozenset({"wal"})


def _empty_log(runtime: Runtime) -> bool:
    """Empty SQLite's write-ahead log, where pages from before the purge stand; a reader may be in the way."""
    if not runtime.db.is_sqlite:
        return True
    connection = runtime.db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={LOG_PATIENCE}")
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={int(patience)}")
        return not busy
    finally:
        connection.close()


def _stores_that_hold(runtime: Runtime, task: Task) -> frozenset[str]:
    holds = {"files"} if _files(runtime, task) else set()
    try:
        if task.contact_id and runtime.doorbell.holds([task.contact_id]):
            holds.add("redis")
    except UnreachableError:
        holds.add("redis")
    return frozenset(holds)


def _files(runtime: Runtime, task: Task) -> list[Path]:
    """Return the files made for the contact; their names begin with its id."""
    return sorted((runtime.settings.data_dir / EXPORTS).glob(f"{task.contact_id}*")) if task.contact_id else []


def _write_journal(runtime: Runtime) -> frozenset[str]:
    try:
        write_journal(runtime)
    except OSError as error:
        LOG.warning("journal_not_written", **reduced(error))
        return frozenset({"journal"})
    return frozenset()


def _delete_at_meta(runtime: Runtime, task: Task) -> tuple[tuple[str, ...], str | None]:
    """Delete files and the contact-book entry at Meta; return what could not be deleted (yet)."""
    number = runtime.number(task.number_id)
    if number is None:
        return task.media, task.book
    end = time.monotonic() + META_SECONDS
    book = task.book if task.book and not _book_deleted(runtime, number, task.book) else None
    left = [
        media_id for media_id in task.media if time.monotonic() > end or not _media_deleted(runtime, number, media_id)
    ]
    return tuple(left), book


def _media_deleted(runtime: Runtime, number: BoundNumber, media_id: str) -> bool:
    try:
        runtime.graph.delete_media(media_id, number.token)
    except SendError as error:
        return _says_there_is_none(error, number)
    return True


def _book_deleted(runtime: Runtime, number: BoundNumber, bsuid: str) -> bool:
    try:
        runtime.graph.delete_contact(number.number_id, number.token, bsuid)
    except SendError as error:
        return _says_there_is_none(error, number)
    return True


def _says_there_is_none(error: SendError, number: BoundNumber) -> bool:
    """Return whether Meta refuses because it has no such thing; any other refusal is asked again."""
    if error.outcome is Outcome.REFUSED and error.policy.action is Action.DROP:
        return True
    LOG.warning("meta_has_not_deleted", business=number.business, code=error.code)
    return False
