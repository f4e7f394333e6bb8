"""All that a simulator holds, under one lock that is never kept during I/O."""

import threading

from simulator.chats import DAY, Chat, Chats
from simulator.clock import Clock
from simulator.envelope import Update, value
from simulator.faults import Fault, Faults
from simulator.journal import Journal, Json
from simulator.limits import Limits
from simulator.media import Shelf
from simulator.meta_app import MetaApp, webhook
from simulator.pending import Pending
from simulator.people import People, Person, shipped
from simulator.settings import Number, Settings
from simulator.stream import Stream
from simulator.templates import Templates
from simulator.timer import Timer
from simulator.webhooks import Webhooks

_SEES_FOR = 30 * DAY


class State:
    """The simulated world; whoever reads or changes people, chats or templates holds `lock`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.url = ""
        self.lock = threading.RLock()
        self.clock = Clock()
        self.pending = Pending()
        self.timer = Timer(self.pending)
        self.stream = Stream()
        self.requests = Journal(settings.log_room)
        self.attempts = Journal(settings.log_room)
        self.hooks = Webhooks(settings, self.timer, self.pending, self.attempts, self.clock.now)
        self.faults = Faults()
        self.numbers = {number.id: number for number in settings.numbers}
        self.wabas = {number.waba for number in settings.numbers}
        self.people = People()
        self.chats = Chats()
        self.templates = Templates()
        self.media = Shelf()
        self.epoch = 0
        self.fill()

    def fill(self) -> None:
        """Put in what is there at the start; the clock stays, as it never goes back."""
        settings = self.settings
        with self.lock:
            self.limits = Limits(settings.throughput, settings.pair_seconds, settings.pair_burst)
            self.subscribed = set(self.wabas)
            self.app = MetaApp(webhook(settings.webhook))
            self.contact_book: set[str] = set()
            self.delivered_in_month: dict[tuple[str, str], int] = {}
            self.chats.clear()
            self.media.clear()
            self.people.clear()
            for facts in shipped(every_language=settings.language_people):
                self.people.add(facts)
            self.templates.load(settings.templates, sorted(self.wabas))

    def reset(self) -> None:
        """Begin anew: forget all that happened and all that is to come."""
        self.epoch += 1
        self.timer.clear()
        self.hooks.clear()
        self.faults.remove()
        self.fill()
        self.requests.clear()
        self.attempts.clear()
        self.stream.tell("reset")

    def stop(self) -> None:
        """End every thread."""
        self.stream.close()
        self.timer.stop()
        self.hooks.stop()

    def tell(self, number: Number, person: Person, field: str = "messages", **facts: object) -> None:
        """Post a webhook about a person to the bot; never waits."""
        update = Update(
            waba=number.waba,
            field=field,
            value={**value(number), **facts},
            lane=f"{number.id}:{person.id}",
            at=int(self.clock.now()),
        )
        self.post(update)

    def tell_account(self, waba: str, field: str, facts: Json) -> None:
        """Post a webhook about an account or its templates."""
        self.post(Update(waba=waba, field=field, value=facts, lane=waba, at=int(self.clock.now())))

    def post(self, update: Update) -> None:
        """Hand an update to the webhooks, through whatever fault befalls it."""
        if update.waba not in self.subscribed or not self.app.hears(update.field):
            return
        fault = self.faults.pick("webhook", update.kind)
        if fault is None:
            self.hooks.put(update)
            return
        self.stream.tell("fault", fault=fault.show())
        self._suffer(fault, update)

    def _suffer(self, fault: Fault, update: Update) -> None:
        match fault.kind:
            case "duplicate":
                self.hooks.put(update)
                self.timer.after(fault.seconds, lambda: self.hooks.put(update))
            case "delay":
                self.timer.after(fault.seconds, lambda: self.hooks.put(update))
            case "reorder":
                self.timer.after(fault.dice.uniform(0, fault.seconds), lambda: self.hooks.put(update))

    def changed(self, chat: Chat) -> None:
        """Tell who watches that a conversation changed."""
        self.stream.tell("chat", person=chat.person, number=chat.number)

    def sees_phone(self, person: Person, chat: Chat) -> bool:
        """Tell whether Meta would show the person's number to this business number now."""
        if person.phone is None or person.username is None:
            return person.phone is not None
        recent = chat.last_by_phone is not None and self.clock.now() - chat.last_by_phone < _SEES_FOR
        return recent or person.user_id in self.contact_book
