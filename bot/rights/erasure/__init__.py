"""Erasure, step by step: stop, drain, purge, scrub, check, confirm, forget. Each step is one transaction.

Between the steps the door does what needs a network or a file; a process that dies anywhere is resumed by the next.
"""

from bot.rights.erasure.beginning import Subject, again, begin
from bot.rights.erasure.states import Next, Step
from bot.rights.erasure.steps import advance, due, postpone
from bot.rights.erasure.tasks import Report, Task, Voice, settle, task

__all__ = [
    "Next", "Report", "Step", "Subject", "Task", "Voice",
    "advance", "again", "begin", "due", "postpone", "settle", "task",
]  # fmt: skip
