"""A canary: somebody with a unique number, name and words, and where everything of hers is looked for."""

import base64
import hashlib
import hmac
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import Engine, create_engine, func, select

from bot.doors.demo import ASK_EVERY
from bot.people.identity import known_by
from bot.store.columns import Holds
from bot.store.db import table
from bot.store.models import TABLES, Envelope, Identifier, InboundEvent, OutboxMessage, ReceiptRow
from bot.store.vault import Vault
from bot.wire.payload import Identity
from tests.support import needles
from tests.support.scanner import Hit, Scanner, rows
from tests.support.stack import NUMBER, SECRET, Stack, key, until

BUSINESS = "sunrise_bakery"
PHONE = "447700900861"
BSUID = "GB.88417720018842771234"
PARENT = "GB.ENT.88417720018842775678"
NAME = "Zéphyrine Quillfeather"
WORD = "xylograph"
SAID = f"{WORD} ઝરણું"
PERSON = {"name": NAME, "phone": PHONE, "user_id": BSUID, "parent_user_id": PARENT}
API_TOKEN = "a-token-of-the-shop"
CODE = re.compile(r"[A-Z0-9]{10}")


@dataclass(frozen=True)
class Canary:
    """The person, the deployment she writes to, and the folders where anything of hers could lie."""

    stack: Stack
    database_url: str
    folders: tuple[Path, ...]
    settle: Callable[[], None]

    @cached_property
    def engine(self) -> Engine:
        """A look into the deployment's database."""
        return create_engine(self.database_url)

    @cached_property
    def vault(self) -> Vault:
        """The deployment's keys."""
        return Vault([base64.b64decode(key("master"))], [base64.b64decode(key("pepper"))])

    @cached_property
    def hashes(self) -> list[str]:
        """The keyed hashes that she is looked up by."""
        who = Identity(phone=PHONE, bsuid=BSUID, parent_bsuid=PARENT)
        return [each.hash for each in known_by(self.vault, BUSINESS, who)]

    # What she does ---------------------------------------------------------------------------------------------------

    def says(self, text: str) -> str:
        """Write and return the text of the answer."""
        answer: str = self.stack.says(PHONE, text)["text"]
        return answer

    def acts(self, path: str, **what: Any) -> str:
        """Do something else that is answered, and return the text of the answer."""
        before = len(self.answers)
        self.stack.sim(path, person=PHONE, **what)
        until(lambda: len(self.answers) > before, f"an answer to {path} {what}")
        return self.answers[-1]

    def does(self, path: str, **what: Any) -> None:
        """Do something, and return when it is handled."""
        self.stack.sim(path, person=PHONE, **what)
        self.rest()

    @property
    def answers(self) -> list[str]:
        """The texts of all that she got."""
        return [each["text"] for each in self.stack.answers(PHONE)]

    def meets(self, kind: str, text: str, **fault: Any) -> None:
        """Write, and let Meta fail at the answer in this way; return when it did."""
        self.stack.sim("faults", on="messages", kind=kind, **fault)
        self.stack.sim("say", person=PHONE, text=text)
        word = " ".join(text.split()[:2])
        until(lambda: any(word in str(body).lower() for body in self.posted), f"the answer to {word}")
        faults = f"{self.stack.simulator.url}/sim/faults"
        assert requests.delete(faults, timeout=10).ok

    @property
    def posted(self) -> list[Any]:
        """The bodies of everything that Meta was asked to send, well or not."""
        entries = self.stack.look("log")["entries"]
        return [each["body"] for each in entries if each["path"].endswith("/messages") and each["body"].get("type")]

    def passes(self, *, hours: float = 0, minutes: float = 0) -> None:
        """Put the clock forward, and return when somebody else was answered under it."""
        self.stack.sim("clock", advance_seconds=hours * 3600 + minutes * 60)
        # Each process believes its clock for so long, and none of them tells what it believes.
        time.sleep(2 * ASK_EVERY)
        self.stack.says("asha", "order 4711")
        self.rest()

    def asks(self, path: str, **body: Any) -> dict[str, Any]:
        """Let the business's own system ask for something about her."""
        headers = {"Authorization": f"Bearer {API_TOKEN}", "Idempotency-Key": f"{PHONE} {len(body)}"}
        answer = requests.post(
            f"{self.stack.url}/api/{path}", json={"to": f"+{PHONE}", **body}, headers=headers, timeout=10
        )
        assert answer.ok, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def posts(self, body: object, *, secret: str = SECRET) -> int:
        """Post a webhook about her that the simulator would not make, and return the answer's status."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
        return requests.post(f"{self.stack.url}/webhook", data=raw, headers=headers, timeout=10).status_code

    # What is held ----------------------------------------------------------------------------------------------------

    def rest(self) -> None:
        """Return when all that came in is handled and every receipt is merged."""
        assert self.stack.look("idle", timeout=20)["idle"]
        events, receipts = table(InboundEvent), table(ReceiptRow)
        until(lambda: not self.count(events, events.c.state == "new"), "all events to be handled")
        until(lambda: not self.count(receipts), "all receipts to be merged")

    def count(self, of: Any, *where: Any) -> int:
        """Return how many rows there are."""
        with self.engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(of).where(*where)).scalar_one()

    @property
    def contact_id(self) -> str | None:
        """Her random id, if there is a contact of hers."""
        identifiers = table(Identifier)
        with self.engine.connect() as connection:
            found = connection.execute(select(identifiers.c.contact_id).where(identifiers.c.hash.in_(self.hashes)))
            ids = set(found.scalars())
        assert len(ids) <= 1
        return ids.pop() if ids else None

    def states(self, contact_id: str) -> Counter[str]:
        """Return how many messages to a contact are in which state; those for another day are `later`."""
        outbox = table(OutboxMessage)
        mine = select(outbox.c.state, outbox.c.follow_up).where(outbox.c.contact_id == contact_id)
        with self.engine.connect() as connection:
            rows = connection.execute(mine).all()
        return Counter("later" if row.state == "queued" and row.follow_up else row.state for row in rows)

    def forgotten(self) -> None:
        """Return when no envelope is left, of whomever."""
        until(lambda: not self.envelopes, "the envelopes to be gone")

    @property
    def envelopes(self) -> int:
        """How many envelopes there are, of whomever."""
        return self.count(table(Envelope))

    def mentions(self, word: str) -> set[str]:
        """Return every table and column where something stands."""
        return {place for place, raw in rows(self.engine) if word.encode() in raw}

    def sealed(self, contact_id: str) -> list[bytes]:
        """Return everything sealed of a contact, and the key it is sealed with."""
        found: list[bytes] = []
        for model in TABLES:
            here = table(model)
            mine = here.c.get("contact_id")
            columns = [each for each in here.c if each.info["holds"] in {Holds.SEALED, Holds.KEY}]
            if mine is not None and columns:
                with self.engine.connect() as connection:
                    for row in connection.execute(select(*columns).where(mine == contact_id)):
                        found += [value for value in row if value]
        return found

    def status(self, code: str) -> dict[str, Any]:
        """Return what the status page tells of a request."""
        url = f"{self.stack.url}/deletion-status"
        page = requests.get(url, params={"code": code}, headers={"Accept": "application/json"}, timeout=10)
        told: dict[str, Any] = page.json()
        return told

    # What is found ---------------------------------------------------------------------------------------------------

    def holds(self, raw: bytes) -> bool:
        """Return whether any file holds these very bytes."""
        return any(raw in path.read_bytes() for path in self.stack.folder.rglob("*") if path.is_file())

    def scan(self) -> list[Hit]:
        """Look for her in every file, in the live Redis, and in every row."""
        self.settle()
        scanner = Scanner(tuple(self._needles()))
        return [
            *scanner.folders(self.stack.folder, *self.folders),
            *scanner.redis(self.stack.valkey.url),
            *scanner.database(self.engine),
            *scanner.data(requests.get(f"{self.stack.url}/metrics", timeout=10).content, "metrics"),
        ]

    def _needles(self) -> Iterator[needles.Needle]:
        yield needles.phone(PHONE)
        yield from (needles.text("user id", each) for each in (BSUID, PARENT))
        yield from (needles.text("name", each) for each in NAME.split())
        yield from (needles.text("text", each) for each in SAID.split())
        for bubble in self.stack.chat(PHONE):
            yield needles.part_of(bubble["wamid"])


def receipt(wamid: str, ref: str, status: str) -> dict[str, Any]:
    """Return a receipt as Meta posts it."""
    told = {
        "id": wamid,
        "status": status,
        "timestamp": "1794830400",
        "recipient_id": PHONE,
        "recipient_user_id": BSUID,
        "biz_opaque_callback_data": ref,
    }
    return webhook(contacts=[{"profile": {"name": NAME}, "wa_id": PHONE, "user_id": BSUID}], statuses=[told])


def webhook(**value: Any) -> dict[str, Any]:
    """Return a webhook of the field `messages`."""
    metadata = {"display_phone_number": "15550001111", "phone_number_id": NUMBER}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return {"object": "whatsapp_business_account", "entry": [{"id": "WABA1", "changes": [change]}]}
