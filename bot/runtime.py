"""What a process holds: settings, database, keys, content, the wire, the bell. Made once, handed to the doors."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import entry_points
from pathlib import Path

from bot.answering.desk import Desk
from bot.config.content import Business, Content
from bot.config.content.quiet import Quiet
from bot.config.settings import Settings
from bot.config.watch import Watched
from bot.conversation.handler import Build, Handler
from bot.store import bells
from bot.store.columns import EPOCH
from bot.store.db import Database, is_unavailable
from bot.store.doorbell import Doorbell
from bot.store.vault import Vault
from bot.wire.cloud import Cloud
from bot.wire.graph import Graph

Clock = Callable[[], datetime]

HANDLERS = "lethe.handlers"
BUILTIN = "builtin"
INTAKE_PATIENCE = 0.8
"""Seconds that intake waits for the database before it answers 503; Meta wants an answer within a second."""
WORK_PATIENCE = 10.0
HEARD = timedelta(seconds=2)
"""How long a process believes that a job listens before it looks again."""


def utc_now() -> datetime:
    """Return the machine's clock; only a door calls it, everything else takes `now`."""
    return datetime.now(UTC)  # noqa: TID251  the one place


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundNumber:
    """A business number with the values that the variables of `business.toml` name."""

    business: str
    number_id: str
    token: str
    waba_id: str

    def __repr__(self) -> str:
        return f"BoundNumber({self.business}, {self.number_id})"


class Runtime:
    """Everything a process needs; cheap to make, opens nothing before it is used."""

    def __init__(self, settings: Settings, *, clock: Clock = utc_now, patience: float = WORK_PATIENCE) -> None:
        """Take the settings and the clock of the doors; raises `ConfigError` when the content is at fault."""
        self.settings = settings
        self.clock = clock
        self.db = Database(settings.database, patience=patience)
        self.vault = Vault(settings.master_keys, settings.peppers)
        ca_file = str(settings.ca_file) if settings.ca_file else None
        self.cloud = Cloud(settings.graph_url, ca_file=ca_file)
        self.graph = Graph(settings.graph_url, ca_file=ca_file)
        self.doorbell = Doorbell(settings.redis)
        self.watched = Watched(settings.config_dir)
        self._made_for = ""
        self._desks: Mapping[str, Desk] = {}
        self._numbers: Mapping[str, BoundNumber] = {}
        self._lock = threading.Lock()
        self._heard_until = 0.0

    @property
    def journal_path(self) -> Path:
        """Return where the privacy journal is written again, outside the database."""
        return self.settings.journal / "journal.jsonl"

    @property
    def public_url(self) -> str:
        """Return the address of our pages, without a slash at its end."""
        return self.settings.public.rstrip("/")

    def content(self) -> Content:
        """Return the newest good content."""
        return self.watched.content()

    def desks(self) -> Mapping[str, Desk]:
        """Return the businesses at work, by id."""
        self._follow_content()
        return self._desks

    def numbers(self) -> Mapping[str, BoundNumber]:
        """Return the business numbers, by Meta's id."""
        self._follow_content()
        return self._numbers

    def routes(self) -> Mapping[str, str]:
        """Return the business of each number."""
        return {number_id: number.business for number_id, number in self.numbers().items()}

    def read_tokens_again(self) -> None:
        """Bind the numbers anew: a token that was refused may have been replaced in its file."""
        self._made_for = ""

    def wabas(self) -> Mapping[str, str]:
        """Return the account of each number."""
        return {number_id: number.waba_id for number_id, number in self.numbers().items()}

    def quiet(self) -> Mapping[str, Quiet]:
        """Return the quiet hours of each business."""
        return {business.id: business.quiet for business in self.content().businesses.values()}

    def number(self, number_id: str) -> BoundNumber | None:
        """Return a number of ours, or None."""
        return self.numbers().get(number_id)

    def app_secrets(self) -> tuple[str, ...]:
        """Return the app secrets: two during a rotation."""
        return self.settings.app_secrets

    def today(self) -> int:
        """Return the day as days since 1970."""
        return (self.clock() - EPOCH).days

    def ring(self) -> None:
        """Say that there is work: wake a job that listens, or ask RQ for one. Never fails; the sweeper looks too."""
        self.doorbell.wake()
        if time.monotonic() < self._heard_until:
            return
        try:
            if self._begin_ring():
                self.doorbell.ring()
        except Exception as error:
            if not is_unavailable(error):
                raise

    def ring_another(self) -> None:
        """Ask for one more job beside those that listen: there is more work than one can take."""
        depth = self.doorbell.depth()
        if depth is not None and not depth.waiting:
            self.doorbell.ring()

    def _begin_ring(self) -> bool:
        with self.db.read() as session:
            left = bells.heard_for(session)
        if left:
            self._heard_until = time.monotonic() + min(left, HEARD).total_seconds()
            return False
        with self.db.write() as session:
            begun = bells.begin_ring(session)
            session.commit()
            return begun

    def close(self) -> None:
        """Close every connection."""
        self.db.close()
        self.doorbell.close()
        self.cloud.close()
        self.graph.close()

    def _follow_content(self) -> None:
        content = self.content()
        if content.version == self._made_for:
            return
        with self._lock:
            numbers = {number.number_id: number for number in self._bound(content)}
            desks = {
                business.id: Desk(business, _handlers(business), self.public_url)
                for business in content.businesses.values()
            }
            self._numbers, self._desks, self._made_for = numbers, desks, content.version

    def _bound(self, content: Content) -> list[BoundNumber]:
        """Bind the numbers whose variables are set; without one no start succeeds, see `doors.start`."""
        bound: list[BoundNumber] = []
        for business in content.businesses.values():
            for names in business.numbers:
                number_id, token, waba_id = (self.settings.variable(name) for name in names.variables)
                if number_id and token:
                    bound.append(
                        BoundNumber(business=business.id, number_id=number_id, token=token, waba_id=waba_id or "")
                    )
        return bound


def _handlers(business: Business) -> tuple[Handler, ...]:
    """Return the handlers of a business: ours, with those of others before the fallback."""
    builders: dict[str, Build] = {point.name: point.load() for point in entry_points(group=HANDLERS)}
    ours = tuple(builders.pop(BUILTIN)(business))
    others = [handler for name in sorted(builders) for handler in builders[name](business)]
    return (*ours[:-1], *others, ours[-1])
