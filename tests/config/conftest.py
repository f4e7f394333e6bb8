"""A small business to spoil: sound as it is, in two languages."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from bot.config.content import ConfigError, Content, Fault, load

NOON = datetime(2026, 3, 2, 12)  # noqa: DTZ001  the wall clock of the business; its zone is added where it is used
BUSINESS = """
name      = "Corner Shop"
language  = "en"
languages = ["en", "gu"]
zone      = "Asia/Kolkata"
telephone = "+91 79 4890 0000"

[hours]
mon-fri = "09:00-18:00"

[number.main]
phone_number_id = "SHOP_NUMBER"
access_token    = "SHOP_TOKEN"
waba_id         = "SHOP_WABA"

[hand_over]
to = "staff"
"""
RULES = """
[rule.menu]
words.en = ["hi"]
words.gu = ["કેમ છો"]
say.en   = "Hello!"
say.gu   = "નમસ્તે!"
choices  = [{ en = "Hours", gu = "સમય", go = "rule.hours" }]

[rule.hours]
words = "hours"
say   = "{hours.week}"

[rule.order]
pattern = 'order (?P<number>[0-9]+)'
say     = "Order {number}"
outside = { template = "order_update", with = { order = "{number}" } }
"""
PRIVACY = """
controller = "Corner Shop, 1 Main Road"

[contact]
name  = "Asha Patel"
email = "privacy@corner.example"
"""
TEMPLATE = """{
  "name": "order_update", "language": "en", "status": "APPROVED", "category": "UTILITY",
  "parameter_format": "NAMED", "components": [{"type": "BODY", "text": "Your order {{order}} is ready."}]
}"""
FILES = {
    "business.toml": BUSINESS,
    "rules.toml": RULES,
    "privacy.toml": PRIVACY,
    "messages/order_update.en.json": TEMPLATE,
}


def write(folder: Path, files: dict[str, str], name: str = "shop") -> None:
    for path, text in files.items():
        file = folder / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


Load = Callable[..., Content]
Faults = Callable[[dict[str, str]], tuple[Fault, ...]]


@pytest.fixture
def shop(tmp_path: Path) -> Load:
    """Load the shop with some of its files replaced."""

    def load_with(**files: str) -> Content:
        write(tmp_path, {**FILES, **files})
        return load(tmp_path)

    return load_with


@pytest.fixture
def faults_of(tmp_path: Path) -> Faults:
    """Return what is wrong with the shop when some of its files are replaced."""

    def of(files: dict[str, str]) -> tuple[Fault, ...]:
        write(tmp_path, {**FILES, **files})
        with pytest.raises(ConfigError) as error:
            load(tmp_path)
        return error.value.faults

    return of
