"""Webhooks out: lanes in order, a few workers, retries until the bot says 200."""

import contextlib
import http.client
import json
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from simulator.clock import iso
from simulator.envelope import Update, dump, envelope, sign
from simulator.journal import Journal
from simulator.pending import Pending
from simulator.settings import Settings
from simulator.timer import Timer

Json = dict[str, Any]

_FIRST_WAIT, _LONGEST_WAIT, _GIVE_UP = 0.2, 5.0, 300.0


@dataclass(slots=True, kw_only=True, eq=False)
class Delivery:
    """One webhook body on its way, with the lanes it keeps busy and how often it was tried."""

    body: bytes
    lanes: tuple[str, ...]
    updates: int
    began: float
    tries: int = 0


class Webhooks:
    """Post updates to the bot; those of a lane one after another, those of others meanwhile."""

    def __init__(
        self, settings: Settings, timer: Timer, pending: Pending, journal: Journal, now: Callable[[], float]
    ) -> None:
        self._settings, self._timer, self._pending, self._journal, self._now = (
            settings,
            timer,
            pending,
            journal,
            now,
        )
        self._wake = threading.Condition()
        self._lanes: dict[str, deque[Update]] = {}
        self._ready: deque[str] = deque()
        self._later: set[Delivery] = set()
        self._again: deque[Delivery] = deque()
        self._stopped, self._cleared = False, 0.0
        self._posters = [Poster(settings) for _ in range(settings.workers)]
        self._threads = [
            threading.Thread(target=self._work, args=(poster,), name="simulator-webhook", daemon=True)
            for poster in self._posters
        ]
        for thread in self._threads:
            thread.start()

    def put(self, update: Update) -> None:
        """Take an update for delivery; never waits."""
        self._pending.add()
        with self._wake:
            lane = self._lanes.get(update.lane)
            if lane is None:  # nobody works on it: a lane exists while it waits or is busy
                lane = self._lanes[update.lane] = deque()
                self._ready.append(update.lane)
            lane.append(update)
            self._wake.notify()

    def post_now(self, body: bytes, signature: str | None) -> Json:
        """Post one body as it stands, once, and return what came of it."""
        poster = Poster(self._settings)
        try:
            return self._noted(poster, body, signature, 1)
        finally:
            poster.close()

    def clear(self) -> None:
        """Forget what waits; what is on its way is tried no more than this once."""
        with self._wake:
            self._cleared = time.monotonic()
            waiting = sum(delivery.updates for delivery in (*self._again, *self._later))
            self._again.clear()
            self._later.clear()
            for name in tuple(self._lanes):
                waiting += len(self._lanes[name])
                self._lanes[name].clear()
            for name in self._ready:
                del self._lanes[name]
            self._ready.clear()
        self._pending.done(waiting)

    def stop(self) -> None:
        """End all workers at once; what was not delivered is lost."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        for poster in self._posters:
            poster.interrupt()
        for thread in self._threads:
            thread.join(5)

    def _work(self, poster: "Poster") -> None:
        try:
            while (delivery := self._take()) is not None:
                delivery.tries += 1
                signature = sign(delivery.body, self._settings.app_secret)
                status = self._noted(poster, delivery.body, signature, delivery.tries)["status"]
                self._settle(delivery, status)
        finally:
            poster.close()

    def _take(self) -> Delivery | None:
        with self._wake:
            self._wake.wait_for(lambda: self._stopped or self._again or self._ready)
            if self._stopped:
                return None
            if self._again:
                return self._again.popleft()
            return self._gathered()

    def _gathered(self) -> Delivery:
        """Take the first lane, and more of them when more wait than there are workers."""
        updates: list[Update] = []
        lanes: list[str] = []
        while self._ready and len(updates) < self._settings.batch:
            if lanes and len(self._ready) < len(self._threads):
                break
            name = self._ready.popleft()
            lane = self._lanes[name]
            lanes.append(name)
            while lane and len(updates) < self._settings.batch:
                updates.append(lane.popleft())
        began = time.monotonic()
        return Delivery(body=dump(envelope(updates)), lanes=tuple(lanes), updates=len(updates), began=began)

    def _settle(self, delivery: Delivery, status: int) -> None:
        self._free(delivery.lanes)
        delivery.lanes = ()
        over = time.monotonic() - delivery.began > _GIVE_UP or delivery.began < self._cleared
        if status == http.HTTPStatus.OK or over:
            self._pending.done(delivery.updates)
            return
        wait = min(_FIRST_WAIT * 2.0 ** min(delivery.tries - 1, 10), _LONGEST_WAIT)
        with self._wake:
            self._later.add(delivery)
        self._timer.after(wait, lambda: self._put_again(delivery))

    def _put_again(self, delivery: Delivery) -> None:
        with self._wake:
            if delivery in self._later:  # not cleared meanwhile
                self._later.remove(delivery)
                self._again.append(delivery)
                self._wake.notify()

    def _free(self, names: Iterable[str]) -> None:
        with self._wake:
            for name in names:
                if self._lanes[name]:
                    self._ready.append(name)
                    self._wake.notify()
                else:
                    del self._lanes[name]

    def _noted(self, poster: "Poster", body: bytes, signature: str | None, tries: int) -> Json:
        began, at = time.monotonic(), iso(self._now())
        status, problem = poster.post(body, signature)
        entry: Json = {
            "at": at,
            "status": status,
            "seconds": round(time.monotonic() - began, 4),
            "try": tries,
        }
        return self._journal.write({**entry, "error": problem, "body": body})


def readable(entry: Json) -> Json:
    """Return a journal entry with its body as JSON where it is JSON."""
    raw: bytes = entry["body"]
    try:
        return {**entry, "body": json.loads(raw)}
    except ValueError:
        return {**entry, "body": raw.decode("utf-8", "replace")}


class Poster:
    """One kept connection to the bot's webhook."""

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.webhook)
        self._path = parts.path + (f"?{parts.query}" if parts.query else "") or "/"
        self._connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port or 80, timeout=settings.webhook_timeout
        )

    def post(self, body: bytes, signature: str | None) -> tuple[int, str | None]:
        """Post a body; return the HTTP status, or 0 and what went wrong."""
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua", "Accept": "*/*"}
        if signature is not None:
            headers["X-Hub-Signature-256"] = signature
        self._drop_if_closed()
        try:
            self._connection.request("POST", self._path, body, headers)
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as problem:
            self._connection.close()
            return 0, type(problem).__name__
        return answer.status, None

    def _drop_if_closed(self) -> None:
        # An idle connection has nothing to read, except that its other end closed it.
        sock = self._connection.sock
        if sock is not None and select.select([sock], [], [], 0)[0]:
            self._connection.close()

    def interrupt(self) -> None:
        """Break off whatever the connection waits for."""
        sock = self._connection.sock
        if sock is not None:
            with contextlib.suppress(OSError):  # it was closed meanwhile, which is what was wanted
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
