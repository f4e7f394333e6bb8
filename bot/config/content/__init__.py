"""What a business wrote: its rules, its hours, its promises; read once and whole, checked, frozen."""

from bot.config.catalogue import filled
from bot.config.content.business import Business, Content, HandOverTo, NumberNames
from bot.config.content.day_names import DayNames
from bot.config.content.form_words import FormWords
from bot.config.content.forms import CHOICE, NO, YES, Bounds, Day, Form, Question, Reminder, choice_of, chosen
from bot.config.content.hours import DAYS, Hours
from bot.config.content.loader import load
from bot.config.content.patterns import Caught, Patterns
from bot.config.content.rules import EVERY_LANGUAGE, Answer, Case, Condition, Facts, FollowUp, On, Rule, When
from bot.config.content.words import tokens
from bot.config.faults import ConfigError, Fault

__all__ = [
    "CHOICE",
    "DAYS",
    "EVERY_LANGUAGE",
    "NO",
    "YES",
    "Answer",
    "Bounds",
    "Business",
    "Case",
    "Caught",
    "Condition",
    "ConfigError",
    "Content",
    "Day",
    "DayNames",
    "Facts",
    "Fault",
    "FollowUp",
    "Form",
    "FormWords",
    "HandOverTo",
    "Hours",
    "NumberNames",
    "On",
    "Patterns",
    "Question",
    "Reminder",
    "Rule",
    "When",
    "choice_of",
    "chosen",
    "filled",
    "load",
    "tokens",
]
