from typing import Any

from bot.answering.merging import Bubble, merged, suffixed
from bot.conversation.replies import Template
from bot.conversation.words import Purpose, Store


def text(words: str, **more: Any) -> Bubble:
    return bubble({"type": "text", "text": {"body": words, "preview_url": False}}, **more)


def buttons(words: str) -> Bubble:
    return bubble({"type": "interactive", "interactive": {"type": "button", "body": {"text": words}, "action": {}}})


def picture(**more: str) -> Bubble:
    return bubble({"type": "image", "image": {"link": "https://x.example/a.jpg", **more}})


def bubble(body: dict[str, Any], **more: Any) -> Bubble:
    values = {"purpose": Purpose.REPLY, "rule": "rule.x", "store": Store.KEEP, **more}
    return Bubble(body=body, **values)


def bodies(*bubbles: Bubble) -> list[dict[str, Any]]:
    return [each.body for each in merged(bubbles)]


def test_two_texts_become_one():
    assert bodies(text("a"), text("b")) == [{"type": "text", "text": {"body": "a\n\nb", "preview_url": False}}]


def test_a_text_goes_before_buttons():
    (body,) = bodies(text("a"), buttons("b"))

    assert body["interactive"]["body"]["text"] == "a\n\nb"


def test_a_text_becomes_the_caption_of_a_picture_that_has_none():
    (body,) = bodies(picture(), text("a"))

    assert body["image"]["caption"] == "a"
    assert len(bodies(picture(caption="mine"), text("a"))) == 2


def test_what_does_not_fit_stays_apart():
    assert len(bodies(text("a" * 4000), text("b" * 200))) == 2
    assert len(bodies(text("a" * 1000), buttons("b" * 100))) == 2
    assert len(bodies(picture(), text("a" * 1025))) == 2
    assert len(bodies(buttons("a"), text("b"))) == 2


def test_answers_of_different_purpose_stay_apart():
    assert len(bodies(text("a"), text("b", purpose=Purpose.RIGHTS))) == 2


def test_two_templates_cannot_become_one():
    first, second = (text("a", outside=Template(name=name)) for name in ("one", "two"))

    assert len(merged([first, second])) == 2
    assert merged([first, text("b")])[0].outside == Template(name="one")
    assert merged([text("b"), second])[0].outside == Template(name="two")


def test_the_strictest_store_wins():
    assert merged([text("a"), text("b", store=Store.NONE)])[0].store is Store.NONE


def test_a_line_is_added_where_there_is_room():
    assert suffixed(text("a").body, "n")["text"]["body"] == "a\n\nn"
    assert suffixed(buttons("a").body, "n")["interactive"]["body"]["text"] == "a\n\nn"
    assert suffixed(picture().body, "n")["image"]["caption"] == "n"
    assert suffixed(picture(caption="c").body, "n")["image"]["caption"] == "c\n\nn"
    assert suffixed(text("a" * 4096).body, "n") is None
    assert suffixed(buttons("a" * 1024).body, "n") is None
    assert suffixed(picture(caption="c" * 1024).body, "n") is None
    assert suffixed({"type": "location", "location": {}}, "n") is None
