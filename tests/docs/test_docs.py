"""The documents tell of what is there, all of it, and of nothing else."""

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.config.content import load
from bot.config.settings import Settings
from bot.conversation.words import Command
from bot.doors import playing
from bot.doors.asked import ConsentAsked, SendAsked
from bot.store.columns import Eraser
from bot.store.models import TABLES
from tests.docs.command_page import MARK, names, sections

ROOT = Path(__file__).resolve().parents[2]
BUSINESSES = ROOT / "templates_wa"
SOURCES = [*sorted((ROOT / "bot").rglob("*.py")), ROOT / "wsgi.py", ROOT / "worker.py"]

LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
LOUD = frozenset({"warning", "error", "exception", "critical"})


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def tracked(pattern: str) -> list[Path]:
    """Return the files of the project, or, outside a repository, those that lie where it has them."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        run = subprocess.run(
            [git, "ls-files", "-co", "--exclude-standard", pattern],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return [path for line in run.stdout.splitlines() if (path := ROOT / line).is_file()]
    return [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "deploy").glob("*.md")]


DOCUMENTS = tracked("*.md")
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of every line of a table."""
    for line in text.splitlines():
        if line.startswith("|") and not set(line) <= set("|- :"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def first_cells(text: str) -> list[str]:
    """Return the code in the first column of all tables."""
    return [code for row in rows(text) for code in CODE.findall(row[0])]


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, up to the next one of its rank or above."""
    rank = len(heading) - len(heading.lstrip("#"))
    _, _, rest = text.partition(f"\n{heading}\n")
    assert rest, heading
    return re.split(rf"^#{{1,{rank}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {"#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def strings(pattern: str) -> set[str]:
    """Return every string of the program that the pattern fits as a whole."""
    found: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(pattern, node.value):
                found.add(node.value)
    return found


# --- Links, paths, commands ---


@each_document
def test_links_lead_somewhere(document: Path) -> None:
    dead = []
    for target, anchor in LINK.findall(FENCE.sub("", document.read_text("utf-8"))):
        if "://" in target or target.startswith("mailto:"):
            continue
        path = (document.parent / target).resolve() if target else document
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path.read_text("utf-8"))):
            dead.append(target + anchor)

    assert dead == []


@each_document
def test_paths_of_the_program_exist(document: Path) -> None:
    own = r"(?:bot|handlers|simulator|tests|tools|deploy|templates_wa)/[\w./-]*"
    named = [code for code in CODE.findall(document.read_text("utf-8")) if re.fullmatch(rf"{own}(?:::\w+)?", code)]

    assert [code for code in named if not (ROOT / code.partition("::")[0]).exists()] == []


@each_document
def test_what_is_to_be_made_is_in_the_makefile(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE))
    text = document.read_text("utf-8")
    named = set(re.findall(r"`make ([a-z-]+)", text)) | set(re.findall(r"^ *make ([a-z-]+)", text, re.MULTILINE))

    assert named - targets == set()


@each_document
def test_commands_that_are_named_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    said = re.findall(r"`(?:[\w./]*/)?lethe ([^`\n]+)`", text) + re.findall(r"^ *lethe (.+)$", text, re.MULTILINE)
    known = names()

    assert [one for one in said if not known & {f"lethe {one.split()[0]}", f"lethe {one}"}] == []


def test_the_page_of_commands_is_what_they_say() -> None:
    """To write it anew: `.venv/bin/python tests/docs/command_page.py`."""
    assert page("docs/commands.md").partition(MARK)[2] == sections()


# --- README ---


def test_the_first_screen_of_the_readme_is_one_screen() -> None:
    assert len(page("README.md").splitlines()) <= 60


def test_the_conversation_in_the_readme_is_what_the_bot_says(tmp_path: Path) -> None:
    script = tmp_path / "readme.chat"
    script.write_text(re.findall(r"^```chat\n(.*?)^```$", page("README.md"), re.MULTILINE | re.DOTALL)[0], "utf-8")
    business = load(BUSINESSES).businesses["sunrise_bakery"]

    assert playing.play(BUSINESSES, business, script) == []


def test_the_periods_in_the_readme_are_those_of_the_policy() -> None:
    kept = {row[0].split(",")[0]: row[1] for row in rows(page("README.md")) if len(row) > 1}
    classes = {
        "texts of messages": "content",
        "who wrote (sealed)": "metadata",
        "who agreed to what": "consent",
        "requests about data": "requests",
        "keyed hashes of who must not be written to": "suppression",
    }

    assert {name: re.split("[, ]", kept[name])[0] for name in classes} == {
        name: str(retention()[each]["days"]) for name, each in classes.items()
    }


# --- Settings ---


def settings() -> dict[str, str]:
    """Return the variables of the page with their defaults, as written."""
    return {CODE.findall(row[0])[0]: row[2] for row in rows(page("docs/settings.md")) if CODE.findall(row[0])}


def test_every_setting_is_documented_and_no_other() -> None:
    known = {f"LETHE_{name.upper()}" for name in Settings.model_fields} | strings(r"LETHE_[A-Z_]*[A-Z]")

    assert {name.removesuffix("_<BUSINESS>") for name in settings()} == known


def test_the_defaults_that_are_documented_are_those_of_the_program() -> None:
    plain = {f"LETHE_{name.upper()}": field.default for name, field in Settings.model_fields.items()}
    wrong = [name for name, value in plain.items() if value not in {None, False} and settings()[name] != f"`{value}`"]

    assert wrong == []


def test_the_sample_of_the_environment_names_only_what_there_is() -> None:
    named = set(re.findall(r"^#? ?(LETHE_[A-Z_]+)=", page(".env.example"), re.MULTILINE))

    assert {f"LETHE_{name.upper()}" for name in Settings.model_fields} <= named
    assert named <= {name.removesuffix("_<BUSINESS>") for name in settings()}


# --- Metrics and log events ---


def calls() -> Iterator[tuple[str, str]]:
    """Yield every call of the program whose first argument is a constant text: what is called, and the text."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                yield ast.unparse(node.func), str(node.args[0].value)


def test_every_metric_is_documented_and_no_other() -> None:
    kinds = ("Counter", "Gauge", "Histogram", "Summary", "MetricFamily", "gauge")
    known = {text for name, text in calls() if name.endswith(kinds) and text.startswith("lethe_")}
    named = {name for name in first_cells(page("docs/metrics.md")) if name.startswith("lethe_")}

    assert {name.removesuffix("_total") for name in named} == {name.removesuffix("_total") for name in known}


def test_every_queue_is_documented_and_no_other() -> None:
    measured = set(re.findall(r'measure\("(\w+)"', page("bot/answering/backlog.py")))

    assert set(first_cells(section(page("docs/metrics.md"), "## Queues"))) == measured


def test_every_outcome_of_a_webhook_is_documented() -> None:
    """Words by which intake counts: its own, those of the door, and why nothing is made of an item."""
    intake = page("bot/answering/inbox.py") + page("bot/doors/webhook.py")
    reading = "".join(page(f"bot/wire/payload/{name}.py") for name in ("arrivals", "read", "receipts"))
    known = {
        *re.findall(r'counts\["(\w+)"', intake),
        *re.findall(r'labels\("(\w+)"', intake),
        *re.findall(r'skip(?:ped\[|\()"(\w+)"', reading),
        *re.findall(r'^ +return "(\w+)"$', reading, re.MULTILINE),
    }
    told = set(CODE.findall(section(page("docs/metrics.md"), "## Webhook outcomes")))

    assert {"event", "signature", "unreadable", "no_sender"} <= known
    assert known - told == set()


def events() -> Iterator[tuple[str, bool]]:
    """Yield every event that the program logs and whether it is loud; alerts of a turn are logged as warnings."""
    for name, text in calls():
        on, _, method = name.rpartition(".")
        if on == "LOG":
            yield text, method in LOUD
        elif on.endswith("alerts") and method == "append":
            yield text, True


def test_every_loud_event_has_its_section_and_no_other() -> None:
    headings = re.findall(r"^### `(\w+)`$", page("docs/runbook.md"), re.MULTILINE)

    assert sorted(headings) == sorted({name for name, loud in events() if loud})


def test_every_quiet_event_is_named_and_no_other() -> None:
    named = set(re.findall(r"`([a-z]+_?[a-z]+)`", section(page("docs/runbook.md"), "## For information")))

    assert named == {name for name, loud in events() if not loud}


# --- Privacy ---


def retention() -> dict[str, dict[str, object]]:
    classes: dict[str, dict[str, object]] = tomllib.loads(page("templates_wa/_common/privacy.toml"))["retention"]
    return classes


def test_every_class_of_data_is_documented_with_its_period() -> None:
    told = {
        CODE.findall(row[0])[0]: (row[2], row[3])
        for row in rows(section(page("docs/privacy.md"), "## Kept, and how long"))
        if CODE.findall(row[0])
    }
    ends = {"delete": "deleted", "anonymise": "anonymised"}
    kept = {
        name: (
            f"{one['days']} days" if "days" in one else f"{one['hours']} hours",
            ends[str(one.get("action", "delete"))],
        )
        for name, one in retention().items()
    }

    assert told == kept


ERASED = {
    Eraser.DELETE: "deleted",
    Eraser.DETACH: "the reference to her goes",
    Eraser.OUTLIVES: "",
    Eraser.NOBODY: "nothing of a person",
    Eraser.ITSELF: "goes with the last message",
}


def test_every_table_is_documented_with_its_class_and_eraser() -> None:
    told = {
        name: (row[1], row[2])
        for row in rows(section(page("docs/privacy.md"), "## Where it lies"))
        for name in CODE.findall(row[0])
    }

    assert set(told) == {str(model.__tablename__) for model in TABLES}
    for model in TABLES:
        retained, erased = told[str(model.__tablename__)]
        assert (retained, ERASED[model.keeping.eraser] in erased) == (model.keeping.retention, True), model


def test_every_privacy_word_is_documented() -> None:
    words = section(page("docs/privacy.md"), "## Words that a person can send")
    phrases = tomllib.loads(page("templates_wa/_common/commands.toml"))["any"]

    assert [each for each in Command if phrases[each][0].upper() not in words] == []


# --- The API ---


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        pytest.param("## `POST /api/sends`", SendAsked, id="sends"),
        pytest.param("## `POST /api/consents`", ConsentAsked, id="consents"),
    ],
)
def test_every_field_of_a_request_is_documented_and_no_other(heading: str, model: type[BaseModel]) -> None:
    assert set(first_cells(section(page("docs/api.md"), heading))) == set(model.model_fields)


# --- Architecture ---


def test_every_law_names_what_holds_it() -> None:
    laws = [row for row in rows(section(page("ARCHITECTURE.md"), "## Laws")) if row[0].isdigit()]

    assert [int(row[0]) for row in laws] == list(range(1, 12))
    assert [row[0] for row in laws if not any(code.startswith("tests/") for code in CODE.findall(row[2]))] == []


def test_tests_that_are_named_exist() -> None:
    named = [code for code in CODE.findall(page("ARCHITECTURE.md")) if "::" in code]

    assert named
    for code in named:
        path, _, name = code.partition("::")
        assert f"def {name}(" in page(path), code


def test_every_decision_has_three_lines() -> None:
    written = section(page("ARCHITECTURE.md"), "## Decisions").split("\n**2026-")[1:]

    assert written
    for each in written:
        lines = each.strip().splitlines()
        assert [line.split()[0] for line in lines[1:]] == ["Chose", "Because", "Instead"], lines[0]


# --- How-tos ---


def blocks(name: str, language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", page(name), re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


def functions(sources: Iterable[str]) -> dict[str, Callable[[], None]]:
    space: dict[str, Callable[[], None]] = {"__name__": "how_to"}  # type: ignore[dict-item]  # as a module has
    for source in sources:
        exec(compile(source, "docs/handlers.md", "exec"), space)
    return {name: each for name, each in space.items() if name.startswith("test_")}


def test_the_handler_of_the_how_to_passes_its_test() -> None:
    tests = functions(blocks("docs/handlers.md", "python"))

    assert tests
    for each in tests.values():
        each()


def test_the_business_of_the_how_to_has_no_fault(tmp_path: Path) -> None:
    for name in ("sunrise_bakery", "corner_books"):
        shutil.copytree(BUSINESSES / "sunrise_bakery", tmp_path / name)
    head = tmp_path / "corner_books" / "business.toml"
    (numbers,) = blocks("docs/businesses.md", "toml")
    head.write_text(
        re.sub(r"\[number\.main\].*?\n\n", f"{numbers}\n", head.read_text("utf-8"), flags=re.DOTALL), "utf-8"
    )

    assert set(load(tmp_path).businesses) == {"sunrise_bakery", "corner_books"}
