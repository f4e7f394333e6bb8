"""MY DATA: what is held of a person, in a few lines."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.config.content import Business
from bot.config.policy import Period
from bot.conversation.replies import Phrase
from bot.conversation.words import Purpose, Scope
from bot.people import consent, suppression
from bot.people.reach import people
from bot.rights import requests as register
from bot.rights.holdings import events
from bot.rights.requests import Asked, Right
from bot.store.vault import Vault

SHOWN = ("content", "metadata", "consent")
"""The classes of data whose periods the summary names; the notice names all."""
NONE = "–"


def summary(
    session: Session, vault: Vault, contact_id: str, business: Business, language: str, *, now: datetime
) -> Phrase:
    """Return the summary as a phrase with its values, and enter the request as answered."""
    register.open_request(session, vault, Right.ACCESS, Asked(business=business, contact_id=contact_id), now=now)
    count = session.execute(
        select(func.count()).select_from(events).where(events.c.contact_id == contact_id)
    ).scalar_one()
    person = session.execute(select(people).where(people.c.id == contact_id)).one()
    locale = business.catalogue.locales.get(person.language or language)
    values = {
        "messages": str(count),
        "since": person.created_at.astimezone(business.zone).date().isoformat(),
        "language": locale.name if locale else person.language or language,
        "consents": _consents(session, contact_id, business, language),
        "standing": _standing(session, contact_id, business, language),
        "retention": "; ".join(_kept(business, name, language) for name in SHOWN),
    }
    return Phrase("rights.export_summary", values)


def _consents(session: Session, contact_id: str, business: Business, language: str) -> str:
    """Name what she agreed to in the policy's own words."""
    granted = consent.granted(session, [contact_id]).get(contact_id, frozenset())
    named = (business.policy.purposes.get(purpose, {}) for purpose in Purpose if purpose in granted)
    texts = [words.get(language) or words.get("*") or words.get(business.language, "") for words in named]
    return ", ".join(text for text in texts if text) or NONE


def _standing(session: Session, contact_id: str, business: Business, language: str) -> str:
    stands = suppression.of_contacts(session, [contact_id]).get(contact_id, frozenset())
    strictest = next((scope for scope in (Scope.ERASED, Scope.ALL, Scope.MARKETING) if scope in stands), "none")
    return business.catalogue.text(Phrase(f"standing.{strictest}"), language)


def _kept(business: Business, data_class: str, language: str) -> str:
    named = business.catalogue.text(Phrase(f"data.{data_class}"), language)
    return f"{named}: {_lasting(business, business.policy.period(data_class), language)}"


def _lasting(business: Business, period: Period, language: str) -> str:
    days, rest = divmod(period.lasts, timedelta(days=1))
    if rest:
        hours = period.lasts // timedelta(hours=1)
        return business.catalogue.text(Phrase("privacy.page.hours", {"number": str(hours)}), language)
    return business.catalogue.text(Phrase("privacy.page.days", {"number": str(days)}), language)
