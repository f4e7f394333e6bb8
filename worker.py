"""The worker process: RQ workers that answer and send, a sweeper, and a supervisor over them."""

import sys

from bot.config.settings import load
from bot.doors import supervise


def main() -> int:
    """Run until SIGTERM; returns the exit status."""
    return supervise.run(load("worker"))


if __name__ == "__main__":
    sys.exit(main())
