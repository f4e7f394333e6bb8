"""What `connect` is made of: `.env`, the tunnel, the wait for a hi, the fields."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.doors.going_live import dotenv, hello, tunnel
from bot.doors.going_live.fields import FIELDS, NEEDED
from bot.doors.going_live.hello import Seen
from bot.wire import payload
from bot.wire.payload.news import TEMPLATE_FIELDS
from tests.support.at_meta import ADDRESS, install


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (Seen("1", ()), "nothing answered it"),
        (Seen("1", (("queued", 1),)), "nothing answered it"),
        (Seen("1", (("failed", 1),)), "the answer did not go out"),
        (Seen("0", (("accepted", 3),)), "no message came"),
        (Seen("1", (("accepted", 3), ("delivered", 1))), "the answer has left"),
    ],
    ids=["heard", "staged", "failed", "nothing new", "answered"],
)
def test_how_far_a_hi_came_is_told(after: Seen, said: str) -> None:
    looks = iter([Seen("0", (("accepted", 3),))])
    assert said in hello.wait(lambda: next(looks, after), 0.05).what


@pytest.fixture
def cloudflared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give what installs a cloudflared of our own making."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return lambda script: install(tmp_path, script)


def test_a_tunnel_tells_its_address_and_ends_with_us(cloudflared: Callable[[str], None], tmp_path: Path) -> None:
    line = f"INF |  {ADDRESS}  |"
    cloudflared(f'echo "$@" > {tmp_path}/told\necho "INF Requesting" >&2\necho "{line}" >&2\nexec sleep 60')
    with tunnel.Tunnel("127.0.0.1:8000") as found:
        assert found.address == ADDRESS
        assert found.process.poll() is None
    assert found.process.poll() is not None
    assert (tmp_path / "told").read_text().split() == ["tunnel", "--no-autoupdate", "--url", "http://127.0.0.1:8000"]


@pytest.mark.parametrize(
    ("script", "within"),
    [("echo failed to request quick Tunnel >&2; exit 1", 10.0), ("exec sleep 60", 0.1)],
    ids=["ends", "silent"],
)
def test_a_tunnel_without_an_address_is_none(cloudflared: Callable[[str], None], script: str, within: float) -> None:
    cloudflared(script)
    with pytest.raises(tunnel.TunnelError, match="gave no address"):
        tunnel.Tunnel("127.0.0.1:8000", within=within)


@pytest.mark.parametrize("value", ["plain", "it's", 'a "b"', "a\\b", "#no comment", "$HOME ${X}", " spaced ", "ü"])
def test_a_value_is_read_back_as_it_was_written(tmp_path: Path, value: str) -> None:
    path = tmp_path / ".env"
    path.write_text("A=1\n\n# c\nexport B=2\nA=3", "utf-8")
    dotenv.write(path, {"B": value, "NEW": value})
    assert dotenv.read(path) == {"A": "3", "B": value, "NEW": value}
    assert path.read_text("utf-8").startswith("A=1\n\n# c\nB=")
    dotenv.write(path, {"A": value})
    assert dotenv.read(path)["A"] == value


def test_a_value_of_two_lines_is_refused_and_nothing_is_left_lying(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one line"):
        dotenv.write(tmp_path / ".env", {"A": "1\nB=2"})
    assert list(tmp_path.iterdir()) == []


def test_the_fields_are_those_that_intake_reads() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    for name in FIELDS:
        body = {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": name, "value": {}}]}]}
        assert not payload.read(json.dumps(body).encode(), now=now).skipped["field"], name
    assert set(FIELDS) >= NEEDED | set(TEMPLATE_FIELDS)
