"""Lanes: a contact's is always the same, and all are used alike."""

from collections import Counter

from bot.store.lanes import LANES, NOBODY, lane_of
from bot.store.vault import random_id


def test_a_contact_stays_in_its_lane() -> None:
    assert lane_of("mdBnzXIoTvFoU3sDLF3gqg") == 50


def test_contacts_spread_over_all_lanes_but_the_one_of_nobody() -> None:
    counts = Counter(lane_of(random_id()) for _ in range(20_000))

    assert set(counts) == set(range(NOBODY + 1, LANES))
    assert max(counts.values()) < 2 * min(counts.values())
