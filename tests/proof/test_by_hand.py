"""What goes over the wire when web and worker are started by hand, without demo mode, against a plain Graph API."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.proof.by_hand import COMMANDS, DAY, NUMBER, PAYLOADS, TOKEN, WABA, ByHand, by_hand, plain, sent
from tests.support.stack import ROOT, until

Json = dict[str, Any]
BAKERY = ROOT / "templates_wa" / "sunrise_bakery"
CODE = re.compile(r"\b[A-Z0-9]{10}\b")


def person(number: int) -> Json:
    return {"wa_id": f"1650555{number}", "user_id": f"US.1349120865530274{number}"}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ByHand]:
    folder = tmp_path_factory.mktemp("by-hand")
    config = folder / "businesses"
    shutil.copytree(ROOT / "templates_wa", config)
    shutil.copy(Path(__file__).with_name("more_rules.toml"), config / "sunrise_bakery")
    files = sorted((BAKERY / "messages").glob("*.json"))
    templates = [{"id": str(1000 + place), **json.loads(file.read_bytes())} for place, file in enumerate(files)]
    with by_hand(folder, config, templates) as made:
        database = folder / "data" / "lethe.db"
        until(lambda: templates_in(database) == len(templates), "the templates to be known")
        yield made


def templates_in(database: Path) -> int:
    with sqlite3.connect(database) as connection:
        (count,) = connection.execute("SELECT count(*) FROM templates").fetchone()
    connection.close()
    return int(count)


SAID: dict[str, tuple[str, str]] = {
    "hi": ("hi", "buttons"),
    "hours": ("hours", "text"),
    "where": ("where are you?", "location"),
    "shelf": ("shelf", "list"),
    "picture": ("picture", "image"),
    "paper": ("paper", "document"),
    "boss": ("boss", "contacts"),
    "webshop": ("webshop", "link"),
}


@pytest.mark.parametrize(("text", "name"), SAID.values(), ids=SAID)
def test_it_answers_in_the_documented_shape(bot: ByHand, text: str, name: str) -> None:
    place = 1000 + list(SAID).index(text.split(maxsplit=1)[0])

    assert plain(bot.says(text, who=person(place))) == sent(name)


def test_a_tap_is_answered_as_the_rule_it_names(bot: ByHand) -> None:
    before = len(bot.graph.messages)
    reply = {"type": "button_reply", "button_reply": {"id": "rule.hours", "title": "Opening hours"}}
    bot.sends("button_tapped", who=person(2001), interactive=reply)

    assert "Mon–Sat 07:30–20:00" in bot.next_after(before)["text"]["body"]


def test_hi_and_hours_get_one_message_each(bot: ByHand) -> None:
    for text in ("hi", "hours", "where"):
        bot.says(text, who=person(2002))
    mine = [each["type"] for each in bot.graph.messages if each.get("to") == "+16505552002"]

    assert mine == ["interactive", "text", "location"]


def test_outside_the_window_the_template_goes(bot: ByHand) -> None:
    assert plain(bot.says("order 48213", age=DAY + 3600, who=person(2003))) == sent("template")


def test_a_person_without_a_number_is_written_to_by_user_id(bot: ByHand) -> None:
    assert plain(bot.says("hours", payload="text_from_username_alone")) == sent("text_to_user_id")


def test_what_is_answered_is_marked_as_read(bot: ByHand) -> None:
    before = len(bot.graph.messages)
    wamid = bot.sends("text", who=person(2004), text={"body": "hours"})
    bot.next_after(before)
    mark = until(lambda: [each for each in bot.graph.marks if each["message_id"] == wamid], "the read mark")

    assert mark == [sent("read_mark") | {"message_id": wamid}]


def test_delete_my_data_is_confirmed_with_a_code_and_meta_forgets_too(bot: ByHand) -> None:
    who = person(2005)
    bot.says("hours", who=who)
    confirmation = bot.says("delete my data!", who=who)
    code = CODE.findall(confirmation["interactive"]["body"]["text"])[0]
    receipt = json.loads((PAYLOADS / "delivered.json").read_bytes())
    (status,) = receipt["entry"][0]["changes"][0]["value"]["statuses"]
    ref = confirmation["biz_opaque_callback_data"]
    status |= {"recipient_id": who["wa_id"], "biz_opaque_callback_data": ref}

    assert json.loads(json.dumps(plain(confirmation)).replace(code, "THISISCODE")) == sent("confirmation")

    before = len(bot.graph.asked)
    bot.post(receipt)
    asked = until(lambda: [each for each in bot.graph.asked[before:] if each.method == "DELETE"], "Meta to be asked")

    assert [(each.path, each.query) for each in asked] == [
        (f"/{NUMBER}/contact_book", {"messaging_product": "whatsapp", "bsuid": who["user_id"]})
    ]
    assert state(bot, code) == "done"


def state(bot: ByHand, code: str) -> str:
    url, wants = f"{bot.url}/deletion-status", {"Accept": "application/json"}
    told: str = requests.get(url, params={"code": code}, headers=wants, timeout=10).json()["state"]
    return told


@pytest.mark.laws
def test_meta_is_asked_for_nothing_but_what_is_documented(bot: ByHand) -> None:
    bot.says("hours", who=person(2006))
    calls = {(each.method, each.path) for each in bot.graph.asked}

    assert calls <= {
        ("POST", f"/{NUMBER}/messages"),
        ("GET", f"/{WABA}/message_templates"),
        ("DELETE", f"/{NUMBER}/contact_book"),
    }
    assert {each.headers["authorization"] for each in bot.graph.asked} == {f"Bearer {TOKEN}"}


def test_without_demo_mode_there_is_no_seam_to_the_simulator(bot: ByHand) -> None:
    asked = requests.get(f"{bot.url}/demo/person", params={"number_id": NUMBER, "phone": "16505551001"}, timeout=10)

    assert asked.status_code == 404
    assert not [each for each in bot.graph.asked if "/sim/" in each.path]


@pytest.mark.laws
def test_two_wrong_signatures_and_a_handshake_say_nothing(bot: ByHand) -> None:
    webhook = f"{bot.url}/webhook"
    raw = (PAYLOADS / "text.json").read_bytes()
    for headers in ({}, {"X-Hub-Signature-256": "sha256=" + "0" * 64}):
        refused = requests.post(webhook, data=raw, headers=headers, timeout=10)

        assert (refused.status_code, refused.content) == (401, b"")

    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "a-verify-token"}

    assert requests.get(webhook, params=query, timeout=10).text == "1158201444"


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_start_with_faults_tells_them_all_and_ends(command: list[str], tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LETHE_")}
    wrong = {"LETHE_DATA_DIR": str(tmp_path), "LETHE_MASTER_KEY": "short", "LETHE_WORKERS": "many"}
    ended = subprocess.run(command, cwd=ROOT, env=kept | wrong, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 1
    assert all(name in ended.stderr for name in ("LETHE_MASTER_KEY", "LETHE_PEPPER", "LETHE_WORKERS"))
    assert "Traceback" not in ended.stderr
