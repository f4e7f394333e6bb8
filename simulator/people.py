"""The people at the other end, and what their phones do."""

import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from simulator.settings import digits

Json = dict[str, Any]

_COUNTRIES = {"1": "US", "34": "ES", "44": "GB", "49": "DE", "52": "MX", "55": "BR", "91": "IN", "92": "PK"}


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with WhatsApp; `phone` is digits, or None when Meta knows no number to tell."""

    id: str
    name: str
    user_id: str
    phone: str | None = None
    username: str | None = None
    parent_user_id: str | None = None
    language: str = "en"
    reads: bool = True
    delivers: bool = True
    on_whatsapp: bool = True
    chat_open: bool = False
    async_errors: bool = False
    withheld: bool = False
    marketing: str = "resume"
    fails: int | None = None

    def show(self) -> Json:
        """Return the person as JSON."""
        return asdict(self)


CHANGEABLE = frozenset(field.name for field in fields(Person)) - {"id"}


class People:
    """Everybody, found by id, phone, user id or name."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}
        self._by_key: dict[str, Person] = {}
        self._names: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Person]:
        """Yield the people in the order of their coming."""
        return iter(tuple(self._people.values()))

    def add(self, facts: Json) -> Person:
        """Take a new person in; who has neither phone nor user id gets a user id."""
        given = _checked(facts)
        name = str(given.get("name") or "Someone")
        user_id = given.get("user_id") or new_user_id(given.get("phone"))
        person = Person(**{**given, "id": self._free_id(name), "name": name, "user_id": user_id})
        self._refuse_twins(person)
        self._people[person.id] = person
        self._index(person)
        return person

    def change(self, person: Person, facts: Json) -> None:
        """Change the given fields of a person."""
        given = _checked(facts)
        for name, value in given.items():
            setattr(person, name, value)
        self._by_key = {}
        for each in self:
            self._index(each)

    def find(self, key: str) -> Person | None:
        """Return who has this id, phone, user id, username or name."""
        return self._people.get(key) or self._by_key.get(key) or self._by_key.get(digits(key) or key)

    def by_phone(self, phone: str) -> Person | None:
        """Return whose number this is."""
        person = self._by_key.get(phone)
        return person if person and person.phone == phone else None

    def by_user_id(self, user_id: str) -> Person | None:
        """Return whose business-scoped id (or parent id) this is."""
        person = self._by_key.get(user_id)
        return person if person and user_id in (person.user_id, person.parent_user_id) else None

    def clear(self) -> None:
        """Forget everybody."""
        self._people.clear()
        self._names.clear()
        self._by_key.clear()

    def _free_id(self, spoken: str) -> str:
        slug = "".join(sign for sign in spoken.lower() if sign.isalnum()) or "person"
        self._names[slug] += 1
        while (name := slug if self._names[slug] == 1 else f"{slug}-{self._names[slug]}") in self._people:
            self._names[slug] += 1
        return name

    def _refuse_twins(self, person: Person) -> None:
        if person.phone and self.by_phone(person.phone):
            raise ValueError(f"somebody has the phone {person.phone} already")
        if self.by_user_id(person.user_id):
            raise ValueError(f"somebody has the user id {person.user_id} already")

    def _index(self, person: Person) -> None:
        for key in (person.phone, person.user_id, person.parent_user_id, person.username, person.name):
            if key:
                self._by_key.setdefault(key, person)


def new_user_id(phone: str | None, otherwise: str = "US") -> str:
    """Return a fresh business-scoped user id of the phone's country; `otherwise` serves where that is unknown."""
    prefixes = (phone or "")[:1], (phone or "")[:2]
    country = next((_COUNTRIES[prefix] for prefix in prefixes if prefix in _COUNTRIES), otherwise)
    return f"{country}.{secrets.randbelow(9 * 10**19) + 10**19}"


def _checked(facts: Json) -> Json:
    if unknown := set(facts) - CHANGEABLE - {"id"}:
        raise ValueError(f"a person has no {', '.join(sorted(unknown))}")
    given = {name: value for name, value in facts.items() if name != "id"}
    if given.get("phone"):
        given["phone"] = digits(str(given["phone"])) or None
    return given


SHIPPED: tuple[Json, ...] = (
    {"name": "Asha", "phone": "+44 7700 900101", "user_id": "GB.10000000000000000001"},
    {"name": "Meera", "username": "meera.makes", "language": "gu", "user_id": "IN.10000000000000000002"},
    {"name": "Diego", "phone": "+34 600 000 103", "language": "es", "user_id": "ES.10000000000000000003"},
    {
        "name": "Ravi",
        "phone": "+91 55500 00104",
        "language": "hi",
        "reads": False,
        "user_id": "IN.10000000000000000004",
    },
    {"name": "Carol", "phone": "+44 7700 900105", "delivers": False, "user_id": "GB.10000000000000000005"},
)

BY_LANGUAGE: tuple[tuple[str, str], ...] = (
    ("en", "Grace"), ("hi", "आरती"), ("gu", "કિરણ"), ("mr", "सावित्री"), ("bn", "অর্ণব"), ("ta", "கவிதா"),
    ("te", "రాధ"), ("kn", "ಗೌರಿ"), ("ml", "അനു"), ("pa", "ਹਰਪ੍ਰੀਤ"), ("ur", "ثنا"), ("es", "Lucía"),
    ("pt", "João"), ("fr", "Chloé"), ("de", "Jürgen"), ("it", "Niccolò"), ("ar", "ليلى"), ("id", "Dewi"),
    ("tr", "Işıl"), ("ru", "Мария"), ("zh", "小明"), ("ja", "さくら"),
)  # fmt: skip


def shipped(*, every_language: bool) -> Iterator[Json]:
    """Yield who is there at the start; with `every_language` also somebody for each language."""
    yield from SHIPPED
    if every_language:
        for place, (language, name) in enumerate(BY_LANGUAGE):
            yield {"name": name, "language": language, "phone": f"447700900{200 + place}"}
