"""`python -m bot.doors.cli`: the same as `lethe`, for those who start it as a child."""

from bot.doors.cli import main

main(prog_name="lethe")
