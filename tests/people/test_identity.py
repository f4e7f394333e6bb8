"""How a person is recognised."""

import pytest

from bot.people.identity import By, known_by, one_form
from bot.store.vault import Vault
from bot.wire.payload import Identity


@pytest.mark.parametrize(
    ("written", "form"),
    [
        pytest.param("15551234567", "15551234567", id="as it is"),
        pytest.param("+1 (555) 123-4567", "15551234567", id="as people write it"),
        pytest.param("5511987654321", "5511987654321", id="Brazil with the ninth digit"),
        pytest.param("551187654321", "5511987654321", id="Brazil without it"),
        pytest.param("551133334444", "551133334444", id="a landline in Brazil has no ninth digit"),
        pytest.param("5511933334444", "5511933334444", id="nor is a mobile number cut to a landline"),
        pytest.param("5215512345678", "525512345678", id="Mexico with a 1"),
        pytest.param("525512345678", "525512345678", id="Mexico without it"),
    ],
)
def test_it_hashes_one_form_of_a_number(written: str, form: str):
    assert one_form(written) == form


def test_it_looks_people_up_by_the_surest_identifier_first(vault: Vault):
    identity = Identity(phone="1", bsuid="US.2", parent_bsuid="US.ENT.3", username="asha", name="Asha")

    assert [one.kind for one in known_by(vault, "b", identity)] == [By.BSUID, By.PARENT_BSUID, By.PHONE]


def test_it_keeps_the_form_that_meta_uses_as_the_value(vault: Vault):
    assert known_by(vault, "b", Identity(phone="551187654321"))[0].value == "551187654321"


def test_it_gives_another_business_another_hash(vault: Vault):
    identity = Identity(phone="15551234567")

    assert known_by(vault, "a", identity)[0].hash != known_by(vault, "b", identity)[0].hash


def test_it_reads_hashes_of_a_former_pepper():
    former, present = Vault([b"m" * 32], [b"p" * 32]), Vault([b"m" * 32], [b"q" * 32, b"p" * 32])
    identity = Identity(phone="15551234567")

    one = known_by(present, "b", identity)[0]

    assert one.all_hashes == (one.hash, known_by(former, "b", identity)[0].hash)
