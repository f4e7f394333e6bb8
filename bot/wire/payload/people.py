"""Who a message is from: ids of the message joined with the `contacts` that came along."""

from dataclasses import dataclass

from bot.wire.payload.scalars import Json, ident, part, parts, phone, text

_LONGEST_NAME = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who it is, as far as this webhook says: any part may be missing.

    `phone` is digits only, without `+`. A BSUID belongs to one portfolio and changes with the person's number.
    """

    phone: str | None = None
    bsuid: str | None = None
    parent_bsuid: str | None = None
    username: str | None = None
    name: str | None = None

    @property
    def known(self) -> bool:
        """Whether it names anybody."""
        return bool(self.phone or self.bsuid or self.parent_bsuid)


class Contacts:
    """The `contacts` of one value. They are matched by id, never by place: Meta bundles messages of many people."""

    def __init__(self, value: Json) -> None:
        contacts = parts(value.get("contacts"))
        self._by_id = {key: contact for contact in contacts for key in _keys(contact)}
        messages = value.get("messages")
        single = len(contacts) == 1 and isinstance(messages, list) and len(messages) == 1
        self._only = contacts[0] if single else None

    def find(self, number: str | None, bsuid: str) -> Json:
        """Return the contact with these ids, or an empty object."""
        if bsuid and bsuid in self._by_id:
            return self._by_id[bsuid]
        # A number with another BSUID is another person: the number has a new owner.
        contact = self._by_id.get(number) if number else self._only
        if contact is None and self._only is not None and not self._only.get("wa_id"):
            contact = self._only
        if contact is None or (bsuid and contact.get("user_id")):
            return {}
        return contact

    def identify(self, number: object, bsuid: object, parent: object) -> Identity:
        """Return the person with these ids and what the contacts know about her."""
        digits, own = phone(number), ident(bsuid)
        contact = self.find(digits, own)
        profile = part(contact.get("profile"))
        return Identity(
            phone=digits or phone(contact.get("wa_id")),
            bsuid=own or ident(contact.get("user_id")) or None,
            parent_bsuid=ident(parent) or ident(contact.get("parent_user_id")) or None,
            username=text(profile.get("username"), _LONGEST_NAME) or None,
            name=text(profile.get("name"), _LONGEST_NAME) or None,
        )


def _keys(contact: Json) -> list[str]:
    return [key for key in (phone(contact.get("wa_id")), ident(contact.get("user_id"))) if key]
