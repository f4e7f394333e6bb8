"""Our clock beside Meta's: windows and receipts go by both."""

from datetime import datetime, timedelta

from bot.doors.going_live.outcome import Failed, Ok, Outcome, Warned

WARN, MOST = timedelta(seconds=10), timedelta(seconds=60)
_REMEDY = "let the machine keep its time by NTP: `timedatectl set-ntp true`"


def check(ours: datetime, theirs: datetime | None) -> Outcome:
    """Judge how far apart the clocks are."""
    if theirs is None:
        return Ok("Meta did not tell its clock")
    apart = abs(ours - theirs)
    what = f"the clock of this machine is {apart.total_seconds():.0f} s off"
    if apart > MOST:
        return Failed(what, _REMEDY)
    return Ok("the clock agrees with Meta's", (Warned(what, _REMEDY),) if apart > WARN else ())
