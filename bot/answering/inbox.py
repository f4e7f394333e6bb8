"""Taking in a webhook: all of it in one transaction, in few statements, whatever its size (laws 2 and 5)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.answering import turns
from bot.answering.content import Content, bound, packed
from bot.conversation.events import WINDOW_OPENERS, Kind
from bot.delivery import templates
from bot.people import contacts, windows
from bot.people.contacts import Found
from bot.rights import opt_outs
from bot.store.columns import EPOCH
from bot.store.db import add, insert, table
from bot.store.models import InboundEvent, ReceiptRow, Seen
from bot.store.vault import Vault, random_id
from bot.wire.payload import Arrival, Reading, Receipt

NOT_KEPT = frozenset({Kind.ECHO, Kind.EDIT})
"""Events that nothing follows from, so nothing is kept: what the business's own telephone sent, an edit."""

Item = TypeVar("Item", Arrival, Receipt)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a webhook came to, in counts; `work` says whether there is anything to ring for."""

    counts: Counter[str] = field(default_factory=Counter)

    @property
    def work(self) -> bool:
        """Whether something waits for a worker."""
        return bool(self.counts["event"] or self.counts["receipt"])


def accept(session: Session, vault: Vault, reading: Reading, routes: Mapping[str, str], *, now: datetime) -> Accepted:
    """Write down every event and receipt of the webhook; `routes` names the business of each number.

    What Meta sends again is recognised by the keyed hash of its id and taken once, also when two copies come at the
    same moment: the second waits for the first one's commit.
    """
    accepted = Accepted()
    accepted.counts.update(reading.skipped)
    arrivals = _fresh(session, vault, _routed(reading.arrivals, routes, accepted), accepted, now=now)
    by_business: dict[str, list[tuple[str, Arrival]]] = {}
    for key_hash, arrival in arrivals:
        by_business.setdefault(routes[arrival.number_id], []).append((key_hash, arrival))
    for business, its in by_business.items():
        _take_in(session, vault, business, its, accepted, now=now)
    _note_receipts(session, vault, _routed(reading.receipts, routes, accepted), accepted, now=now)
    for news in reading.templates:
        accepted.counts["template_known" if templates.apply(session, news, now=now) else "template_unknown"] += 1
    accepted.counts["account_news"] += len(reading.accounts)
    return accepted


def _routed(items: Sequence[Item], routes: Mapping[str, str], accepted: Accepted) -> list[Item]:
    """Keep what came for a number of ours; the rest is counted, and answered 200 all the same."""
    ours = [item for item in items if item.number_id in routes]
    accepted.counts["unknown_number"] += len(items) - len(ours)
    return ours


def _fresh(
    session: Session, vault: Vault, arrivals: Sequence[Arrival], accepted: Accepted, *, now: datetime
) -> list[tuple[str, Arrival]]:
    """Return the arrivals not seen before, each with the hash it is known by, in their order."""
    kept = [arrival for arrival in arrivals if arrival.event.kind not in NOT_KEPT]
    accepted.counts["not_kept"] += len(arrivals) - len(kept)
    if not kept:
        return []
    hashed = {vault.digest("seen", arrival.natural_key): arrival for arrival in reversed(kept)}
    day = (now - EPOCH).days
    rows = [{"hash": key_hash, "day": day} for key_hash in sorted(hashed)]
    seen = table(Seen)
    statement = insert(session, seen).on_conflict_do_nothing().returning(seen.c.hash)
    new = set(session.connection().execute(statement, rows).scalars())
    accepted.counts["duplicate"] += len(kept) - len(new)
    return [(key_hash, arrival) for key_hash, arrival in reversed(hashed.items()) if key_hash in new]


def _take_in(
    session: Session,
    vault: Vault,
    business: str,
    arrivals: Sequence[tuple[str, Arrival]],
    accepted: Accepted,
    *,
    now: datetime,
) -> None:
    for _, arrival in arrivals:
        if arrival.old is not None:
            words = contacts.change(session, vault, business, arrival.old, arrival.sender, now=now)
            opt_outs.carried(session, vault, business, words)
    told = [(key_hash, arrival) for key_hash, arrival in arrivals if arrival.event.kind is not Kind.IDENTITY]
    if not told:
        return
    found = contacts.resolve(session, vault, business, [arrival.sender for _, arrival in told], now=now)
    for who in found:
        opt_outs.carried(session, vault, business, who.carried)
    taken = [(key_hash, arrival, who) for (key_hash, arrival), who in zip(told, found, strict=True)]
    taken = [each for each in taken if not _revoked(session, vault, *each[1:], accepted, now=now)]
    if not taken:
        return
    windows.open_windows(session, _openings(taken))
    rows = [_row(business, key_hash, arrival, who, now=now) for key_hash, arrival, who in taken]
    add(session, InboundEvent, rows)
    accepted.counts["event"] += len(rows)


def _revoked(
    session: Session, vault: Vault, arrival: Arrival, who: Found, accepted: Accepted, *, now: datetime
) -> bool:
    """Drop the text that the person took back (Meta, revoke); the revoke itself is not kept."""
    if arrival.event.kind is not Kind.REVOKE:
        return False
    target = vault.digest("seen", replace(arrival, wamid=arrival.target).natural_key)
    accepted.counts["revoked"] += turns.revoke(session, who.contact_id, target, now=now) if who.contact_id else 0
    return True


def _openings(taken: Sequence[tuple[str, Arrival, Found]]) -> dict[tuple[str, str], datetime]:
    """Return when each contact last wrote to each number, by Meta's timestamp."""
    latest: dict[tuple[str, str], datetime] = {}
    for _, arrival, who in taken:
        if who.contact_id and arrival.event.kind in WINDOW_OPENERS:
            key = (who.contact_id, arrival.number_id)
            latest[key] = max(latest.get(key, EPOCH), arrival.event.at)
    return latest


def _row(business: str, key_hash: str, arrival: Arrival, who: Found, *, now: datetime) -> dict[str, Any]:
    """Return the sealed row; of somebody who was erased it lies under a key of its own, with whom to answer."""
    ref = random_id()
    content = Content(event=arrival.event, wamid=arrival.wamid, sender=arrival.sender if who.erased else None)
    return {
        "ref": ref,
        "business": business,
        "number_id": arrival.number_id,
        "contact_id": who.contact_id,
        "own_key": who.wrapped if who.erased else None,
        "lane": who.lane,
        "kind": arrival.event.kind,
        "key_hash": key_hash,
        "at": arrival.event.at,
        "received_at": now,
        "body": who.key.seal_json(packed(content), bound(ref)),
    }


def _note_receipts(
    session: Session, vault: Vault, receipts: Sequence[Receipt], accepted: Accepted, *, now: datetime
) -> None:
    """Note the receipts without whom they are about: only our own random id and hashes."""
    if not receipts:
        return
    rows = [
        {
            "number_id": receipt.number_id,
            "ref": receipt.ref,
            "wamid_hash": vault.digest("wamid", receipt.wamid),
            "status": receipt.status,
            "at": receipt.at,
            "received_at": now,
            "code": receipt.code,
            "price": receipt.pricing_type,
            "category": receipt.category,
        }
        for receipt in receipts
    ]
    add(session, ReceiptRow, rows)
    accepted.counts["receipt"] += len(rows)
