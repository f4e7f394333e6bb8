"""The privacy journal and its file."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot.rights import journal, journal_file
from bot.rights.journal import Act, Line, append, lines_after, verify
from bot.rights.journal import journal as table
from bot.store.db import Database

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def line(number: int):
    return Line(
        act=Act.SUPPRESSED, business="b", subject=f"hash{number}", at=NOW + timedelta(seconds=number), scope="all"
    )


@pytest.fixture
def written(session: Session) -> Session:
    for number in range(5):
        append(session, line(number))
    return session


def test_a_journal_that_nobody_touched_is_whole(written: Session):
    assert verify(written) is None


def test_an_empty_journal_is_whole(session: Session):
    append(session)

    assert verify(session) is None


@pytest.mark.parametrize("column", ["subject", "kind", "scope", "business", "previous", "hash", "set_id", "pepper_id"])
def test_a_changed_word_is_found(written: Session, column: str):
    written.execute(update(table).where(table.c.id == 3).values({column: "changed"}))

    assert verify(written) == 3


def test_a_changed_time_is_found(written: Session):
    written.execute(update(table).where(table.c.id == 3).values(at=NOW))

    assert verify(written) == 3


def test_a_line_taken_out_is_found(written: Session):
    written.execute(delete(table).where(table.c.id == 3))

    assert verify(written) == 4


def test_old_lines_may_go_from_its_beginning(written: Session):
    written.execute(delete(table).where(table.c.id <= 2))

    assert verify(written) is None


def test_processes_that_write_at_once_write_one_chain(database: Database, database_url: str):
    database.now()  # a connection stays open meanwhile, as in a process that serves

    def write(start: int) -> None:
        another = Database(database_url, patience=20)
        for number in range(start, start + 5):
            with another.write() as session:
                append(session, line(number))
                session.commit()
        another.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, (0, 10, 20, 30)))

    with database.read() as session:
        assert verify(session) is None
        assert len(list(lines_after(session, 0))) == 20


# --- the file


@pytest.fixture
def file(tmp_path: Path):
    return tmp_path / "deep" / "journal.jsonl"


def test_the_file_gets_each_line_once(written: Session, file: Path):
    assert journal_file.append(file, lambda last: lines_after(written, last)) == 5
    assert journal_file.append(file, lambda last: lines_after(written, last)) == 0
    append(written, line(9))
    assert journal_file.append(file, lambda last: lines_after(written, last)) == 1

    assert [each["id"] for each in journal_file.read(file)] == [1, 2, 3, 4, 5, 6]
    assert [each["subject"] for each in journal_file.read(file)][-1] == "hash9"


def test_the_file_is_for_its_owner_alone(written: Session, file: Path):
    journal_file.append(file, lambda last: lines_after(written, last))

    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("torn", [b'{"id": 6, "at"', b"{", b'{"id": 6}'], ids=["half", "a sign", "without its end"])
def test_a_line_that_a_crash_left_half_written_is_written_again(written: Session, file: Path, torn: bytes):
    journal_file.append(file, lambda last: lines_after(written, last))
    with file.open("ab") as opened:
        opened.write(torn)
    assert len(list(journal_file.read(file))) == 5
    append(written, line(6))
    journal_file.append(file, lambda last: lines_after(written, last))

    assert [each["id"] for each in journal_file.read(file)] == [1, 2, 3, 4, 5, 6]


def test_a_first_line_that_was_half_written_is_written_again(written: Session, file: Path):
    file.parent.mkdir()
    file.write_bytes(b'{"id": 1')
    journal_file.append(file, lambda last: lines_after(written, last))

    assert [each["id"] for each in journal_file.read(file)] == [1, 2, 3, 4, 5]


def test_a_long_file_is_not_read_from_its_beginning(file: Path):
    file.parent.mkdir()
    file.write_text("".join(json.dumps({"id": number, "subject": "x" * 100}) + "\n" for number in range(1, 1000)))
    asked = []
    journal_file.append(file, lambda last: asked.append(last) or [])

    assert asked == [999]


def test_there_is_nothing_to_read_where_there_is_no_file(file: Path):
    assert list(journal_file.read(file)) == []


def test_the_file_and_the_book_tell_the_same(written: Session, file: Path):
    journal_file.append(file, lambda last: lines_after(written, last))

    for told in journal_file.read(file):
        assert (
            journal.digest({**told, "at": NOW + timedelta(microseconds=told["at"] - journal.micros(NOW))})
            == told["hash"]
        )
