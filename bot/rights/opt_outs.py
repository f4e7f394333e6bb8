"""Opting out and in again, with the line in the journal by which a restored backup knows of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.conversation.words import Scope
from bot.people import standing, suppression
from bot.people.suppression import Word
from bot.rights import journal
from bot.rights.journal import Act, Line
from bot.store.vault import Vault


def opt_out(  # noqa: PLR0913  as `people.suppression` has it
    session: Session,
    vault: Vault,
    business_id: str,
    scope: Scope,
    *,
    since: datetime,
    now: datetime,
    contact_id: str | None = None,
    hashes: Sequence[str] = (),
) -> bool:
    """Put a person on the suppression list; return whether that is new."""
    words = suppression.suppress(
        session, vault, business_id, scope, since=since, now=now, contact_id=contact_id, hashes=hashes
    )
    journal.append(session, *journal.opt_outs(Act.SUPPRESSED, business_id, words, vault.pepper_id))
    return bool(words)


def from_whatsapp(session: Session, vault: Vault, contacts: Iterable[tuple[str, str]], *, now: datetime) -> None:
    """Record who stopped marketing at WhatsApp itself, as Meta told by an error: (business, contact)."""
    for business_id, contact_id in contacts:
        opt_out(session, vault, business_id, Scope.MARKETING, since=now, now=now, contact_id=contact_id)


def carried(session: Session, vault: Vault, business_id: str, words: Sequence[Word]) -> None:
    """Journal opt-outs that hold for one more identifier of somebody from now on."""
    journal.append(session, *journal.opt_outs(Act.SUPPRESSED, business_id, words, vault.pepper_id))


def opt_in(
    session: Session,
    business_id: str,
    *,
    at: datetime,
    contact_id: str | None = None,
    hashes: Sequence[str] = (),
    own: Sequence[str] = (),
) -> bool:
    """START: take a person off the suppression list, whatever stood there; return whether anything did."""
    words = suppression.lift(session, at=at, contact_id=contact_id, hashes=hashes, own=own)
    journal.append(session, *journal.opt_outs(Act.LIFTED, business_id, words, at=at))
    return bool(words)


def restrict(session: Session, contact_id: str, business_id: str, *, now: datetime) -> None:
    """RESTRICT: keep what there is and use it for nothing."""
    standing.restrict(session, contact_id, now=now)
    journal.append(session, Line(act=Act.RESTRICTED, business=business_id, subject=contact_id, at=now))


def resume(session: Session, contact_id: str, business_id: str, *, now: datetime) -> bool:
    """RESUME: end the restriction; return whether there was one."""
    was = standing.resume(session, contact_id)
    if was:
        journal.append(session, Line(act=Act.RESUMED, business=business_id, subject=contact_id, at=now))
    return was
