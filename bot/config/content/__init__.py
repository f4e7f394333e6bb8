"""What a business wrote: its rules, its hours, its promises; read once and whole, checked, frozen."""

from bot.config.catalogue import filled
from bot.config.content.business import Business, Content, HandOverTo, NumberNames
from bot.config.content.hours import DAYS, Hours
from bot.config.content.loader import load
from bot.config.content.patterns import Caught, Patterns
from bot.config.content.rules import EVERY_LANGUAGE, Answer, Case, Condition, Facts, FollowUp, On, Rule, When
from bot.config.content.words import tokens
from bot.config.faults import ConfigError, Fault

__all__ = [
    "DAYS",
    "EVERY_LANGUAGE",
    "Answer",
    "Business",
    "Case",
    "Caught",
    "Condition",
    "ConfigError",
    "Content",
    "Facts",
    "Fault",
    "FollowUp",
    "HandOverTo",
    "Hours",
    "NumberNames",
    "On",
    "Patterns",
    "Rule",
    "When",
    "filled",
    "load",
    "tokens",
]
