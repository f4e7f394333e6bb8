"""A business's promises, laid over the defaults."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import policy
from bot.config.content.loader import SHIPPED
from bot.config.faults import Fault
from bot.conversation.words import Purpose
from tests.config.conftest import PRIVACY, write


def load(folder: Path, text: str = PRIVACY) -> policy.Policy:
    write(folder, {"privacy.toml": text})
    faults: list[Fault] = []
    loaded = policy.load(SHIPPED, folder / "shop", faults)
    assert loaded is not None
    assert not faults
    return loaded


def test_it_promises_the_defaults(tmp_path: Path):
    promises = load(tmp_path)
    assert promises.controller == "Corner Shop, 1 Main Road"
    assert promises.contact.email == "privacy@corner.example"
    assert promises.period("content") == policy.Period(timedelta(days=30), "delete")
    assert promises.response_days == 30
    assert promises.first_contact_notice is True
    assert {Purpose.REPLY, Purpose.RIGHTS, Purpose.TRANSACTIONAL, Purpose.MARKETING} <= promises.purposes.keys()
    assert [one.hosts for one in promises.subprocessors] == [("graph.facebook.com",)]


def test_every_period_has_an_end(tmp_path: Path):
    for period in load(tmp_path).retention.values():
        assert timedelta(0) < period.lasts <= policy.LONGEST


def test_every_purpose_speaks_every_language_that_ships(tmp_path: Path):
    languages = {path.stem for path in (SHIPPED / "locales").glob("*.toml")}
    for texts in load(tmp_path).purposes.values():
        assert languages <= texts.keys()


def test_a_business_lays_its_own_over_them(tmp_path: Path):
    promises = load(
        tmp_path,
        f"""first_contact_notice = false
        {PRIVACY}
        telephone = "+91 79 4890 0000"
        [retention]
        content = {{ hours = 36, action = "anonymise" }}
        [purposes]
        marketing = "to tell you about bread"
        [[subprocessors]]
        name = "Courier"
        what = "brings the bread"
        where = "India"
        """,
    )
    assert promises.contact.telephone == "+917948900000"
    assert promises.first_contact_notice is False
    assert promises.period("content") == policy.Period(timedelta(hours=36), "anonymise")
    assert promises.period("metadata").lasts == timedelta(days=365)
    assert promises.purposes[Purpose.MARKETING] == {"*": "to tell you about bread"}
    assert [one.name for one in promises.subprocessors][-1] == "Courier"


def test_the_version_changes_with_what_is_promised(tmp_path: Path):
    first = load(tmp_path).version
    assert load(tmp_path, f"# a comment\n{PRIVACY}").version == first
    assert load(tmp_path, PRIVACY.replace("1 Main", "2 Main")).version != first


@pytest.mark.parametrize("table", ["contact = 5", "retention = 5", "subprocessors = 5", "purposes.sport = 'x'"])
def test_it_survives_tables_of_any_shape(tmp_path: Path, table: str):
    write(tmp_path, {"privacy.toml": f"{table}\n{PRIVACY if 'contact' not in table else ''}"})
    faults: list[Fault] = []
    assert policy.load(SHIPPED, tmp_path / "shop", faults) is None
    assert faults
