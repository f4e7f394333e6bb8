"""What a handler may know about the person and the moment."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.conversation.forms import FormView
from bot.conversation.words import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """The contact as a handler sees it: no identifier, no name, no database row.

    `language` is the language of this answer, chosen before the handlers run (LANGUAGE, else script and words, else
    the business's); `chosen_language` is what the person asked for, if she did. `local_now` is the moment of the
    turn in the business's time zone. `asked` is the question a near phrase opened, so that 1 and 2 count as
    taps; `form` the form she is in the middle of.
    """

    language: str = "en"
    chosen_language: str | None = None
    first_contact: bool = False
    opted_out: frozenset[Scope] = field(default_factory=frozenset)
    restricted: bool = False
    handed_over: bool = False
    asked: str = ""
    form: FormView | None = None
    consents: frozenset[str] = field(default_factory=frozenset)
    local_now: datetime = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo("UTC"))
