"""The vault: what is sealed opens with its own key in its own row, and nowhere else."""

from collections.abc import Callable

import pytest

from bot.store.vault import Key, ShreddedError, Vault, random_id

OLD, NEW = b"o" * 32, b"n" * 32
ROW = "inbound_events.body.row-1"


def test_what_was_sealed_opens_again(vault: Vault) -> None:
    key, wrapped = vault.new_key()

    sealed = key.seal_json({"text": "એક કેક"}, ROW)

    assert vault.key(wrapped).open_json(sealed, ROW) == {"text": "એક કેક"}


def test_sealing_twice_gives_different_bytes(vault: Vault) -> None:
    key, _ = vault.new_key()

    assert key.seal(b"hi", ROW) != key.seal(b"hi", ROW)


def test_sealed_bytes_and_wrapped_keys_show_nothing(vault: Vault) -> None:
    raw = bytes(range(32))
    key, wrapped = Key(raw), vault.new_key()[1]

    assert b"919876543210" not in key.seal(b"919876543210", ROW)
    assert raw not in wrapped
    assert repr(vault) == "Vault()"


def test_contents_moved_to_another_row_do_not_open(vault: Vault) -> None:
    key, _ = vault.new_key()
    sealed = key.seal(b"alice's", ROW)

    with pytest.raises(ShreddedError):
        key.open(sealed, "inbound_events.body.row-2")


def test_another_contacts_key_does_not_open(vault: Vault) -> None:
    sealed = vault.new_key()[0].seal(b"alice's", ROW)

    with pytest.raises(ShreddedError):
        vault.new_key()[0].open(sealed, ROW)


@pytest.mark.parametrize("length", [0, 5, 27], ids=["nothing", "less than a nonce", "less than a tag"])
def test_bytes_cut_short_are_told_as_shredded(vault: Vault, length: int) -> None:
    key, _ = vault.new_key()

    with pytest.raises(ShreddedError):
        key.open(key.seal(b"", ROW)[:length], ROW)


@pytest.mark.parametrize("place", [0, 12, -1], ids=["nonce", "content", "tag"])
def test_a_flipped_bit_is_noticed(vault: Vault, place: int) -> None:
    key, _ = vault.new_key()
    sealed = bytearray(key.seal(b"hi", ROW))
    sealed[place] ^= 1

    with pytest.raises(ShreddedError):
        key.open(bytes(sealed), ROW)


@pytest.mark.parametrize(
    "broken",
    [lambda wrapped: b"", lambda wrapped: wrapped[:-1], lambda wrapped: wrapped[:-1] + bytes([wrapped[-1] ^ 1])],
    ids=["nothing", "cut short", "a flipped bit"],
)
def test_a_broken_wrapped_key_is_told_as_shredded(vault: Vault, broken: Callable[[bytes], bytes]) -> None:
    _, wrapped = vault.new_key()

    with pytest.raises(ShreddedError):
        vault.key(broken(wrapped))


def test_keys_wrapped_by_the_former_master_key_still_open_and_new_ones_use_the_new() -> None:
    before, after = Vault([OLD], [OLD]), Vault([NEW, OLD], [OLD])
    key, wrapped = before.new_key()
    sealed = key.seal(b"hi", ROW)

    assert after.key(wrapped).open(sealed, ROW) == b"hi"
    assert isinstance(Vault([NEW], [OLD]).key(after.new_key()[1]), Key)
    assert after.master_id == Vault([NEW], [OLD]).master_id != before.master_id


def test_without_the_master_key_nothing_opens() -> None:
    _, wrapped = Vault([OLD], [OLD]).new_key()

    with pytest.raises(ShreddedError):
        Vault([NEW], [OLD]).key(wrapped)


def test_a_keyed_hash_differs_by_business_kind_value_and_pepper(vault: Vault) -> None:
    parts = [("bakery", "phone", "91"), ("clinic", "phone", "91"), ("bakery", "bsuid", "91"), ("bakery", "phone", "92")]
    hashes = {vault.digest(*each) for each in parts} | {Vault([OLD], [NEW]).digest(*parts[0])}

    assert len(hashes) == 5
    assert vault.digest(*parts[0]) == vault.digest(*parts[0])


def test_parts_of_a_keyed_hash_do_not_run_together(vault: Vault) -> None:
    assert vault.digest("ab", "c") != vault.digest("a", "bc")


def test_during_a_rotation_hashes_under_both_peppers_are_looked_up() -> None:
    before, after = Vault([OLD], [OLD]), Vault([OLD], [NEW, OLD])

    assert after.digests("bakery", "phone", "91") == (
        after.digest("bakery", "phone", "91"),
        before.digest("bakery", "phone", "91"),
    )
    assert after.pepper_id != before.pepper_id


def test_random_ids_are_long_and_never_the_same() -> None:
    ids = {random_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert {len(each) for each in ids} == {22}
