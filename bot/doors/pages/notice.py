"""The privacy notice of a business, made of its policy and nothing else (law 10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.config.content import Business
from bot.config.content.loader import common_of
from bot.config.policy import FILE, Period, PrivacyContact, Subprocessor
from bot.conversation.words import Command
from bot.doors.pages.speech import Speech

WORDS = {
    Command.DELETE: "word_delete",
    Command.STOP: "word_stop",
    Command.STOP_MARKETING: "word_stop_marketing",
    Command.START: "word_start",
    Command.EXPORT: "word_export",
    Command.HUMAN: "word_human",
}
"""The chat words that the notice explains, by the key of what it says of them."""

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One line of the retention table, in words."""

    what: str
    lasts: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The notice in one language."""

    business: str
    controller: str
    contact: PrivacyContact
    purposes: tuple[str, ...]
    retention: tuple[Kept, ...]
    subprocessors: tuple[Subprocessor, ...]
    words: tuple[tuple[str, str], ...]
    age: int
    version: str
    since: str
    languages: tuple[tuple[str, str], ...]


def of(business: Business, speech: Speech, config_dir: Path) -> Notice:
    """Put the policy of the business into words."""
    policy = business.policy
    return Notice(
        business=business.name,
        controller=policy.controller,
        contact=policy.contact,
        purposes=tuple(speech.of(texts) for texts in policy.purposes.values()),
        retention=tuple(_kept(name, period, speech) for name, period in policy.retention.items()),
        subprocessors=policy.subprocessors,
        words=tuple(_words(business, speech)),
        age=policy.age_line,
        version=policy.version,
        since=_since(config_dir, business.id),
        languages=tuple((each, speech.name_of(each)) for each in business.languages),
    )


def _kept(name: str, period: Period, speech: Speech) -> Kept:
    seconds = int(period.lasts.total_seconds())
    unit, number = ("days", seconds // DAY_SECONDS) if seconds % DAY_SECONDS == 0 else ("hours", seconds // 3600)
    then = "deleted" if period.action == "delete" else "anonymised"
    return Kept(
        what=speech(f"data.{name}"),
        lasts=speech(f"privacy.page.{unit}", number=str(number)),
        then=speech(f"privacy.page.{then}"),
    )


def _words(business: Business, speech: Speech) -> Iterator[tuple[str, str]]:
    # The first phrase of a command is the one that our sentences name.
    phrases = tuple(business.commands.exact.items())[::-1]
    everywhere = {match.command: phrase for phrase, match in phrases if not match.languages}
    first = {match.command: phrase for phrase, match in phrases}
    for command, key in WORDS.items():
        if phrase := everywhere.get(command) or first.get(command):
            yield phrase.upper(), speech(f"privacy.page.{key}")


def _since(config_dir: Path, business_id: str) -> str:
    """Return the day on which one of the policy's files last changed."""
    files = [config_dir / business_id / FILE, common_of(config_dir) / FILE]
    newest = max((path.stat().st_mtime for path in files if path.is_file()), default=0.0)
    return datetime.fromtimestamp(newest, UTC).date().isoformat()
