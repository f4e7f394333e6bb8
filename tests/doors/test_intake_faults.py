"""A fault of ours, not of an item: Meta is told to send again, and nothing is left out."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from bot import runtime as runtimes
from bot.runtime import Runtime
from tests.doors.test_webhook import body, count, post, update


def test_nothing_is_left_out_while_the_handlers_cannot_be_built(
    client: FlaskClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    def broken(_business: object) -> Callable[[], None]:
        raise ZeroDivisionError

    assert post(client, body(update(wamid="wamid.0"))).status_code == 200
    with monkeypatch.context() as patched:
        patched.setattr(runtimes, "_handlers", broken)
        runtime.read_tokens_again()  # what a changed file comes to
        status = post(client, body(update(wamid="wamid.1"))).status_code
        taken = count(runtime) - 1
    again = post(client, body(update(wamid="wamid.1"))).status_code

    assert (status, taken) in {(503, 0), (200, 1)}
    assert again == 200
    assert count(runtime) == 2
