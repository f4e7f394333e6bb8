"""What stands beside the program in the same run: another hook, under the same server with the same options."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests

from bench.helper import Helper
from bench.post import LOOPBACK
from bench.service import Service, end, free_port, start, until
from bot.config.settings import Need, load
from bot.doors import serve

STARTS_WITHIN = 15.0


class Peer:
    """A running hook and the load generator before it."""

    name = "peer"

    def __init__(self, port: int, pid: int, load: Helper) -> None:
        """Take what runs already."""
        self.port, self.roots, self.load = port, {"web": pid}, load


@contextmanager
def running(folder: Path, module: str = "bench.bare:app") -> Iterator[Peer]:
    """Run the hook of a module in place of ours, and end it."""
    folder.mkdir()
    service = Service(folder, graph_url=f"http://{LOOPBACK}:{free_port()}/v26.0", ca_file=None, database_url=None)
    command = serve.command(load(Need.WEB, environ=service.environment, dotenv=None))
    with ExitStack() as stack:
        helper = Helper("bench.load")
        stack.callback(helper.stop)
        process = start([*command[:-1], module], folder / "peer.log", service.environment)
        stack.callback(end, process)
        if not until(lambda: _answers(service.port), STARTS_WITHIN):
            raise RuntimeError(f"the peer did not start:\n{service.log()}")
        yield Peer(service.port, process.pid, helper)


def _answers(port: int) -> bool:
    try:
        requests.get(f"http://{LOOPBACK}:{port}/", timeout=2)
    except requests.RequestException:
        return False
    return True
