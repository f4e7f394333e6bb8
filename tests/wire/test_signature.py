"""The signature of a webhook."""

import hashlib
import hmac

import pytest

from bot.wire.signature import sign, verify

BODY = rb'{"text":"caf\u00e9 \ud83c\udf70","url":"https:\/\/example.com"}'
GOOD = "sha256=" + hmac.new(b"first", BODY, hashlib.sha256).hexdigest()


def test_it_signs_as_meta_does() -> None:
    assert sign(BODY, "first") == GOOD


@pytest.mark.parametrize(
    ("header", "secrets", "holds"),
    [
        pytest.param(GOOD, ["first"], True, id="the secret in use"),
        pytest.param(GOOD, ["next", "first"], True, id="another secret during rotation"),
        pytest.param(GOOD, ["wrong"], False, id="another app"),
        pytest.param(GOOD, [], False, id="no secret at all"),
        pytest.param(sign(BODY, ""), [""], False, id="an empty secret signs nothing"),
        pytest.param(None, ["first"], False, id="no header"),
        pytest.param("", ["first"], False, id="empty header"),
        pytest.param(GOOD.removeprefix("sha256="), ["first"], False, id="no prefix"),
        pytest.param(GOOD.upper(), ["first"], False, id="upper case"),
        pytest.param(GOOD[:-1], ["first"], False, id="cut"),
        pytest.param(GOOD + "é", ["first"], False, id="not ASCII"),
        pytest.param("sha256=\udcff", ["first"], False, id="a lone surrogate"),
        pytest.param(sign(BODY, "geheimnis-ü"), ["geheimnis-ü"], True, id="a secret that is not ASCII"),
    ],
)
def test_it_believes_only_a_signature_over_these_bytes(*, header: str | None, secrets: list[str], holds: bool) -> None:
    assert verify(BODY, header, secrets) is holds


def test_it_refuses_a_body_written_again() -> None:
    assert not verify(BODY.replace(rb"\/", b"/"), GOOD, ["first"])
