"""Which path is answered by what."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from simulator.state import State
from simulator.web import Request, Response

Action = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Route:
    """A method, a path and what answers; `on` names the faults that may befall it."""

    method: str
    path: re.Pattern[str]
    action: Action


def route(method: str, path: str, action: Action) -> Route:
    """Return a route; `<name>` in the path stands for one segment, `<name:rest>` for all that follows."""
    pattern = re.sub(r"<(\w+):rest>", r"(?P<\1>.*)", path)
    pattern = re.sub(r"(?<!P)<(\w+)>", r"(?P<\1>[^/]+)", pattern)
    return Route(method, re.compile(pattern), action)


class Router:
    """Find the route of a request."""

    def __init__(self, *routes: Route) -> None:
        self._routes = routes

    def find(self, state: State, request: Request, path: str) -> Callable[[], Response] | None:
        """Return the call that answers the request, or None if nothing does."""
        for each in self._routes:
            match = each.path.fullmatch(path) if each.method == request.method else None
            if match is not None:
                found, parts = each, match.groupdict()
                return lambda: found.action(state, request, **parts)
        return None
