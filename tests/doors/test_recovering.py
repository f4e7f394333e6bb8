from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import delete, func, select

from bot.conversation.words import Scope
from bot.doors.recovering import recover, write_journal
from bot.people import suppression
from bot.rights import opt_outs
from bot.rights.journal import journal
from bot.rights.replay import PartedError
from bot.runtime import Runtime
from tests.doors.conftest import NOW


def stop(runtime: Runtime, who: str) -> None:
    with runtime.db.write() as session:
        opt_outs.opt_out(session, runtime.vault, "sunrise_bakery", Scope.ALL, since=NOW, now=NOW, hashes=[who])
        session.commit()


def stopped(runtime: Runtime, who: str) -> bool:
    with runtime.db.read() as session:
        return Scope.ALL in suppression.of_hashes(session, [who])


@pytest.mark.laws
def test_a_restored_database_is_told_again_before_anything_is_served(runtime: Runtime):
    stop(runtime, "first")
    stop(runtime, "second")
    write_journal(runtime)
    with runtime.db.write() as session:
        session.execute(delete(suppression.suppressions).where(suppression.suppressions.c.hash == "second"))
        session.execute(delete(journal).where(journal.c.id == 2))
        session.commit()
    assert not stopped(runtime, "second")

    recover(runtime)

    assert stopped(runtime, "second")
    with runtime.db.read() as session:
        assert session.execute(select(func.count()).select_from(journal)).scalar_one() == 2


def test_nothing_is_done_when_nothing_is_forgotten(runtime: Runtime):
    stop(runtime, "first")
    write_journal(runtime)

    recover(runtime)

    assert stopped(runtime, "first")


def test_two_stories_stop_the_start(
    runtime: Runtime, make: Callable[[Mapping[str, str]], Runtime], environ: dict[str, str]
):
    stop(runtime, "first")
    stop(runtime, "second")
    write_journal(runtime)
    with runtime.db.write() as session:
        session.execute(delete(journal))
        session.commit()
    stop(runtime, "another")

    with pytest.raises(PartedError):
        recover(make(environ))
