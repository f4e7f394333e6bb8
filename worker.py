"""The worker process: RQ workers that answer and send, a sweeper, and a supervisor over them."""

import sys

from bot.config.settings import Need
from bot.doors import start, supervise


def main() -> int:
    """Run until SIGTERM; return the exit status."""
    return supervise.run(start.settings(Need.WORKER))


if __name__ == "__main__":
    sys.exit(main())
