"""The consent ledger: who agreed to what, when, how and to which words. Lines are added, never changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.people.reach import keys
from bot.store.db import insert, table
from bot.store.models import ConsentEntry
from bot.store.vault import Vault, random_id

entries = table(ConsentEntry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line to add. `wording` names the text that was shown, `proof` is the business's own reference."""

    purpose: str
    granted: bool
    source: str
    at: datetime
    wording: str = ""
    proof: str = ""
    policy_version: str = ""


def record(session: Session, vault: Vault, contact_id: str, business_id: str, entry: Entry, *, now: datetime) -> str:
    """Add a line to the ledger and return its id; the proof is sealed under the contact's key."""
    ref = random_id()
    proof = entry.proof and keys(session, vault, [contact_id])[contact_id].seal(entry.proof.encode(), _bound(ref))
    values = {
        "ref": ref,
        "business": business_id,
        "contact_id": contact_id,
        "purpose": entry.purpose,
        "granted": entry.granted,
        "source": entry.source,
        "wording": entry.wording,
        "proof": proof or None,
        "policy_version": entry.policy_version,
        "at": min(entry.at, now),
        "recorded_at": now,
    }
    session.execute(insert(session, ConsentEntry).values(values))
    return ref


def _bound(ref: str) -> str:
    return f"consent_entries.proof.{ref}"


def granted(session: Session, contact_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the purposes that each contact agrees to: per purpose the latest word counts."""
    rows = session.execute(
        select(entries.c.contact_id, entries.c.purpose, entries.c.granted)
        .where(entries.c.contact_id.in_(contact_ids))
        .order_by(entries.c.at, entries.c.id)
    )
    latest = {(row.contact_id, row.purpose): row.granted for row in rows}
    found: dict[str, set[str]] = {}
    for (contact_id, purpose), agrees in latest.items():
        if agrees:
            found.setdefault(contact_id, set()).add(purpose)
    return {contact_id: frozenset(purposes) for contact_id, purposes in found.items()}
