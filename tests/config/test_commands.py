import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config.commands import Commands
from bot.config.near import Runs, expanded, places, words_of
from bot.conversation.match import Match
from bot.conversation.words import Command

COMMON = Path(__file__).parents[2] / "templates_wa" / "_common"
COMMANDS = Commands.load(COMMON)
FILE = tomllib.loads((COMMON / "commands.toml").read_text("utf-8"))
LANGUAGES = tuple(sorted(FILE.keys() - {"any", "names"}))
ALWAYS = (
    Command.DELETE, Command.STOP, Command.STOP_MARKETING, Command.START, Command.EXPORT, Command.PRIVACY,
    Command.HELP, Command.STATUS, Command.HUMAN, Command.LANGUAGE,
)  # fmt: skip

EVERYWHERE = {
    "DELETE MY DATA": Command.DELETE,
    "STOP": Command.STOP,
    "STOP MARKETING": Command.STOP_MARKETING,
    "START": Command.START,
    "MY DATA": Command.EXPORT,
    "PRIVACY": Command.PRIVACY,
    "HELP": Command.HELP,
    "STATUS": Command.STATUS,
    "HUMAN": Command.HUMAN,
    "LANGUAGE": Command.LANGUAGE,
}

TALK = tomllib.loads((Path(__file__).parent / "talk.toml").read_text("utf-8"))
ORDINARY = [text for texts in TALK["ordinary"].values() for text in texts]


def exact() -> Iterator[object]:
    for language, table in TALK["spoken"].items():
        for command, phrases in table.items():
            yield from (pytest.param(language, command, each, id=f"{language}: {each}") for each in phrases)


def nears(kind: str) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        yield from ((language, phrase) for phrase in FILE[language]["near"].get(kind, ()))


def test_the_programs_own_words_have_no_fault() -> None:
    assert COMMANDS.faults == ()
    assert COMMANDS.match("") is None


@pytest.mark.parametrize(("phrase", "command"), EVERYWHERE.items(), ids=EVERYWHERE.keys())
def test_words_of_all_languages_tell_nothing_of_the_language(phrase: str, command: Command) -> None:
    match = COMMANDS.match(phrase)
    assert match == Match(command)
    assert match.language == ""


@pytest.mark.parametrize(("language", "command", "phrase"), list(exact()))
def test_it_knows_the_phrase(language: str, command: Command, phrase: str) -> None:
    match = COMMANDS.match(phrase)
    assert match is not None
    assert match.command == command
    assert language in match.languages or match.languages == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ALWAYS)
def test_every_language_has_words_for_every_command(language: str, command: Command) -> None:
    assert FILE[language][command]


@pytest.mark.parametrize(
    "written",
    [
        "stop", "STOP!!!", "  Stop. ", "🛑 STOP 🛑", "ＳＴＯＰ", "s\u200dt\u200do\u200dp", "*STOP*",
        "“stop”", "\u202eSTOP\u202c",
        "𝗦𝗧𝗢𝗣", "stop\ufe0f", "(stop)", "s t o p", "Stop?",
    ],
)  # fmt: skip
def test_it_knows_stop_however_it_is_written(written: str) -> None:
    match = COMMANDS.match(written)
    assert match is not None
    assert match.command is Command.STOP


@pytest.mark.parametrize(
    "text",
    [
        "stop it",
        "delete my",
        "my dataset",
        "please delete my data",
        "STOP calling",
        "stopping",
        "delete my info",
        "starts",
    ],
)
def test_what_is_not_listed_does_not_act(text: str) -> None:
    assert COMMANDS.match(text) is None


def test_a_word_that_languages_share_belongs_to_all_of_them() -> None:
    assert COMMANDS.match("parar") == Match(Command.STOP, ("es", "pt"))
    assert COMMANDS.match("band karo") == Match(Command.STOP, ("hi", "gu", "pa", "ur"))
    assert COMMANDS.match("停止") == Match(Command.STOP, ("zh", "ja"))


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        pytest.param("basta", ("es", "pt", "it"), id="enough, from Lisbon to Rome"),
        pytest.param("sab band karo", ("hi", "pa"), id="stop everything"),
        pytest.param("please stop", (), id="a word of all languages"),
    ],
)
def test_a_near_phrase_that_languages_share_belongs_to_all_of_them(text: str, languages: tuple[str, ...]) -> None:
    assert COMMANDS.near(text) == languages


@pytest.mark.parametrize(
    "word",
    ["fine", "band", "no", "si", "ya", "ok", "min", "mas", "dur hai", "basta così, grazie", "ora", "cukup",
     "yeter", "bas", "tai", "venda", "beda", "vaddu", "nako", "いりません", "いいです", "بس", "নেই"],
)  # fmt: skip
def test_a_word_that_stops_in_one_language_and_is_ordinary_in_another_does_not_act(word: str) -> None:
    assert COMMANDS.match(word) is None
    assert COMMANDS.near(word) is None


def test_no_near_phrase_is_made_of_polite_words_and_an_everyday_one() -> None:
    everyday = {"", "no", "si", "yes", "ok", "ha", "na", "ne", "nein", "non", "nahi", "نعم", "لا", "नहीं", "是", "不"}
    assert everyday & COMMANDS.nears.whole.keys() == set()


@pytest.mark.parametrize(
    ("text", "match"),
    [
        pytest.param("STATUS K7QF-2M9D", Match(Command.STATUS, (), "K7QF-2M9D"), id="a code keeps its form"),
        pytest.param("status:  “k7qf-2m9d”.", Match(Command.STATUS, (), "k7qf-2m9d"), id="without its quotes"),
        pytest.param("Estado K7QF-2M9D", Match(Command.STATUS, ("es",), "K7QF-2M9D"), id="in Spanish"),
        pytest.param("状态 K7QF-2M9D", Match(Command.STATUS, ("zh",), "K7QF-2M9D"), id="in Chinese"),
        pytest.param("language ગુજરાતી", Match(Command.LANGUAGE, (), "ગુજરાતી"), id="a language"),
        pytest.param("change language to Hindi", Match(Command.LANGUAGE, ("en",), "to Hindi"), id="the first opening"),
        pytest.param("STATUS", Match(Command.STATUS), id="no argument"),
        pytest.param("status ...", Match(Command.STATUS), id="punctuation is no argument"),
        pytest.param("status 🙂 !", Match(Command.STATUS), id="nor are emoji"),
        pytest.param("what status 123", None, id="the command comes first"),
        pytest.param("stop 123", None, id="STOP takes no argument"),
    ],
)
def test_what_stands_behind_a_command_is_its_argument(text: str, match: Match | None) -> None:
    assert COMMANDS.match(text) == match


@pytest.mark.parametrize(
    ("name", "language"),
    [("gu", "gu"), ("Gujarati", "gu"), ("ગુજરાતી", "gu"), ("Hindi!", "hi"), ("हिंदी", "hi"), ("español", "es"),
     ("по-русски", "ru"), ("中文", "zh"), ("عربي", "ar"), ("Klingon", None), ("", None)],
)  # fmt: skip
def test_it_knows_languages_by_many_names(name: str, language: str | None) -> None:
    assert COMMANDS.language_named(name) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_known_by_its_own_name(language: str) -> None:
    own = tomllib.loads((COMMON / "locales" / f"{language}.toml").read_text("utf-8"))["meta"]["name"]
    assert COMMANDS.language_named(own) == COMMANDS.language_named(language) == language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param(language, text, id=f"{language}: {text}")
        for language, texts in TALK["near"].items()
        for text in texts
    ],
)
def test_a_wish_in_other_words_is_near(language: str, text: str) -> None:
    assert COMMANDS.match(text) is None
    near = COMMANDS.near(text)
    assert near is not None
    assert language in near or near == ()


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_talk_is_neither_a_command_nor_near(text: str) -> None:
    match = COMMANDS.match(text)
    acts = match is not None and not (match.argument or match.command in {Command.CORRECT, Command.OBJECT})
    assert (acts, COMMANDS.near(text)) == (False, None)


def test_a_near_phrase_in_a_long_story_is_part_of_the_story() -> None:
    assert COMMANDS.near("and then I told him to leave me alone") == ("en",)
    assert COMMANDS.near("once upon a time " * 20 + "leave me alone") is None


@pytest.mark.parametrize("kind", ["whole", "inside", "excused"])
def test_near_phrases_are_well_written(kind: str) -> None:
    """Every phrase that a pattern stands for is found by it: no word is glued to a bracket."""
    chance = random.Random(7)
    for language, phrase in nears(kind):
        written = expanded(phrase)
        runs = Runs.of([(language, phrase)])
        for each in chance.sample(written, min(20, len(written))):
            assert runs.languages_in(words_of(each)) == (language,), each


def test_a_phrase_of_which_every_part_may_be_left_out_needs_one_of_them() -> None:
    runs = Runs.of([("en", "(please|) (now|)")])
    assert runs.languages_in(("now",)) == ("en",)
    assert runs.languages_in(("later",)) == ()


def test_polite_words_are_single() -> None:
    assert [each for _, each in nears("polite") if len(words_of(each)) != 1] == []


def test_no_phrase_is_a_command_and_near() -> None:
    assert {COMMANDS.near(each) for each, match in COMMANDS.exact.items() if match.command is Command.START} == {None}
    for _, phrase in nears("whole"):
        assert COMMANDS.match(phrase) is None, phrase


@pytest.mark.parametrize(
    ("phrase", "all_of_it"),
    [
        pytest.param("a b", ("a b",), id="plain"),
        pytest.param("a (b|c) d", ("a b d", "a c d"), id="either"),
        pytest.param("a( b|)", ("a b", "a"), id="or nothing"),
        pytest.param("(a (b|c)|d) e", ("a b e", "a c e", "d e"), id="a group in a group"),
    ],
)
def test_brackets_stand_for_phrases(phrase: str, all_of_it: tuple[str, ...]) -> None:
    assert expanded(phrase) == all_of_it


@pytest.mark.parametrize("phrase", ["(a", "a)", "a|b", ")a(", "((a)"])
def test_brackets_that_do_not_match_are_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=re.escape(phrase)):
        places(phrase)


def business(folder: Path, text: str) -> Commands:
    (folder / "commands.toml").write_text(text, "utf-8")
    return Commands.load(COMMON, folder)


def test_a_business_adds_words_and_replaces_none(tmp_path: Path) -> None:
    own = business(tmp_path, '[en]\nstop = ["no more (buns|cakes)"]\n[gu.near]\nwhole = ["બસ ભાઈ બસ"]')
    assert own.match("No more buns!") == Match(Command.STOP, ("en",))
    assert own.match("STOP") == Match(Command.STOP)
    assert own.near("બસ બસ") == ("gu",)
    assert COMMANDS.match("no more buns") is None
    assert own.faults == ()


def test_a_business_without_words_of_its_own_shares_ours(tmp_path: Path) -> None:
    assert Commands.load(COMMON, tmp_path) is Commands.load(COMMON)


@pytest.mark.parametrize(
    ("text", "key", "wrong"),
    [
        pytest.param('[en]\nstart = ["stop"]', "en.start", "means stop already", id="another meaning"),
        pytest.param('[any]\nhelp = ["stop", "halp"]', "any.help", "means stop already", id="for all languages"),
        pytest.param('[en]\nstopp = ["x"]', "en.stopp", "is no command", id="a misspelt command"),
        pytest.param('[en.near]\nhole = ["x"]', "en.near.hole", "is no command", id="a misspelt list"),
        pytest.param('[en]\nstop = "x"', "en.stop", "is no list", id="a text in place of a list"),
        pytest.param("[en]\nstop = [1]", "en.stop", "is no list", id="numbers"),
        pytest.param('[en]\nstop = ["!!"]', "en.stop", "is no list", id="no letters"),
        pytest.param('[en]\nstop = ["(a"]', "en.stop", "is no list", id="an open bracket"),
        pytest.param("stop = 1", "stop", "is no command", id="no language"),
        pytest.param("[en", "end of document", "is no TOML", id="no TOML"),
    ],
)
def test_it_tells_what_is_wrong_with_a_businesss_words(tmp_path: Path, text: str, key: str, wrong: str) -> None:
    [fault] = business(tmp_path, text).faults
    assert (fault.file, fault.key) == ("commands.toml", key)
    assert wrong in fault.wrong
    assert fault.right


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    assert [fault.file for fault in Commands.load(tmp_path).faults] == ["commands.toml"]
