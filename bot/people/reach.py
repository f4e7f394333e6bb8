"""How a contact is reached, and the key her data lies under."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.people.identity import By, known_by
from bot.store.db import table
from bot.store.models import Contact, ContactKey, Identifier
from bot.store.vault import Key, ShreddedError, Vault
from bot.wire.payload import Identity

people = table(Contact)
contact_keys = table(ContactKey)
identifiers = table(Identifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """What Meta calls a contact; a message goes to the number if there is one, else to the BSUID."""

    phone: str | None = None
    bsuid: str | None = None
    parent_bsuid: str | None = None


def value_bound(hash_: str) -> str:
    """Return what the sealed value of an identifier is bound to."""
    return f"identifiers.value.{hash_}"


def name_bound(contact_id: str) -> str:
    """Return what the sealed name of a contact is bound to."""
    return f"contacts.name.{contact_id}"


def keys(session: Session, vault: Vault, contact_ids: Collection[str]) -> dict[str, Key]:
    """Return the contacts' keys; whose key was destroyed, or opens with no master key of ours, is left out."""
    rows = session.execute(select(contact_keys).where(contact_keys.c.contact_id.in_(contact_ids)))
    found: dict[str, Key] = {}
    for row in rows:
        with suppress(ShreddedError):
            found[row.contact_id] = vault.key(row.wrapped)
    return found


def recipients(session: Session, vault: Vault, contact_ids: Collection[str]) -> dict[str, Recipient]:
    """Return how to reach each contact, by what was seen last; who cannot be reached is left out."""
    rows = session.execute(
        select(
            identifiers.c.contact_id,
            identifiers.c.hash,
            identifiers.c.kind,
            identifiers.c.value,
            contact_keys.c.wrapped,
        )
        .join(contact_keys, contact_keys.c.contact_id == identifiers.c.contact_id)
        .where(identifiers.c.contact_id.in_(contact_ids), identifiers.c.kind != By.USERNAME)
        .order_by(identifiers.c.seen_at, identifiers.c.hash)
    )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        with suppress(ShreddedError):
            value = vault.key(row.wrapped).open(row.value, value_bound(row.hash)).decode()
            found.setdefault(row.contact_id, {})[row.kind] = value
    return {contact_id: Recipient(**values) for contact_id, values in found.items()}


def find(
    session: Session, vault: Vault, business_id: str, *, phone: str | None = None, bsuid: str | None = None
) -> str | None:
    """Return the contact with this number or BSUID; the BSUID decides when both are given."""
    for known in known_by(vault, business_id, Identity(phone=phone, bsuid=bsuid)):
        contact_id: str | None = session.execute(
            select(identifiers.c.contact_id).where(identifiers.c.hash.in_(known.all_hashes))
        ).scalar()
        if contact_id:
            return contact_id
    return None


def pin(session: Session, contact_ids: Collection[str], *, to_write: bool = False) -> dict[str, int]:
    """Keep the contacts from being erased or joined until this transaction ends; return the epochs of those there.

    On SQLite a writing transaction is alone anyway.
    """
    rows = session.execute(
        select(people.c.id, people.c.epoch)
        .where(people.c.id.in_(contact_ids))
        .order_by(people.c.id)
        .with_for_update(read=not to_write, key_share=True)
    )
    return {row.id: row.epoch for row in rows}
