"""A canary's whole story, told once for each database; what was seen on the way is what the tests judge."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.proof.canary import API_TOKEN, BSUID, CODE, NAME, PERSON, PHONE, SAID, WORD, Canary, receipt, webhook
from tests.support.postgres import Postgres
from tests.support.scanner import Hit
from tests.support.stack import running, until

IN_DOUBT = "100400"


@dataclass
class Story:
    """What was seen. `hits` is what the scans found, `mentions` where her contact's id stood, by moment."""

    hits: dict[str, list[Hit]] = field(default_factory=dict)
    mentions: dict[str, set[str]] = field(default_factory=dict)
    contact_id: str = ""
    pending: Counter[str] = field(default_factory=Counter)
    sealed: list[bytes] = field(default_factory=list)
    sealed_left: list[bytes] = field(default_factory=list)
    late: dict[str, Any] = field(default_factory=dict)
    code: str = ""
    status: dict[str, Any] = field(default_factory=dict)
    confirmations: list[str] = field(default_factory=list)
    hashes: set[str] = field(default_factory=set)
    at_meta: list[str] = field(default_factory=list)
    refusals: list[dict[str, Any]] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    posted: list[Any] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    came_back_as: str = ""
    summary: str = ""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def canary(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canary]:
    """Give a canary and the deployment she writes to."""
    server = request.getfixturevalue("postgres") if request.param == "postgres" else None
    with living(tmp_path_factory.mktemp("canary"), server) as canary:
        yield canary


@contextmanager
def living(folder: Path, server: Postgres | None = None, **simulator: Any) -> Iterator[Canary]:
    """Run a deployment with a canary in a folder, where its temporary files lie too."""
    (folder / "tmp").mkdir()
    environment = {"TMPDIR": str(folder / "tmp"), "LETHE_API_TOKEN": API_TOKEN}
    url = server.empty() if server else f"sqlite:///{folder / 'data' / 'lethe.db'}"
    with running(folder, environment, database_url=url, **simulator) as stack:
        stack.sim("people", **PERSON)
        elsewhere = _files_of(server, url) if server else ()
        canary = Canary(stack, url, elsewhere, _checkpoint(server) if server else _nothing)
        yield canary
        canary.engine.dispose()


def _nothing() -> None:
    """SQLite's files are all there is."""


def _files_of(server: Postgres, url: str) -> tuple[Path, ...]:
    """Return what the server writes for the database: tables and indexes, what all databases share, WAL, log."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert row
    data = server.folder / "data"
    return data / "base" / str(row[0]), data / "global", data / "pg_wal", server.folder / "log"


def _checkpoint(server: Postgres) -> Callable[[], None]:
    def checkpoint() -> None:
        server.run("CHECKPOINT")

    return checkpoint


@pytest.fixture(scope="module")
def story(canary: Canary) -> Story:
    """Tell it."""
    story = Story()
    _talk(canary)
    _leave_things_pending(canary, story)
    _look_before(canary, story)
    _leave(canary, story)
    _look_after(canary, story)
    _be_talked_about(canary, story)
    _write_again(canary, story)
    _come_back(canary, story)
    return story


def _talk(canary: Canary) -> None:
    """Go all ways that there are."""
    canary.says(f"hi {SAID}")
    canary.acts("tap", id="Opening hours")
    canary.acts("send", message={"type": "image", "image": {"caption": f"like this {SAID}"}})
    canary.acts("send", message={"type": "location", "location": {"latitude": 1.5, "longitude": 2.5, "name": SAID}})
    card = {"name": {"formatted_name": NAME, "first_name": NAME}, "phones": [{"phone": f"+{PHONE}", "wa_id": PHONE}]}
    canary.acts("send", message={"type": "contacts", "contacts": [card]})
    canary.does("react", emoji="🎂")
    canary.does("preference", value="stop")
    canary.does("preference", value="resume")
    canary.acts("say", text=f"fwd {SAID}", forwarded="often")
    canary.acts("say", text="please remove me from this")
    canary.says("STOP")
    canary.says("START")
    canary.says("MY DATA")
    canary.says("LANGUAGE")
    canary.says("STATUS QQQQ7777WW")
    _be_served(canary)
    _meet_faults(canary)


def _be_served(canary: Canary) -> None:
    consent = {"source": "till", "wording": "orders", "at": "2026-11-20T10:00:00+00:00", "proof": f"{SAID} {PHONE}"}
    assert canary.asks("consents", purpose="transactional", granted=True, **consent)["recorded"]
    before = len(canary.answers)
    canary.asks("sends", template="order_update", parameters={"order": WORD}, purpose="transactional")
    until(lambda: len(canary.answers) > before, "the order's template")


def _meet_faults(canary: Canary) -> None:
    """Have sends fail in every way, and webhooks come that nobody should read."""
    canary.meets("code", f"order 100100 {SAID}", code=131026)
    canary.meets("reset_after", f"order 100200 {SAID}")
    person = canary.stack.look("chat", person=PHONE)["person"]
    canary.stack.sim("people", id=person, fails=131026)
    canary.says(f"order 100300 {SAID}")
    canary.rest()
    canary.stack.sim("people", id=person, fails=None)
    said = webhook(messages=[{"from": PHONE, "from_user_id": BSUID, "type": "text", "text": {"body": SAID}}])
    assert canary.posts(said, secret="wrong") == 401
    assert canary.posts(f'{{"from": "{PHONE}", "text": "{SAID}"'.encode()) == 200
    assert canary.posts(said) == 200
    said["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "10999"
    assert canary.posts(said) == 200


def _leave_things_pending(canary: Canary, story: Story) -> None:
    """Leave an answer in doubt, one in line behind it, and a follow-up that waits for its day."""
    canary.meets("502html", f"order {IN_DOUBT} {SAID}")
    canary.stack.sim("say", person=PHONE, text=f"cake {SAID}")
    story.contact_id = canary.contact_id or ""
    wanted = {"unknown", "queued", "later"}
    until(lambda: wanted <= canary.states(story.contact_id).keys(), "an answer in doubt and more behind it")
    story.pending = canary.states(story.contact_id)


def _look_before(canary: Canary, story: Story) -> None:
    story.hits["before"] = canary.scan()
    story.mentions["before"] = canary.mentions(story.contact_id)
    story.sealed = canary.sealed(story.contact_id)
    story.late = canary.stack.answers(PHONE)[-1]


def _leave(canary: Canary, story: Story) -> None:
    """Have everything deleted, and wait for the word that it is, and until that word is forgotten."""
    before = len(canary.answers)
    story.code = CODE.findall(canary.says("DELETE MY DATA"))[0]
    canary.forgotten()
    story.status = canary.status(story.code)
    story.confirmations = canary.answers[before:]


def _look_after(canary: Canary, story: Story) -> None:
    story.hits["after"] = canary.scan()
    story.mentions["after"] = canary.mentions(story.contact_id)
    story.hashes = {place for each in canary.hashes for place in canary.mentions(each)}
    story.sealed_left = [each for each in story.sealed if canary.holds(each)]
    story.at_meta = [*canary.stack.simulator.state.contact_book & {BSUID}]
    story.posted = canary.posted


def _be_talked_about(canary: Canary, story: Story) -> None:
    """Let come what may come late: receipts, a repeated webhook, the shop's wishes, the follow-up's day."""
    before = len(canary.answers)
    for status in ("read", "delivered", "failed"):
        assert canary.posts(receipt(story.late["wamid"], story.late["ref"], status)) == 200
    said = next(each["body"] for each in canary.stack.look("webhooks")["entries"] if SAID in str(each["body"]))
    assert canary.posts(said) == 200
    story.refusals = [
        canary.asks("consents", purpose="marketing", granted=True, source="till", at="2026-11-20T10:00:00+00:00"),
        canary.asks("sends", template="come_back", purpose="transactional"),
    ]
    canary.passes(hours=26)
    story.unasked = canary.answers[before:]
    story.hits["talked about"] = canary.scan()
    story.mentions["talked about"] = canary.mentions(canary.contact_id or "nobody")


def _write_again(canary: Canary, story: Story) -> None:
    """Write three times in two windows, then the privacy words."""
    for hours, texts in ((0, (f"hello {SAID}", f"hours {SAID}")), (25, (f"order 100500 {SAID}",))):
        canary.passes(hours=hours)
        before = len(canary.answers)
        for text in texts:
            canary.does("say", text=text)
            canary.forgotten()
        story.lines.append(canary.answers[before:])
    for word in (f"STATUS {story.code}", "MY DATA", "STOP", "DELETE MY DATA"):
        story.words[word.split()[0]] = canary.says(word)
    canary.forgotten()
    story.hits["written again"] = canary.scan()
    story.mentions["written again"] = canary.mentions(canary.contact_id or "nobody")


def _come_back(canary: Canary, story: Story) -> None:
    canary.says("START")
    story.came_back_as = canary.contact_id or ""
    canary.says(f"hi {SAID}")
    story.summary = canary.says("MY DATA")
    canary.rest()
    story.hits["come back"] = canary.scan()
