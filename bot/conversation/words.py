"""The closed lists of words that the whole program shares."""

from enum import StrEnum


class Purpose(StrEnum):
    """Why a message is sent; the gate decides by it."""

    AUTHENTICATION = "authentication"
    RIGHTS = "rights"
    REPLY = "reply"
    TRANSACTIONAL = "transactional"
    MARKETING = "marketing"
    AI = "ai"


class Scope(StrEnum):
    """What a person opted out of."""

    ALL = "all"
    """All but answers to what the person writes (STOP)."""
    MARKETING = "marketing"
    """Marketing only (STOP MARKETING, WhatsApp's own switch, error 131050)."""
    ERASED = "erased"
    """Everything, after DELETE MY DATA: nothing is stored and no automation runs."""


class Command(StrEnum):
    """A privacy word; the phrases that mean it stand in `commands.toml`."""

    DELETE = "delete"
    STOP = "stop"
    STOP_MARKETING = "stop_marketing"
    START = "start"
    EXPORT = "export"
    PRIVACY = "privacy"
    HELP = "help"
    STATUS = "status"
    HUMAN = "human"
    LANGUAGE = "language"
    CORRECT = "correct"
    RESTRICT = "restrict"
    RESUME = "resume"
    OBJECT = "object"
    WHY = "why"


class Store(StrEnum):
    """How long the text of a message is kept."""

    KEEP = "keep"
    """For the period of its data class (`privacy.toml`)."""
    NONE = "none"
    """Until the reply to it is terminal; then only rule id, time and result remain."""
