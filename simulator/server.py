"""The served simulator: `with serve(settings) as simulator: ... simulator.url`."""

import threading
from types import TracebackType
from typing import Self

from simulator import control, graph, pages
from simulator.settings import Settings
from simulator.state import State
from simulator.web import Request, Response, Server, as_json


class Simulator:
    """A simulator that listens; `stop()` ends it at once, and so does leaving its `with`."""

    def __init__(self, settings: Settings) -> None:
        self.state = State(settings)
        host, _, port = settings.bind.rpartition(":")
        try:
            self._server = Server((host.strip("[]"), int(port)), self._answer)
        except BaseException:
            self.state.stop()
            raise
        name = f"[{host.strip('[]')}]" if ":" in host else host
        self.url = self.state.url = f"http://{name}:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="simulator-http", daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Self:
        """Return the simulator, which listens already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def stop(self) -> None:
        """End listening, every connection and every thread."""
        self.state.stream.close()
        self._server.end()
        self._thread.join(5)
        self.state.stop()

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/sim/"):
            return control.answer(self.state, request)
        if request.path.startswith(("/v", "/whatsapp_business/")) and not request.path.startswith("/vendor"):
            return graph.answer(self.state, request)
        if request.method in ("GET", "HEAD"):
            return pages.file(self.state, request, request.path.removeprefix("/"))
        return as_json({"error": f"there is no {request.method} {request.path}"}, 404)


def serve(settings: Settings) -> Simulator:
    """Start a simulator and return it."""
    return Simulator(settings)
