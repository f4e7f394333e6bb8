"""The command `lethe`: what it says, and with which exit status it ends."""

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from werkzeug.security import check_password_hash

from bot.config.content.loader import SHIPPED
from bot.config.settings import Need, load
from bot.conversation.words import Scope
from bot.delivery import templates
from bot.delivery.outbox import outbox
from bot.doors.cli import COMMANDS, main
from bot.people import contacts, standing, suppression
from bot.runtime import Runtime
from bot.wire.payload import Identity
from tests.support.deployment import PHONE

Lethe = Callable[..., Result]
WHO = f"+{PHONE}"


@pytest.fixture
def lethe(environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lethe:
    """Run the command with the environment of the tests, in a folder without `.env`."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **options: str) -> Result:
        return CliRunner().invoke(main, arguments, **options)  # type: ignore[arg-type]  # `input` alone

    return run


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lethe:
    """Run the command where nothing is set at all."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, **options: CliRunner().invoke(main, arguments, **options)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Give a copy of the example business to break."""
    folder = tmp_path / "businesses"
    shutil.copytree(SHIPPED.parent / "sunrise_bakery", folder / "sunrise_bakery")
    return folder


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_each_command_says_what_it_is_for(bare: Lethe, name: str) -> None:
    told = bare(name, "--help")
    assert told.exit_code == 0
    assert len(told.output.splitlines()) > 4


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",),
        ("check", "/nowhere"),
        ("send",),
        ("send", WHO, "order_update"),
        ("opt-out",),
        ("demo", "--port", "x"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(lethe: Lethe, arguments: tuple[str, ...]) -> None:
    assert lethe(*arguments).exit_code == 2


@pytest.mark.parametrize("command", ["web", "worker", "run", "jobs", "purge"])
def test_what_is_missing_is_told_whole_and_ends_with_1(
    bare: Lethe, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LETHE_CONFIG_DIR", str(SHIPPED.parent))
    told = bare(command)
    assert told.exit_code == 1
    for name in ("LETHE_MASTER_KEY", "LETHE_PEPPER", "LETHE_ACCESS_TOKEN"):
        assert name in told.output
    assert "Traceback" not in told.output


def test_check_finds_nothing_in_the_example(bare: Lethe) -> None:
    assert bare("check", str(SHIPPED.parent)).exit_code == 0


@pytest.mark.parametrize("whole", [True, False], ids=["folder of businesses", "folder of one"])
def test_check_tells_every_fault_with_its_remedy(bare: Lethe, shop: Path, *, whole: bool) -> None:
    with (shop / "sunrise_bakery" / "rules.toml").open("a", encoding="utf-8") as file:
        file.write('\n[rule.extra]\nword = ["x"]\nsay = "x"\n')
    (shop / "sunrise_bakery" / "broken.chat").write_text("> Asha: hi\nhello\n", "utf-8")
    told = bare("check", str(shop if whole else shop / "sunrise_bakery"), "--json")
    assert told.exit_code == 1
    faults = json.loads(told.stdout)["faults"]
    assert {each["file"] for each in faults} == {"sunrise_bakery/rules.toml", "broken.chat"}
    assert all(each["wrong"] and each["right"] for each in faults)
    plain = bare("check", str(shop))
    assert f"{len(faults)} faults." in plain.output


def test_keygen_prints_lines_that_settings_read(bare: Lethe, tmp_path: Path) -> None:
    told = bare("keygen")
    lines = dict(line.split("=", 1) for line in told.output.splitlines() if "=" in line and not line.startswith("#"))
    values = {name: value.strip("'") for name, value in lines.items()}
    assert len({*values.values()}) == len(values) == 4
    password = told.output.splitlines()[-1].rpartition(" ")[2]
    assert check_password_hash(values["LETHE_CONSOLE_PASSWORD_HASH"], password)
    (tmp_path / ".env").write_text(told.output, "utf-8")

    settings = load(Need.WORKER, environ={}, dotenv=tmp_path / ".env")
    assert settings.console_password_hash is not None
    assert settings.console_password_hash.get_secret_value() == values["LETHE_CONSOLE_PASSWORD_HASH"]
    assert json.loads(bare("keygen", "--json").stdout)["LETHE_PEPPER"] != values["LETHE_PEPPER"]


def test_the_consoles_password_is_asked_for_and_not_shown(bare: Lethe) -> None:
    told = bare("console-password", input="open sesame\nopen sesame\n")
    hashed = told.output.splitlines()[-1].partition("=")[2].strip("'")
    assert check_password_hash(hashed, "open sesame")
    assert "sesame" not in told.output


def test_test_plays_the_scripts(bare: Lethe, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    told = bare("test", str(SHIPPED.parent), "--junit", str(report))
    assert told.exit_code == 0
    assert "ok    sunrise_bakery/greeting.chat" in told.output
    suite = ET.parse(report).getroot()
    played = len(suite.findall("testcase"))
    assert (suite.get("failures"), played) == ("0", len(list(SHIPPED.parent.glob("*/*.chat"))))


def test_test_shows_the_differences(bare: Lethe, shop: Path, tmp_path: Path) -> None:
    for path in (shop / "sunrise_bakery").glob("*.chat"):
        path.unlink()
    (shop / "sunrise_bakery" / "one.chat").write_text("> Asha: hours\n< Always open\n! rule.hours\n", "utf-8")
    (shop / "sunrise_bakery" / "two.chat").write_text("nonsense\n", "utf-8")
    report = tmp_path / "report.xml"
    told = bare("test", str(shop / "sunrise_bakery"), "--junit", str(report))
    assert told.exit_code == 1
    assert "line 2: wanted  Always open" in told.output
    assert "2 scripts, 2 with differences." in told.output
    assert ET.parse(report).getroot().get("failures") == "2"


def test_test_without_scripts_is_no_success(bare: Lethe, shop: Path) -> None:
    for path in (shop / "sunrise_bakery").glob("*.chat"):
        path.unlink()
    assert bare("test", str(shop)).exit_code == 1


def test_say_holds_a_conversation(bare: Lethe) -> None:
    lines = ["hi", "/tap Opening hours", "/tap 9", "/clock +25h", "/clock soon", "/send image", "/send fun", "/x", ""]
    told = bare("say", "--folder", str(SHIPPED.parent), input="\n".join([*lines, "/quit"]))
    assert told.exit_code == 0
    expected = ["Welcome to Sunrise Bakery!", "[1] Order a cake", "07:30", "nothing of that kind", "What a picture!"]
    for words in [*expected, "no length of time", "send one of", "known are /tap"]:
        assert words in told.output


def test_say_ends_at_the_end(bare: Lethe) -> None:
    assert bare("say", "--folder", str(SHIPPED.parent), input="hi\n").exit_code == 0


def test_send_stages_once_under_a_key(lethe: Lethe, runtime: Runtime) -> None:
    arguments = (
        "send",
        WHO,
        "order_update",
        "--set",
        "order=48213",
        "--purpose",
        "transactional",
        "--key",
        "k",
        "--json",
    )
    first, again = (json.loads(lethe(*arguments).stdout) for _ in range(2))
    assert first == again
    with runtime.db.read() as session:
        (row,) = session.execute(select(outbox)).all()
    assert (row.ref, row.state, row.purpose) == (first["id"], "queued", "transactional")
    assert lethe("send", WHO, "come_back", "--purpose", "transactional", "--key", "k").exit_code == 1


@pytest.mark.parametrize("wrong", [("98765", "order_update"), (WHO, "order_update", "--set", "order")], ids=str)
def test_send_tells_what_it_cannot_read(lethe: Lethe, wrong: tuple[str, ...]) -> None:
    assert lethe("send", *wrong, "--purpose", "transactional").exit_code == 2


def test_jobs_tells_programs_and_people(lethe: Lethe) -> None:
    lethe("send", WHO, "order_update", "--purpose", "transactional")
    state = json.loads(lethe("jobs", "--json").stdout)
    counts = {each["name"]: each["count"] for each in state["queues"]}
    assert counts["sends_due"] == 1
    assert state["rq"] is None
    assert "Redis does not answer" in lethe("jobs").output


def _known(runtime: Runtime) -> str:
    with runtime.db.write() as session:
        who = [Identity(phone=PHONE)]
        found = contacts.resolve(session, runtime.vault, "sunrise_bakery", who, now=runtime.clock())[0]
        session.commit()
    assert found.contact_id
    return found.contact_id


def test_hand_overs_are_listed_and_given_back(lethe: Lethe, runtime: Runtime) -> None:
    now = datetime.now(UTC)
    with runtime.db.write() as session:
        id_ = standing.hand_over(session, "c", "sunrise_bakery", until=now + timedelta(hours=1), now=now)
        session.commit()
    assert json.loads(lethe("hand-over", "list", "--json").stdout)[0]["id"] == id_
    assert id_ in lethe("hand-over", "list").output
    assert lethe("hand-over", "back", id_).exit_code == 0
    assert lethe("hand-over", "back", id_).exit_code == 1
    assert json.loads(lethe("hand-over", "list", "--json").stdout) == []


def test_an_operator_erases_who_asked(lethe: Lethe, runtime: Runtime) -> None:
    _known(runtime)
    told = json.loads(lethe("erase", WHO, "--yes", "--json").stdout)
    assert told["status"].endswith(f"/deletion-status?code={told['code']}")
    with runtime.db.read() as session:
        assert contacts.find(session, runtime.vault, "sunrise_bakery", phone=PHONE) is None
    (row,) = json.loads(lethe("requests", "--json").stdout)
    assert (row["kind"], row["channel"], row["business"]) == ("erasure", "operator", "sunrise_bakery")
    assert PHONE not in lethe("requests").output


def test_erasing_a_stranger_is_answered_too(lethe: Lethe) -> None:
    assert "Code" in lethe("erase", WHO, "--yes").output


def test_nobody_is_erased_without_a_yes(lethe: Lethe, runtime: Runtime) -> None:
    contact_id = _known(runtime)
    assert lethe("erase", WHO, input="n\n").exit_code == 1
    with runtime.db.read() as session:
        assert contacts.find(session, runtime.vault, "sunrise_bakery", phone=PHONE) == contact_id


@pytest.mark.parametrize("known", [True, False], ids=["known", "stranger"])
def test_an_operator_opts_somebody_out(lethe: Lethe, runtime: Runtime, *, known: bool) -> None:
    if known:
        _known(runtime)
    assert lethe("opt-out", WHO, "--scope", "marketing").output == "Opted out.\n"
    assert "already" in lethe("opt-out", WHO, "--scope", "marketing").output
    contact_id = _known(runtime)
    with runtime.db.read() as session:
        assert suppression.of_contacts(session, [contact_id])[contact_id] == {Scope.MARKETING}


def test_purge_says_what_was_too_old(lethe: Lethe) -> None:
    assert lethe("purge").output == "Nothing was too old.\n"
    assert json.loads(lethe("purge", "--json").stdout) == {}


def test_templates_are_listed(lethe: Lethe, runtime: Runtime) -> None:
    assert "templates pull" in lethe("templates", "list").output
    definitions: list[Mapping[str, str]] = [{"name": "come_back", "language": "en", "status": "PAUSED"}]
    with runtime.db.write() as session:
        templates.sync(session, "20777000111", definitions, now=runtime.clock())
        session.commit()
    assert "PAUSED" in lethe("templates", "list").output
    assert json.loads(lethe("templates", "list", "--json").stdout)[0]["name"] == "come_back"


def test_templates_that_meta_does_not_list_are_a_fault(lethe: Lethe) -> None:
    told = lethe("templates", "pull")
    assert told.exit_code == 1
    assert "Traceback" not in told.output


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep colours and the environment of whoever runs the tests out."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.parametrize("command", ["templates pull", "templates list", "purge", "requests", "hand-over list", "jobs"])
def test_a_command_needs_nothing_that_another_one_brought(
    environ: dict[str, str], tmp_path: Path, command: str
) -> None:
    alone = subprocess.run(
        [sys.executable, "-m", "bot.doors.cli", *command.split()],
        env={**os.environ, **environ},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in alone.stderr
    assert alone.returncode == (1 if command == "templates pull" else 0)
