"""What a measurement stands on: a running service between a load generator and a fake Graph API."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench import certificate, postgres
from bench.frame import Plan, UnfinishedError
from bench.helper import Helper
from bench.meter import Used, measured
from bench.post import LOOPBACK
from bench.service import Service, until
from bot.runtime import Runtime

CONNECTIONS = 8
SETTLED = text(
    "SELECT NOT EXISTS (SELECT 1 FROM inbound_events WHERE state = 'new')"
    " AND NOT EXISTS (SELECT 1 FROM outbox_messages WHERE state IN ('queued', 'sending', 'unknown'))"
    " AND NOT EXISTS (SELECT 1 FROM receipts)"
)
LOST = text("SELECT state, reason, count(*) FROM outbox_messages GROUP BY state, reason")


class Ground:
    """A service on one database, with the two helpers."""

    def __init__(self, name: str, service: Service, graph: Helper, load: Helper, roots: dict[str, int]) -> None:
        """Take what runs already."""
        self.name, self.service, self.graph, self.load, self.roots = name, service, graph, load, roots
        self.runtime: Runtime = service.runtime()

    def sent(self) -> int:
        """Return how many messages the Graph API got so far."""
        count: int = self.graph.ask("wait", count=0, seconds=0)["count"]
        return count

    def texts(self, count: int, plan: Plan, *, rate: float | None = None, per_post: int = 1) -> dict[str, Any]:
        """Have people write, wait until all are answered and recorded, and tell how the POSTs went."""
        wanted = self.sent() + count
        self.load.ask("texts", count=count, people=plan.people, per_post=per_post)
        told: dict[str, Any] = self.load.ask(
            "send", port=self.service.port, connections=CONNECTIONS if rate is None else 4 * CONNECTIONS, rate=rate
        )
        answered = self.graph.ask("wait", count=wanted, seconds=plan.patience)
        if answered["count"] < wanted:
            raise UnfinishedError(f"{wanted - answered['count']} of {count} texts were not answered: {self.states()}")
        self.settle(plan.patience)
        return told | {"answered_at": answered["at"]}

    def settle(self, seconds: float) -> None:
        """Wait until everything is handled, sent, recorded and merged."""
        if not until(self._settled, seconds):
            raise UnfinishedError(f"work is left: {self.states()}")

    @contextmanager
    def measured(self) -> Iterator[Used]:
        """Measure what the service's processes use, with its Valkey and its database server."""
        with measured(self.roots) as used:
            yield used

    def states(self) -> str:
        """Return how many messages are in which state."""
        with self.runtime.db.read() as session:
            return ", ".join(f"{count} {state} {reason}".strip() for state, reason, count in session.execute(LOST))

    def _settled(self) -> bool:
        with self.runtime.db.read() as session:
            return bool(session.execute(SETTLED).scalar_one())


@contextmanager
def running(name: str, folder: Path, plan: Plan, *, tls: bool, latency: float) -> Iterator[Ground]:
    """Start everything on a new database (`sqlite` or `postgres`), make the people known, and end it all."""
    folder.mkdir()
    authority, served = certificate.make(folder) if tls else (None, None)
    with ExitStack() as stack:
        graph = Helper("bench.graph", certificate=served and str(served))
        stack.callback(graph.stop)
        load = Helper("bench.load")
        stack.callback(load.stop)
        url, pid = stack.enter_context(postgres.running()) if name == "postgres" else (None, None)
        graph_url = f"{'https' if tls else 'http'}://{LOOPBACK}:{graph.hello}/v26.0"
        service = Service(folder, graph_url=graph_url, ca_file=authority, database_url=url)
        stack.callback(service.stop)
        service.start()
        ground = Ground(name, service, graph, load, service.roots | ({"database": pid} if pid else {}))
        stack.callback(ground.runtime.close)
        warm_up(ground, plan)
        graph.ask("latency", seconds=latency)
        yield ground


def warm_up(ground: Ground, plan: Plan) -> None:
    """Let everybody write once: contacts, keys and compiled statements are there, as on any day but the first."""
    ground.texts(plan.people, plan, per_post=10)
    ground.texts(min(50, plan.people), plan, rate=plan.paced_rate)
    time.sleep(0.2)
