"""The whole bot in one process, on a database that is thrown away: what a person says goes the real way and back.

Webhook, inbox, handlers, outbox, gate, receipts and erasure are the real rooms, worked through to the end after each
step. Only Meta, Redis and the clock are stand-ins, so nothing is sent and no secret is needed.
"""

import base64
import secrets
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from sqlalchemy import event, select
from sqlmodel import SQLModel

from bot.config.content import Business, load
from bot.config.settings import Need
from bot.config.settings import load as load_settings
from bot.conversation.events import Kind
from bot.delivery import templates
from bot.delivery.outbox import outbox
from bot.doors import erasing, said_by
from bot.doors.said_by import Person
from bot.doors.shift import Shift
from bot.doors.stand_ins import REF, Bubble, Earpiece, Json, MovedClock, NoBell, NoGraph, NoThread
from bot.doors.webhook import take_in
from bot.people import contacts
from bot.runtime import Runtime, utc_now
from bot.wire import payload

KEY_BYTES = 32
A_MOMENT = timedelta(seconds=1)
"""What passes between two things that people do."""
ROUNDS = 1000
"""More than any conversation takes; a bot that does not come to rest is broken."""


class Rehearsal:
    """One business's bot and the people who talk to it. Close it, or use it in a `with`."""

    def __init__(self, folder: Path, business: str, *, start: datetime | None = None) -> None:
        """Take the folder of businesses and which of them; raises `ConfigError` when the folder is at fault."""
        variables = load(folder).variables  # before anything is made: a folder at fault leaves nothing behind
        self.home = Path(tempfile.mkdtemp(prefix="lethe-rehearsal-"))
        self.clock = MovedClock((start or utc_now()).replace(microsecond=0))
        self.runtime = _runtime(folder, variables, self.home, self.clock)
        self.business: Business = self.runtime.content().businesses[business]
        self.earpiece = Earpiece(self._about)
        self.runtime.cloud = cast("Any", self.earpiece)
        self.runtime.graph = cast("Any", NoGraph())
        self.runtime.doorbell = cast("Any", NoBell())
        self.number_id = next(each.number_id for each in self.runtime.numbers().values() if each.business == business)
        self.tapped: list[tuple[str, str]] = []
        """What was tapped: who said it, and where it leads."""
        self._shift = Shift(self.runtime)
        self._shift.erasing.close()
        self._shift.erasing = cast("Any", NoThread())
        self._lay()

    def __enter__(self) -> Self:
        """Return the rehearsal."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """End the threads and throw the database away."""
        self._shift.posts.close()
        self.runtime.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def says(self, name: str, text: str) -> Sequence[Bubble]:
        """Let a person write; return what she is answered."""
        return self._does(Person(name), said_by.text(text))

    def taps(self, name: str, title: str) -> Sequence[Bubble]:
        """Let a person tap what has this title (or place, from 1 on), on the newest message that offers it."""
        for bubble in reversed(self.to(name)):
            if choice := bubble.choice(title):
                self.tapped.append((bubble.rule, choice[0]))
                return self._does(Person(name), said_by.tap(bubble, choice))
        raise LookupError(title)

    def sends(self, name: str, kind: Kind, text: str = "") -> Sequence[Bubble]:
        """Let a person send something else than a text; return what she is answered."""
        return self._does(Person(name), said_by.sent(kind, text, next(reversed(self.to(name)), None)))

    def moves(self, by: timedelta) -> Sequence[Bubble]:
        """Let time pass; return what was sent because of it, to anybody."""
        before = len(self.earpiece.heard)
        self.clock.move(by)
        self.settle()
        return self.earpiece.heard[before:]

    def to(self, name: str) -> Sequence[Bubble]:
        """Return everything that a person was sent."""
        person = Person(name)
        return [each for each in self.earpiece.heard if each.to.lstrip("+") in {person.phone, person.user_id}]

    def refused(self, name: str) -> str:
        """Return why the newest message to a person was not sent; "" when it was, or there is none."""
        person = Person(name)
        with self.runtime.db.read() as session:
            contact_id = contacts.find(
                session, self.runtime.vault, self.business.id, phone=person.phone, bsuid=person.user_id
            )
            newest = select(outbox.c.state, outbox.c.reason).where(outbox.c.contact_id == contact_id)
            row = session.execute(newest.order_by(outbox.c.id.desc())).first()
        return str(row.reason) if row and row.state in {"blocked", "expired"} else ""

    def settle(self) -> None:
        """Work until nothing waits that is due: answers, sends, receipts, erasures."""
        for _ in range(ROUNDS):
            busy = self._shift.turn()
            if self._shift.posts.flying:
                self._shift.posts.wait(1.0)
                continue
            owed = self.earpiece.settled()
            for bubble in owed:
                self._take_in(said_by.receipts(bubble, at=self.clock()))
            if not busy and not owed and not erasing.advance_due(self.runtime):
                return
        raise RuntimeError("the bot does not come to rest")

    def _does(self, person: Person, content: Mapping[str, Any]) -> Sequence[Bubble]:
        before = len(self.to(person.name))
        self.clock.move(A_MOMENT)
        self._take_in(said_by.message(person, self.number_id, content, at=self.clock()))
        self.settle()
        return self.to(person.name)[before:]

    def _take_in(self, raw: bytes) -> None:
        if take_in(self.runtime, payload.read(raw, now=self.clock())) is None:
            raise RuntimeError("the database took nothing")

    def _about(self, request: Json) -> Mapping[str, str]:
        with self.runtime.db.read() as session:
            asked = select(outbox.c.rule, outbox.c.purpose).where(outbox.c.ref == request[REF])
            row = session.execute(asked).one()
        return {"rule": row.rule, "purpose": row.purpose, "body": self._template_body(request.get("template", {}))}

    def _template_body(self, template: Json) -> str:
        for each in self.business.templates:
            if each["name"] == template.get("name") and each["language"] == template["language"]["code"]:
                return next((str(part["text"]) for part in each["components"] if part["type"] == "BODY"), "")
        return ""

    def _lay(self) -> None:
        """Lay the tables, and have the business's templates approved."""
        engine = self.runtime.db.engine
        # Nothing here outlives the process, so nothing need wait for the disk.
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        SQLModel.metadata.create_all(engine)
        approved = [{**each, "status": "APPROVED"} for each in self.business.templates]
        with self.runtime.db.write() as session:
            templates.sync(session, self.runtime.wabas()[self.number_id], approved, now=self.clock())
            session.commit()


def _runtime(folder: Path, names: Sequence[str], home: Path, clock: MovedClock) -> Runtime:
    """Return a runtime with made-up keys and a value for every variable that the businesses name."""
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    variables = {name: f"{place}000" for place, name in enumerate(names, 1)}
    environ = variables | {
        "LETHE_CONFIG_DIR": str(folder),
        "LETHE_DATA_DIR": str(home),
        "LETHE_GRAPH_URL": "http://127.0.0.1:9/v26.0",
        "LETHE_MASTER_KEY": key,
        "LETHE_PEPPER": key,
        "LETHE_WORKERS": "1",
    }
    settings = load_settings(Need.WORKER, environ=environ, dotenv=None)
    return Runtime(settings, clock=clock)
