"""A JSON Schema of a business's files for editors, with hover texts, made from the models that read them.

An editor proposes keys, explains them and marks what is misspelt; `lethe check` alone tells whether a business is good.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from bot.config.content.forms_tables import FormTable
from bot.config.content.models import Body, BusinessTable, MediaTable, RuleTable
from bot.config.content.reading import country, one_or_more, per_language, telephone, words_per_language, zone
from bot.config.content.source import BY_ID
from bot.config.durations import duration

TITLE = "A business of Lethe"
DRAFT = "http://json-schema.org/draft-07/schema#"
ANYTHING: Mapping[str, Any] = {}
STRING: Mapping[str, Any] = {"type": "string"}
STRINGS: Mapping[str, Any] = {"anyOf": [STRING, {"type": "array", "items": STRING}]}
TAKEN: Mapping[Any, Mapping[str, Any]] = {
    per_language: {"anyOf": [STRING, {"type": "object", "additionalProperties": STRING}]},
    words_per_language: {"anyOf": [*STRINGS["anyOf"], {"type": "object", "additionalProperties": STRINGS}]},
    telephone: STRING,
    zone: STRING,
    country: STRING,
    duration: STRING,
}
"""What readers take besides what they return."""

HOVERS: Mapping[str, str] = {
    "BusinessTable.name": "How the business is called, in texts as {business.name}.",
    "BusinessTable.language": "The language when nothing else tells; every text has it.",
    "BusinessTable.languages": "Every text has each of these languages, or is one text for all.",
    "BusinessTable.zone": "Time zone by its IANA name, as Asia/Kolkata; hours go by it.",
    "BusinessTable.hours": 'Opening hours: mon = "07:30-20:00", mon-fri = [..], daily, "closed". None: always open.',
    "BusinessTable.holidays": "Days that beat the week: public holidays of a country, and days by hand.",
    "BusinessTable.quiet": "When nothing of these purposes begins; it goes when the quiet ends. Answers never wait.",
    "BusinessTable.telephone": 'In international form, as "+91 79 4890 0000".',
    "BusinessTable.email": "How people write to the business; may be left out.",
    "BusinessTable.read_marks": "Show messages as read.",
    "BusinessTable.typing": "Show that an answer comes; needs read_marks.",
    "BusinessTable.hand_over": "Who answers a person that asks for a human; the bot is silent meanwhile.",
    "BusinessTable.number": "Business numbers: NAMES of environment variables, never their values.",
    "BusinessTable.extends": "A base beside this folder, whose name begins with _: the same id replaces.",
    "BusinessTable.off": 'Rules of the base that are left out: ["rule.parking"].',
    "RuleTable.words": "Words that start the rule, anywhere in the text at word borders; the longest match wins.",
    "RuleTable.pattern": "An expression (RE2, in single quotes) that starts the rule; its groups are values.",
    "RuleTable.on": "Kinds of messages that start the rule.",
    "RuleTable.case": "Another answer if its conditions fit; the first that fits, else the rule's own.",
    "RuleTable.later": "A follow-up, if the person has not written since; gone when she stops or is erased.",
    "RuleTable.store": '"none": the person\'s text is gone when the reply is through.',
    "When.if": "All of it must hold.",
    "When.unless": "Nothing of it may hold.",
    "Body.say": "The text: one for all languages, or one by language; left out: in locales/<language>.toml.",
    "Body.choices": "Up to 3 are buttons (20 characters), up to 10 a list (24); `go` names a rule or a privacy word.",
    "Body.menu": "The label of the button that opens a list.",
    "Body.footer": "A small line below a message with choices, at most 60 characters.",
    "Body.image": "A picture by its https:// link.",
    "Body.video": "A video by its https:// link.",
    "Body.audio": "A sound by its https:// link.",
    "Body.document": "A document: link and filename.",
    "Body.sticker": "A sticker by its https:// link.",
    "Body.place": "A place on the map: latitude, longitude, name, address.",
    "Body.card": "A contact card: name, phone, organisation, email.",
    "Body.link": "A button that opens an https:// address.",
    "Body.outside": "The template that goes instead when the 24-hour service window is closed, and its values.",
    "LaterTable.after": 'How long after, as "25 h" or "3 days"; 24 h and more need a template.',
    "LaterTable.purpose": '"reply", "transactional", or "marketing" (only to who agreed; it must say how to stop).',
    "FactsTable.open": "Whether the business is open now.",
    "FactsTable.weekday": "The day of the week: mon to sun.",
    "FactsTable.language": "The language of the contact.",
    "FactsTable.consent": "Purposes that the person agreed to.",
    "FactsTable.first_contact": "Whether this is a person's first message.",
    "FactsTable.ad": "Whether the message came through an advertisement.",
    "HandOverTable.to": '"staff", "phone" or "webhook".',
    "HandOverTable.target": "The number or the https:// address.",
    "HandOverTable.lasts": 'How long the bot is silent at most, as "12 h".',
    "HolidaysTable.country": "Public holidays of this country (ISO 3166), as IN.",
    "HolidaysTable.region": "And of its state or region, as GJ.",
    "HolidaysTable.open": "When the business is open on public holidays; left out: closed.",
    "HolidaysTable.days": 'Days by hand: "2026-12-24" = "09:00-13:00", "12-25" = "closed", "11-08..11-12".',
    "QuietTable.transactional": 'As "22:00-07:00", in the zone of the business.',
    "QuietTable.marketing": 'As "20:00-09:00", in the zone of the business.',
    "ChoiceTable.go": "Where it leads: rule.<id>, or a privacy word as privacy:human.",
    "ChoiceTable.title": "One title for all languages; else one by language beside it.",
    "ChoiceTable.describe": "A line below the title; lists show it, buttons do not.",
    "OptionTable.is": "What is kept when it is chosen.",
    "OptionTable.title": "One title for all languages; else one by language beside it.",
    "OptionTable.describe": "A line below the title; lists show it, buttons do not.",
    "FormTable.words": "Words that open the form.",
    "FormTable.on": "Kinds of messages that open the form.",
    "FormTable.say": "What is said before the first question; may be left out.",
    "FormTable.keep": "The class of data of privacy.toml that says how long answers are kept.",
    "FormTable.lasts": 'How long after the last question it is still open, as "24 h".',
    "FormTable.store": '"none": the messages\' own texts go when answered; the answers are kept all the same.',
    "FormTable.ask": "Questions, in their order.",
    "FormTable.done": "What happens when all is answered.",
    "QuestionTable.say": "The question.",
    "QuestionTable.choices": "What can be chosen: { is = ..., en = ... }.",
    "QuestionTable.menu": "The label of the button that opens a list.",
    "QuestionTable.takes": "The kind of the answer: text, number, date, phone, email, place, image, document, yes_no.",
    "QuestionTable.from": 'The first day: "today", "tomorrow", "3 days", a date.',
    "QuestionTable.to": 'The last day: "60 days", a date.',
    "QuestionTable.min": "The least number; of a text: the fewest characters.",
    "QuestionTable.max": "The greatest number; of a text: the most characters.",
    "QuestionTable.if": "Asked only after these answers to questions before.",
    "QuestionTable.unless": "Not asked after these answers.",
    "DoneTable.say": "Left out: the program's own thanks.",
    "DoneTable.tell": '"staff": shown on the staff\'s list, without content.',
    "DoneTable.later": "A reminder afterwards, or before a day that was answered.",
    "DoneTable.tag": "A name that is counted by day.",
    "ReminderTable.before": 'Before a day that a question asked for: "{day}".',
    "ReminderTable.hours": "So many hours before that day begins.",
    "ReminderTable.after": 'Or so long after the form, as "2 h".',
    "ReminderTable.say": "The text; left out: the template's own.",
    "ReminderTable.template": "The template that goes when the window is closed.",
    "ReminderTable.with": "What its parameters become.",
    "ReminderTable.purpose": '"transactional", "reply" or "marketing".',
    "OutsideTable.template": "The name of an approved template: messages/<name>.<language>.json.",
    "OutsideTable.with": "What its parameters become.",
}
"""What an editor shows at a key, by the table that has it."""


def schema() -> dict[str, Any]:
    """Return the schema of every .toml of a business but privacy.toml, commands.toml and the locale files."""
    models: Mapping[str, type[BaseModel]] = {
        "head": BusinessTable,
        "rule": RuleTable,
        "form": FormTable,
        "fallback": Body,
    }
    mode: JsonSchemaMode = "validation"
    inputs = [(name, mode, model.__pydantic_core_schema__) for name, model in models.items()]
    made, defined = _Written(ref_template="#/definitions/{model}").generate_definitions(inputs)
    found: dict[str, Any] = {name: one for (name, _), one in made.items()}
    definitions: dict[str, Any] = {str(name): one for name, one in defined.items()}
    head = definitions["BusinessTable"]
    groups: dict[str, Any] = {group: {"type": "object"} for group in BY_ID if group not in head["properties"]}
    groups |= {group: {"type": "object", "additionalProperties": found[group]} for group in ("rule", "form")}
    properties = {**head["properties"], **groups, "fallback": found["fallback"]}
    # Any file of the folder may hold any of it, so nothing is required in each.
    return {
        "$schema": DRAFT,
        "title": TITLE,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "definitions": {name: one for name, one in definitions.items() if name != "BusinessTable"},
    }


class _Written(GenerateJsonSchema):
    """What may be written: where a reader takes more than it returns, the schema is open."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """Tell what a function takes that reads first: one thing for a list, a string for a table; else anything."""
        reader, inner = schema["function"]["function"], schema["schema"]
        if reader in TAKEN:
            return dict(TAKEN[reader])
        if reader is one_or_more:
            many = self.generate_inner(inner)
            return {"anyOf": [many["items"], many]}
        if inner["type"] not in {"model", "model-fields", "definition-ref"}:
            return dict(ANYTHING)
        table = self.generate_inner(inner)
        return {"anyOf": [STRING, table]} if inner.get("cls") is MediaTable else table

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave null out: TOML has none, what is not said is not written."""
        return self.generate_inner(schema["schema"])

    def is_instance_schema(self, _schema: core_schema.IsInstanceSchema) -> JsonSchemaValue:
        """Leave values of Python's open."""
        return dict(ANYTHING)

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Add the hover texts, and the languages that stand beside a title."""
        written = super().model_schema(schema)
        model = schema["cls"]
        for key, one in written.get("properties", {}).items():
            one.pop("title", None)
            if text := hover(model, key):
                one["description"] = text
        if "title" in written.get("properties", {}):
            written["patternProperties"] = {"^[a-z]{2,3}$": {"type": "string"}}
        return written

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Leave defaults out: they are values of the program, not what one would write."""
        return self.generate_inner(schema["schema"])


def hover(model: type[Any], key: str) -> str:
    """Return the hover text of a key of a table, or of the table that it took it from."""
    return next((HOVERS[name] for each in model.__mro__ if (name := f"{each.__name__}.{key}") in HOVERS), "")
