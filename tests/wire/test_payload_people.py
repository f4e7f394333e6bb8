"""What people did, in the shapes that Meta documents."""

from typing import Any

import pytest

from bot.conversation.events import Event, Kind, Media, Place, Referral
from bot.wire.payload import Identity, Reading, read
from tests.wire.webhooks import ANNA, AT, FILES, NAMELESS, NOW, NUMBER, OURS, PHONE_ONLY, THEIRS, load, parse

CLEO = Identity(bsuid="BR.9f2Kq81LmN0pQ", username="cleo.bakes", name="Cleo Example")
CLEO_AT_WORK = Identity(
    bsuid="BR.9f2Kq81LmN0pQ", parent_bsuid="BR.ENT.77aXc", username="cleo.bakes", name="Cleo Example"
)


def event(kind: Kind, text: str = "", **more: Any) -> Event:
    return Event(kind=kind, at=AT, text=text, **more)


def file(number: int, mime_type: str, **more: Any) -> Media:
    return Media(id=f"10033834213872{number}", mime_type=mime_type, **more)


EVENTS = {
    "text": event(Kind.TEXT, "Do you have rye bread? 🍞"),
    "text_in_reply": event(Kind.TEXT, "Yes, that one", quoted=True),
    "text_forwarded": event(Kind.TEXT, "delete my data", forwarded=True),
    "text_forwarded_often": event(Kind.TEXT, "stop", forwarded=True),
    "text_from_catalog": event(Kind.TEXT, "Is this still there?", quoted=True),
    "text_from_advertisement": event(
        Kind.TEXT,
        "I saw your cakes",
        referral=Referral(source_type="ad", source_id="120226305854810726", headline="Order by chat"),
    ),
    "image": event(Kind.IMAGE, "Can you make this?", media=file(56, "image/jpeg")),
    "video": event(Kind.VIDEO, media=file(57, "video/mp4")),
    "voice_message": event(Kind.AUDIO, media=file(58, "audio/ogg; codecs=opus", voice=True)),
    "audio": event(Kind.AUDIO, media=file(59, "audio/mpeg")),
    "document": event(Kind.DOCUMENT, "the list", media=file(60, "application/pdf", filename="guests.pdf")),
    "sticker": event(Kind.STICKER, media=file(61, "image/webp")),
    "location": event(
        Kind.LOCATION,
        place=Place(latitude=37.442, longitude=-122.1614, name="The square", address="1 Example Street"),
    ),
    "location_bare": event(Kind.LOCATION, place=Place(latitude=-33.9, longitude=18.0)),
    "contacts": event(Kind.CONTACTS),
    "contacts_asked_for": event(Kind.CONTACTS, value="contact_request"),
    "contacts_origin_on_message": event(Kind.CONTACTS, value="other"),
    "button_tapped": event(Kind.TAP, "Stop messages", choice="privacy.stop", quoted=True),
    "list_row_tapped": event(Kind.TAP, "Hours", choice="rule.hours", quoted=True),
    "template_button_tapped": event(Kind.TAP, "Stop", choice="privacy.stop", quoted=True),
    "template_button_without_payload": event(Kind.TAP, "Stop", choice="Stop"),
    "flow_completed": event(Kind.FLOW, '{"flow_token":"r-1","day":"2026-11-24"}', value="flow", quoted=True),
    "address_given": event(Kind.FLOW, '{"values":{"city":"Exampleton"}}', value="address_message", quoted=True),
    "call_permission_given": event(Kind.UNSUPPORTED, value="call_permission_reply", quoted=True),
    "payment_method_chosen": event(Kind.UNSUPPORTED, value="payment_method", quoted=True),
    "order": event(Kind.ORDER, "For Saturday, please"),
    "unsupported": event(Kind.UNSUPPORTED, value="poll_creation"),
    "unsupported_edit": event(Kind.UNSUPPORTED, value="edit"),
    "unsupported_older": event(Kind.UNSUPPORTED, value="unsupported"),
    "unknown": event(Kind.UNSUPPORTED, value="unsupported"),
    "unavailable_first_message": event(Kind.UNSUPPORTED, value="unsupported"),
    "type_of_tomorrow": event(Kind.UNSUPPORTED, value="hologram"),
    "chat_opened": event(Kind.WELCOME),
}


@pytest.mark.parametrize(("name", "expected"), [pytest.param(*pair, id=pair[0]) for pair in EVENTS.items()])
def test_it_reads_what_a_person_did(name: str, expected: Event) -> None:
    reading = read(FILES[name].read_bytes(), now=NOW)
    (arrival,) = reading.arrivals
    assert arrival.event == expected
    assert (arrival.number_id, arrival.wamid, arrival.old, arrival.target) == (NUMBER, THEIRS, None, "")
    assert arrival.natural_key == f"{NUMBER}|{THEIRS}"
    assert arrival.sender == (ANNA if name != "text_before_user_ids" else PHONE_ONLY)
    assert reading == Reading(arrivals=(arrival,))


ABOUT = {
    "reaction": (event(Kind.REACTION, value="👍🏽"), OURS),
    "reaction_removed": (event(Kind.REACTION), OURS),
    "reaction_removed_with_empty_emoji": (event(Kind.REACTION), OURS),
    "edited": (event(Kind.EDIT, "Tomorrow at ten"), OURS),
    "edited_caption": (event(Kind.EDIT, "This one", media=file(62, "image/jpeg")), OURS),
    "revoked": (event(Kind.REVOKE), OURS),
}


@pytest.mark.parametrize(("name", "expected"), [pytest.param(*pair, id=pair[0]) for pair in ABOUT.items()])
def test_it_reads_which_message_something_is_about(name: str, expected: tuple[Event, str]) -> None:
    (arrival,) = read(FILES[name].read_bytes(), now=NOW).arrivals
    assert (arrival.event, arrival.target) == expected
    assert arrival.wamid == THEIRS


SENDERS = {
    "text_from_username_alone": CLEO_AT_WORK,
    "text_before_user_ids": Identity(phone="16505551234", name="Anna Example"),
    "identity_key_changed": PHONE_ONLY,
    "interactive_without_its_object": ANNA,
}


@pytest.mark.parametrize(("name", "expected"), [pytest.param(*pair, id=pair[0]) for pair in SENDERS.items()])
def test_it_reads_who_it_was(name: str, expected: Identity) -> None:
    (arrival,) = read(FILES[name].read_bytes(), now=NOW).arrivals
    assert arrival.sender == expected


PREFERENCES = {
    "marketing_stopped": ("stop", "", ANNA),
    "marketing_resumed": ("resume", "", NAMELESS),
    "marketing_signed_up": ("signup", "178432967400", ANNA),
    "marketing_stopped_by_username": ("stop", "", CLEO),
}


@pytest.mark.parametrize(("name", "expected"), [pytest.param(*pair, id=pair[0]) for pair in PREFERENCES.items()])
def test_it_reads_whatsapps_own_marketing_switch(name: str, expected: tuple[str, str, Identity]) -> None:
    value, choice, sender = expected
    (arrival,) = read(FILES[name].read_bytes(), now=NOW).arrivals
    assert arrival.event == event(Kind.PREFERENCE, value=value, choice=choice)
    assert arrival.sender == sender
    assert arrival.wamid == ""
    assert arrival.natural_key == f"{NUMBER}|preference|{sender.bsuid}|marketing_messages|{value}|1794830400"


@pytest.mark.parametrize(
    ("category", "value", "kept"),
    [
        pytest.param("news", "stop", True, id="a stop of something unknown stops"),
        pytest.param("news", "resume", False, id="a resume of something unknown lifts nothing"),
        pytest.param("marketing_messages", "later", False, id="a wish nobody knows"),
    ],
)
def test_it_guesses_a_stop_and_nothing_else(*, category: str, value: str, kept: bool) -> None:
    data = load("marketing_stopped")
    data["entry"][0]["changes"][0]["value"]["user_preferences"][0] |= {"category": category, "value": value}
    reading = parse(data)
    assert bool(reading.arrivals) is kept
    assert reading.skipped == ({} if kept else {"preference": 1})


CHANGES = {
    "number_changed": ("number", PHONE_ONLY, Identity(phone="12195555358", bsuid="US.99aaBB77")),
    "number_changed_older_spelling": ("number", PHONE_ONLY, Identity(phone="12195555358")),
    "user_id_changed": ("user_id", Identity(bsuid=ANNA.bsuid), Identity(bsuid="US.99aaBB77")),
    "user_id_changed_with_number": (
        "user_id",
        Identity(phone=ANNA.phone, bsuid=ANNA.bsuid, parent_bsuid="US.ENT.11815799212886844830"),
        Identity(phone=ANNA.phone, bsuid="US.99aaBB77", parent_bsuid="US.ENT.5"),
    ),
    "user_id_updated": (
        "user_id",
        Identity(bsuid=ANNA.bsuid, parent_bsuid="US.ENT.11815799212886844830"),
        Identity(phone=ANNA.phone, bsuid="US.99aaBB77", parent_bsuid="US.ENT.5", name="Anna Example"),
    ),
}


@pytest.mark.parametrize(("name", "expected"), [pytest.param(*pair, id=pair[0]) for pair in CHANGES.items()])
def test_it_reads_who_became_whom(name: str, expected: tuple[str, Identity, Identity]) -> None:
    (arrival,) = read(FILES[name].read_bytes(), now=NOW).arrivals
    assert (arrival.event.value, arrival.old, arrival.sender) == expected
    assert arrival.event.kind is Kind.IDENTITY
    assert arrival.natural_key.startswith(f"{NUMBER}|{'user_id|US.99aaBB77|US.1349' if not arrival.wamid else THEIRS}")


@pytest.mark.parametrize(
    ("system", "what"),
    [
        pytest.param({"type": "user_changed_number"}, "no new number", id="no new number"),
        pytest.param({"type": "user_changed_user_id"}, "no new user id", id="no new user id"),
        pytest.param("moved", "no object", id="no object"),
    ],
)
def test_a_change_to_nobody_is_unsupported(system: object, what: str) -> None:
    data = load("number_changed")
    data["entry"][0]["changes"][0]["value"]["messages"][0]["system"] = system
    (arrival,) = parse(data).arrivals
    assert (arrival.event.kind, arrival.event.value, arrival.old) == (Kind.UNSUPPORTED, "system", None), what


def test_a_change_from_nobody_is_skipped() -> None:
    data = load("user_id_changed")
    data["entry"][0]["changes"][0]["value"]["messages"][0]["system"]["body"] = "A person changed"
    del data["entry"][0]["changes"][0]["value"]["messages"][0]["from_user_id"]
    assert parse(data).skipped == {"no_sender": 1}
    data = load("user_id_updated")
    data["entry"][0]["changes"][0]["value"]["user_id_update"][0]["user_id"].pop("previous")
    data["entry"][0]["changes"][0]["value"]["user_id_update"][0].pop("parent_user_id")
    assert parse(data).skipped == {"no_sender": 1}


def test_what_the_business_wrote_by_telephone_is_not_kept() -> None:
    (arrival,) = read(FILES["written_from_the_phone_app"].read_bytes(), now=NOW).arrivals
    assert arrival.event == event(Kind.ECHO, value="text")
    assert arrival.sender == NAMELESS
    (arrival,) = read(FILES["revoked_from_the_phone_app"].read_bytes(), now=NOW).arrivals
    assert (arrival.event, arrival.target) == (event(Kind.ECHO, value="revoke"), "wamid.earlier")


def test_it_reads_every_message_of_every_entry_and_gives_each_to_its_sender() -> None:
    reading = read(FILES["many_people_in_one_post"].read_bytes(), now=NOW)
    told = [(each.wamid, each.number_id, each.sender.name, each.sender.bsuid) for each in reading.arrivals]
    assert told == [
        ("wamid.batch1", NUMBER, "Person 1", "US.user1"),
        ("wamid.batch2", NUMBER, "Person 2", "US.user2"),
        ("wamid.batch3", NUMBER, "Person 1", "US.user1"),
        ("wamid.batch4", "106540352242923", "Person 4", "US.user4"),
        ("wamid.batch5", NUMBER, "Person 5", "US.user5"),
        ("", NUMBER, None, None),
    ]
    assert [each.number_id for each in reading.receipts] == ["106540352242923"]
