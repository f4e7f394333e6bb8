"""A backup from before: the journal's file does it again."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.config.content import Business
from bot.conversation.words import Scope
from bot.people import contacts, standing, suppression
from bot.people.contacts import Found
from bot.people.reach import people
from bot.rights import erasure, holdings, journal, journal_file, opt_outs, replay
from bot.store.db import Database
from bot.store.vault import Vault
from tests.rights.house import ASHA, BOB, NOW, SHOP, know, subject

MINUTE = timedelta(minutes=1)


@pytest.fixture
def story(
    tmp_path: Path, sqlite_url: str, vault: Vault, bakery: Business
) -> Iterator[tuple[Database, Path, Found, Found]]:
    """Give (database of the backup, file of the journal, Asha, Bob): the backup knows nothing of what came after it."""
    live, backup = Database(sqlite_url), tmp_path / "backup.db"
    with live.write() as session:
        asha, bob = know(session, vault, ASHA), know(session, vault, BOB)
        opt_outs.opt_out(session, vault, SHOP, Scope.MARKETING, contact_id=bob.contact_id, since=NOW, now=NOW)
        session.commit()
    live.close()
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), backup)
    with live.write() as session:
        erasure.begin(session, vault, subject(bakery, asha), now=NOW)
        opt_outs.opt_out(session, vault, SHOP, Scope.ALL, contact_id=bob.contact_id, since=NOW, now=NOW)
        opt_outs.opt_in(session, SHOP, contact_id=bob.contact_id, at=NOW + MINUTE)
        opt_outs.opt_out(
            session, vault, SHOP, Scope.ALL, contact_id=bob.contact_id, since=NOW + 2 * MINUTE, now=NOW + 2 * MINUTE
        )
        opt_outs.restrict(session, bob.contact_id, SHOP, now=NOW)
        session.commit()
    with live.read() as session:
        journal_file.append(tmp_path / "journal.jsonl", lambda last: journal.lines_after(session, last))
    live.close()
    restored = Database(f"sqlite:///{backup}")
    yield restored, tmp_path / "journal.jsonl", asha, bob
    restored.close()


def test_it_sees_that_the_database_is_behind(story: tuple[Database, Path, Found, Found]):
    restored, file, *_ = story
    last = list(journal_file.read(file))[-1]["id"]
    with restored.write() as session:
        assert replay.is_behind(session, last)
        replay.replay(session, journal_file.read(file))
        assert not replay.is_behind(session, last)


def test_who_was_erased_stays_erased(story: tuple[Database, Path, Found, Found], vault: Vault):
    restored, file, asha, _ = story
    with restored.write() as session:
        replay.replay(session, journal_file.read(file))

        assert holdings.left(session, asha.contact_id) == frozenset()
        assert contacts.resolve(session, vault, SHOP, [ASHA], now=NOW)[0].erased


def test_opt_outs_and_restrictions_stand_as_they_did(story: tuple[Database, Path, Found, Found]):
    restored, file, _, bob = story
    with restored.write() as session:
        replay.replay(session, journal_file.read(file))

        assert suppression.of_contacts(session, [bob.contact_id]) == {bob.contact_id: {Scope.ALL}}
        assert standing.of_contacts(session, [bob.contact_id])[bob.contact_id].restricted
        assert session.execute(select(people)).all()


def test_the_chain_goes_on_where_the_file_ends(story: tuple[Database, Path, Found, Found], vault: Vault):
    restored, file, _, bob = story
    with restored.write() as session:
        replay.replay(session, journal_file.read(file))
        opt_outs.resume(session, bob.contact_id, SHOP, now=NOW)

        assert journal.verify(session) is None


def test_doing_it_twice_changes_nothing(story: tuple[Database, Path, Found, Found]):
    restored, file, *_ = story
    with restored.write() as session:
        assert replay.replay(session, journal_file.read(file))
        assert replay.replay(session, journal_file.read(file)) == {}


def test_a_file_that_was_changed_is_refused(story: tuple[Database, Path, Found, Found]):
    restored, file, asha, bob = story
    file.write_text(file.read_text().replace(asha.contact_id, bob.contact_id))
    with restored.write() as session, pytest.raises(replay.PartedError):
        replay.replay(session, journal_file.read(file))


def test_a_file_of_another_database_is_refused(story: tuple[Database, Path, Found, Found], tmp_path: Path):
    restored, file, *_ = story
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:2] + lines[4:]))
    with restored.write() as session, pytest.raises(replay.PartedError):
        replay.replay(session, journal_file.read(file))


@pytest.mark.postgres
def test_on_postgresql_new_lines_do_not_collide(
    story: tuple[Database, Path, Found, Found], postgres_url: str, vault: Vault
):
    _, file, *_ = story
    database = Database(postgres_url)
    with database.write() as session:
        replay.replay(session, journal_file.read(file))
        opt_outs.opt_out(session, vault, SHOP, Scope.ALL, hashes=["new"], since=NOW, now=NOW)

        assert journal.verify(session) is None
    database.close()
