"""How a recipient and a number are named from outside, read into what they are here."""

import re

import phonenumbers

from bot.config.content import Business
from bot.runtime import Runtime
from bot.wire.payload import Identity

USER_ID = re.compile(r"[A-Z]{2}\.[0-9A-Za-z]{1,128}(?:\.[0-9A-Za-z]{1,128})?")


class Unreadable(ValueError):  # noqa: N818  reads as what it says of the value
    """Something that names nobody; the text says what would be right, and repeats nothing of it."""


def identity(written: str) -> Identity:
    """Return who a telephone number or a business-scoped user id is."""
    return Identity(bsuid=written) if USER_ID.fullmatch(written) else Identity(phone=phone(written))


def phone(written: str) -> str:
    """Return a number's digits; it is written with + and its country."""
    try:
        parsed = phonenumbers.parse(written, None)
    except phonenumbers.NumberParseException as error:
        raise Unreadable("write the number with its country, as in +15550001111") from error
    if not phonenumbers.is_possible_number(parsed):
        raise Unreadable("is not the length of a number of its country")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def number_of(runtime: Runtime, business: Business, wanted: str) -> str:
    """Return Meta's id of a number of the business, by that id or by its name; without a name its first."""
    served = {number.number_id for number in runtime.numbers().values() if number.business == business.id}
    by_name = {names.name: runtime.settings.variable(names.phone_number_id) for names in business.numbers}
    for number_id in (wanted, by_name.get(wanted)) if wanted else by_name.values():
        if number_id in served:
            return str(number_id)
    raise Unreadable(
        "is no number of this business" if wanted else "the business has no number whose variables are set"
    )
