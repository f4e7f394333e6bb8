"""Filling templates."""

from typing import Any

import pytest

from bot.wire.binding import Fault, TemplateDefinition, bind


def defined(*components: dict[str, Any], **more: str) -> TemplateDefinition:
    return TemplateDefinition(name="order_update", language="en_US", components=components, **more)


def body(text: str) -> dict[str, Any]:
    return {"type": "BODY", "text": text}


def header(text: str = "", form: str = "TEXT") -> dict[str, Any]:
    return {"type": "HEADER", "format": form, "text": text}


def buttons(*listed: dict[str, Any]) -> dict[str, Any]:
    return {"type": "BUTTONS", "buttons": list(listed)}


def texts(*values: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": value} for value in values]


def button(kind: str, index: int, **parameter: Any) -> dict[str, Any]:
    return {"type": "button", "sub_type": kind, "index": str(index), "parameters": [parameter]}


ORDER = body("Order {{1}} is ready, {{2}}.")
LINK = {"type": "URL", "text": "See", "url": "https://example.com/orders/{{1}}"}
CODE = {"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy"}
STOP = {"type": "QUICK_REPLY", "text": "Stop messages"}

FILLED: dict[str, tuple[TemplateDefinition, dict[str, str], list[dict[str, Any]]]] = {
    "by place": (defined(ORDER), {"2": "Anna", "1": "17"}, [{"type": "body", "parameters": texts("17", "Anna")}]),
    "by place, in order of the numbers": (
        defined(body("{{2}}, order {{1}} is ready, yes {{2}}.")),
        {"1": "17", "2": "Anna"},
        [{"type": "body", "parameters": texts("17", "Anna")}],
    ),
    "by name": (
        defined(header("Order {{order}}"), body("{{ name }}, order {{order}} is ready."), parameter_format="NAMED"),
        {"order": "17", "name": "Anna"},
        [
            {"type": "header", "parameters": [{"type": "text", "parameter_name": "order", "text": "17"}]},
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "parameter_name": "name", "text": "Anna"},
                    {"type": "text", "parameter_name": "order", "text": "17"},
                ],
            },
        ],
    ),
    "a header of its own": (
        defined(header("Hello {{1}}"), ORDER, {"type": "FOOTER", "text": "Sunrise"}),
        {"header.1": "you", "1": "17", "2": "Anna"},
        [{"type": "header", "parameters": texts("you")}, {"type": "body", "parameters": texts("17", "Anna")}],
    ),
    "a picture by link": (
        defined(header(form="IMAGE")),
        {"header": "https://example.com/a.png"},
        [{"type": "header", "parameters": [{"type": "image", "image": {"link": "https://example.com/a.png"}}]}],
    ),
    "a document by id": (
        defined(header(form="DOCUMENT")),
        {"header": "1037543291543636"},
        [{"type": "header", "parameters": [{"type": "document", "document": {"id": "1037543291543636"}}]}],
    ),
    "nothing to fill": (defined(header("Hello"), body("We are open."), buttons()), {}, []),
    "line breaks, tabs and spaces": (
        defined(body("Order {{1}}.")),
        {"1": " a\n\nb\t c      d\0 "},
        [{"type": "body", "parameters": texts("a b c d")}],
    ),
    "the end of a link": (
        defined(buttons({"type": "URL", "text": "Us", "url": "https://example.com"}, LINK)),
        {"button.1": "17?lang=gu&x=a b"},
        [button("url", 1, type="text", text="17?lang=gu&x=a%20b")],
    ),
    "a payload of our own, and the label without one": (
        defined(buttons(STOP, {"type": "QUICK_REPLY", "text": "Thanks"})),
        {"button.0": "privacy.stop"},
        [
            button("quick_reply", 0, type="payload", payload="privacy.stop"),
            button("quick_reply", 1, type="payload", payload="Thanks"),
        ],
    ),
    "a code is said and copied": (
        defined(body("*{{1}}* is your code."), buttons(CODE), category="AUTHENTICATION"),
        {"1": "493817"},
        [{"type": "body", "parameters": texts("493817")}, button("url", 0, type="text", text="493817")],
    ),
    "a code as Meta lists it": (
        defined(body("*{{1}}* is your code."), buttons(LINK), category="AUTHENTICATION"),
        {"1": "493817"},
        [{"type": "body", "parameters": texts("493817")}, button("url", 0, type="text", text="493817")],
    ),
    "a coupon": (
        defined(buttons({"type": "COPY_CODE", "example": "X"})),
        {"button.0": "BREAD10"},
        [button("copy_code", 0, type="coupon_code", coupon_code="BREAD10")],
    ),
    "a flow": (
        defined(buttons({"type": "FLOW", "text": "Fill in"})),
        {"button.0": "r-1"},
        [button("flow", 0, type="action", action={"flow_token": "r-1"})],
    ),
    "a flow without a token": (
        defined(buttons({"type": "FLOW", "text": "Fill in"})),
        {},
        [button("flow", 0, type="action", action={"flow_token": "unused"})],
    ),
    "buttons that take nothing": (
        defined(buttons({"type": "PHONE_NUMBER", "text": "Call"}, {"type": "REQUEST_CONTACT_INFO"})),
        {},
        [],
    ),
}


@pytest.mark.parametrize(
    ("definition", "values", "components"), [pytest.param(*each, id=name) for name, each in FILLED.items()]
)
def test_it_fills_a_template(
    definition: TemplateDefinition, values: dict[str, str], components: list[dict[str, Any]]
) -> None:
    expected: dict[str, Any] = {"name": "order_update", "language": {"code": "en_US"}}
    if components:
        expected["components"] = components
    assert bind(definition, values, "en") == {"type": "template", "template": expected}


FAULTS: dict[str, tuple[TemplateDefinition, dict[str, str], Fault]] = {
    "a value too few": (defined(ORDER), {"1": "17"}, Fault("missing_parameter", "2")),
    "a value too many": (defined(ORDER), {"1": "17", "2": "A", "3": "B"}, Fault("unknown_parameter", "3")),
    "a name nobody asked for": (
        defined(body("Hi {{name}}."), parameter_format="NAMED"),
        {"name": "Anna", "nick": "Anna"},
        Fault("unknown_parameter", "nick"),
    ),
    "a name left out": (
        defined(body("Hi {{name}}."), parameter_format="NAMED"),
        {"1": "Anna"},
        Fault("missing_parameter", "name"),
    ),
    "an empty value": (defined(body("Hi {{1}}.")), {"1": " \n "}, Fault("empty_parameter", "1")),
    "too long once filled": (defined(body("Hi {{1}}.")), {"1": "x" * 1021}, Fault("too_long", "body")),
    "a header too long once filled": (
        defined(header("Hi {{1}}.")),
        {"header.1": "x" * 57},
        Fault("too_long", "header"),
    ),
    "no picture": (defined(header(form="IMAGE")), {}, Fault("missing_parameter", "header")),
    "no end of the link": (defined(buttons(LINK)), {}, Fault("missing_parameter", "button.0")),
    "no coupon": (defined(buttons({"type": "COPY_CODE"})), {}, Fault("missing_parameter", "button.0")),
    "no code": (
        defined(buttons(CODE), category="AUTHENTICATION"),
        {},
        Fault("missing_parameter", "button.0"),
    ),
    "a header with a place": (defined(header(form="LOCATION")), {}, Fault("unsupported_component", "LOCATION")),
    "a carousel": (defined({"type": "CAROUSEL"}), {}, Fault("unsupported_component", "CAROUSEL")),
    "a button nobody knows": (defined(buttons({"type": "MPM"})), {}, Fault("unsupported_component", "MPM")),
}


@pytest.mark.parametrize(
    ("definition", "values", "fault"), [pytest.param(*each, id=name) for name, each in FAULTS.items()]
)
def test_it_says_why_values_do_not_fit(definition: TemplateDefinition, values: dict[str, str], fault: Fault) -> None:
    assert bind(definition, values, "en_US") == fault


def test_it_fills_up_to_the_limit() -> None:
    assert not isinstance(bind(defined(body("Hi {{1}}.")), {"1": "x" * 1020}, "en"), Fault)


@pytest.mark.parametrize(
    ("language", "fits"),
    [
        pytest.param("en_US", True, id="the same"),
        pytest.param("en", True, id="the language without the country"),
        pytest.param("en-GB", True, id="another country"),
        pytest.param("gu", False, id="another language"),
    ],
)
def test_it_never_sends_another_language(*, language: str, fits: bool) -> None:
    bound = bind(defined(body("Hi.")), {}, language)
    assert bound == Fault("language", language) if not fits else isinstance(bound, dict)


def test_a_definition_is_read_from_metas_list() -> None:
    listed = {
        "id": "1689556908129832",
        "name": "order_update",
        "language": "en_US",
        "status": "approved",
        "category": "utility",
        "parameter_format": "named",
        "components": [body("Hi {{name}}."), "odd"],
    }
    assert TemplateDefinition.from_meta(listed) == TemplateDefinition(
        name="order_update",
        language="en_US",
        status="APPROVED",
        category="UTILITY",
        parameter_format="NAMED",
        components=(body("Hi {{name}}."),),
    )
    assert TemplateDefinition.from_meta({}) == TemplateDefinition(name="", language="", status="", category="")
