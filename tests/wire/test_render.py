"""Messages as JSON of the Cloud API."""

from typing import Any

import pytest

from bot.conversation.replies import Choice, Message, Phrase, Say, SendCard, SendLink, SendMedia, SendPlace
from bot.wire import render


def say(phrase: Phrase) -> str:
    return phrase.key.format(**phrase.values)


def choices(number: int, title: str = "Choice {n}", *, described: bool = False) -> tuple[Choice, ...]:
    description = Phrase("d" * 80) if described else None
    return tuple(
        Choice(id=f"rule.{n}", title=Phrase(title, {"n": str(n)}), description=description) for n in range(number)
    )


def interactive(**parts: object) -> dict[str, Any]:
    return {"type": "interactive", "interactive": parts}


def reply(number: int, title: str) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": f"rule.{number}", "title": title}}


RENDERED: dict[str, tuple[Message, dict[str, Any]]] = {
    "a text": (
        Say(text=Phrase("Hello {name}", {"name": "Anna"})),
        {"type": "text", "text": {"body": "Hello Anna", "preview_url": False}},
    ),
    "a text with a link": (
        Say(text=Phrase("See https://example.com")),
        {"type": "text", "text": {"body": "See https://example.com", "preview_url": True}},
    ),
    "a text with a footer": (
        Say(text=Phrase("Hello"), footer=Phrase("STOP ends this")),
        {"type": "text", "text": {"body": "Hello\n\nSTOP ends this", "preview_url": False}},
    ),
    "a text without end": (
        Say(text=Phrase("x" * 5000)),
        {"type": "text", "text": {"body": "x" * 4095 + "…", "preview_url": False}},
    ),
    "one choice": (
        Say(text=Phrase("Well?"), choices=choices(1)),
        interactive(type="button", body={"text": "Well?"}, action={"buttons": [reply(0, "Choice 0")]}),
    ),
    "three choices and a footer": (
        Say(text=Phrase("x" * 2000), choices=choices(3), footer=Phrase("f" * 61)),
        interactive(
            type="button",
            body={"text": "x" * 1023 + "…"},
            footer={"text": "f" * 59 + "…"},
            action={"buttons": [reply(n, f"Choice {n}") for n in range(3)]},
        ),
    ),
    "titles that end up the same": (
        Say(text=Phrase("Well?"), choices=choices(3, "The same long title {n}")),
        interactive(
            type="button",
            body={"text": "Well?"},
            action={
                "buttons": [
                    reply(0, "The same long title…"),
                    reply(1, "The same long tit… 2"),
                    reply(2, "The same long tit… 3"),
                ]
            },
        ),
    ),
    "four choices": (
        Say(text=Phrase("Well?"), choices=choices(4), menu=Phrase("Choose from all of them")),
        interactive(
            type="list",
            body={"text": "Well?"},
            action={
                "button": "Choose from all of…",
                "sections": [{"rows": [{"id": f"rule.{n}", "title": f"Choice {n}"} for n in range(4)]}],
            },
        ),
    ),
    "more choices than a list holds": (
        Say(text=Phrase("Well?"), choices=choices(12, described=True)),
        interactive(
            type="list",
            body={"text": "Well?"},
            action={
                "button": "☰",
                "sections": [
                    {
                        "rows": [
                            {"id": f"rule.{n}", "title": f"Choice {n}", "description": "d" * 71 + "…"}
                            for n in range(10)
                        ]
                    }
                ],
            },
        ),
    ),
    "a link": (
        SendLink(text=Phrase("Read it"), title=Phrase("Privacy notice, in full"), url="https://example.com/privacy"),
        interactive(
            type="cta_url",
            body={"text": "Read it"},
            action={
                "name": "cta_url",
                "parameters": {"display_text": "Privacy notice, in…", "url": "https://example.com/privacy"},
            },
        ),
    ),
    "a picture": (
        SendMedia(kind="image", link="https://example.com/a.png", caption=Phrase("c" * 1025), filename="a.png"),
        {"type": "image", "image": {"link": "https://example.com/a.png", "caption": "c" * 1023 + "…"}},
    ),
    "a document": (
        SendMedia(kind="document", link="https://example.com/a.pdf", filename="menu.pdf"),
        {"type": "document", "document": {"link": "https://example.com/a.pdf", "filename": "menu.pdf"}},
    ),
    "a sound takes no caption": (
        SendMedia(kind="audio", link="https://example.com/a.ogg", caption=Phrase("Listen")),
        {"type": "audio", "audio": {"link": "https://example.com/a.ogg"}},
    ),
    "a place": (
        SendPlace(latitude=37.4, longitude=-122.1, name="Sunrise"),
        {"type": "location", "location": {"latitude": 37.4, "longitude": -122.1, "name": "Sunrise"}},
    ),
    "a card": (
        SendCard(name="Sunrise", phone="+15550100", organisation="Sunrise Ltd", email="hi@example.com"),
        {
            "type": "contacts",
            "contacts": [
                {
                    "name": {"formatted_name": "Sunrise", "first_name": "Sunrise"},
                    "phones": [{"phone": "+15550100", "type": "WORK"}],
                    "org": {"company": "Sunrise Ltd"},
                    "emails": [{"email": "hi@example.com", "type": "WORK"}],
                }
            ],
        },
    ),
    "a small card": (
        SendCard(name="Sunrise", phone="+15550100"),
        {
            "type": "contacts",
            "contacts": [
                {
                    "name": {"formatted_name": "Sunrise", "first_name": "Sunrise"},
                    "phones": [{"phone": "+15550100", "type": "WORK"}],
                }
            ],
        },
    ),
}


@pytest.mark.parametrize(("message", "body"), [pytest.param(*pair, id=name) for name, pair in RENDERED.items()])
def test_it_writes_what_meta_documents(message: Message, body: dict[str, Any]) -> None:
    assert render.body(message, say) == body


def test_an_uploaded_document_goes_by_its_id() -> None:
    assert render.uploaded("1037543291543636", filename="my-data.txt", caption="Your data") == {
        "type": "document",
        "document": {"id": "1037543291543636", "caption": "Your data", "filename": "my-data.txt"},
    }


HELLO = render.body(Say(text=Phrase("Hello")), say)


@pytest.mark.parametrize(
    ("phone", "bsuid", "recipient"),
    [
        pytest.param("15551234567", None, {"to": "+15551234567"}, id="a number, with its plus"),
        pytest.param(None, "US.1349", {"recipient": "US.1349"}, id="a user id, under a key of its own"),
        pytest.param("15551234567", "US.1349", {"to": "+15551234567"}, id="the number wins"),
    ],
)
def test_a_request_names_one_recipient(phone: str | None, bsuid: str | None, recipient: dict[str, str]) -> None:
    assert render.message(HELLO, phone=phone, bsuid=bsuid, ref="o-1") == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient,
        **HELLO,
        "biz_opaque_callback_data": "o-1",
    }


def test_a_request_without_a_ref_has_no_key_for_it() -> None:
    assert "biz_opaque_callback_data" not in render.message(HELLO, phone="15551234567", bsuid=None, ref="")


def test_it_writes_to_nobody() -> None:
    with pytest.raises(ValueError, match="recipient"):
        render.message(HELLO, phone=None, bsuid="", ref="o-1")


def test_it_marks_read_and_shows_that_it_types() -> None:
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.A"}
    assert render.read_mark("wamid.A") == mark
    assert render.read_mark("wamid.A", typing=True) == {**mark, "typing_indicator": {"type": "text"}}
