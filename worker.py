"""The worker process: RQ workers that answer and send, a sweeper, and a supervisor over them."""

from bot.doors.cli.processes import worker

if __name__ == "__main__":
    worker()
