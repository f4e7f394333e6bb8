"""What tests of people's rights ask for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.config.content import Business, Content, load
from bot.config.policy import Period
from bot.people.contacts import Found
from bot.rights import erasure
from bot.rights.requests import Opened
from bot.store.db import Database
from bot.store.vault import Vault
from tests.rights.house import ASHA, BOB, NOW, SHOP, House, know, subject


@pytest.fixture(scope="session")
def content() -> Content:
    return load(Path(__file__).parents[2] / "templates_wa")


@pytest.fixture(scope="session")
def bakery(content: Content) -> Business:
    """Give the example business with a period of our own, so that it may change its mind about its."""
    business = content.businesses[SHOP]
    retention = {**business.policy.retention, "content": Period(timedelta(days=30), "delete")}
    return replace(business, policy=replace(business.policy, retention=retention))


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.write() as session:
        yield session


@pytest.fixture
def house(database: Database, vault: Vault, content: Content, tmp_path: Path) -> House:
    return House(database, vault, content, tmp_path)


@pytest.fixture
def asha(database: Database, vault: Vault) -> Found:
    with database.write() as session:
        found = know(session, vault, ASHA)
        know(session, vault, BOB)
        session.commit()
    return found


@pytest.fixture
def begun(database: Database, vault: Vault, bakery: Business, asha: Found) -> Opened:
    with database.write() as session:
        opened = erasure.begin(session, vault, subject(bakery, asha), now=NOW)
        session.commit()
    return opened
