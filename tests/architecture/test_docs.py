"""What the documents name is there: links, commands, make targets, options, files, guards."""

import argparse
import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bihuan.cli.main import parser
from bihuan.collaborations import guards
from bihuan.config.options import PREFIX, SECRETS, Options

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^ {4,}(\S.*)$", re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
OURS = re.compile(r"(?:src|tests|scripts|docs|bench|frontend)/[\w./-]+")
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
VARIABLE = re.compile(r"\bBIHUAN_[A-Z][A-Z_]*[A-Z]\b")
TEST_VARIABLES = {"BIHUAN_TEST_DATABASE", "BIHUAN_TEST_DATABASE_URL"}
SECOND_WORDS = re.compile(r"[a-z][a-z-]*")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


# links --------------------------------------------------------------------------------------------------------------


def anchor(heading: str) -> str:
    """The name under which a heading can be linked to."""
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower()).replace(" ", "-")


def anchors(text: str) -> set[str]:
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)}


def broken_links(page: Path, text: str) -> Iterator[str]:
    for link in LINK.findall(SPAN.sub("", FENCE.sub("", text))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (fragment and fragment not in anchors(text_of(target))):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    assert list(broken_links(page, text_of(page))) == []


def test_every_page_is_reached_from_the_front_page():
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        links = {(page.parent / link.partition("#")[0]).resolve() for link in LINK.findall(text_of(page))}
        waiting += [link for link in links if link in set(PAGES) - seen]
    assert [name_of(page) for page in PAGES if page not in seen] == []


# commands -----------------------------------------------------------------------------------------------------------


def code_of(text: str) -> Iterator[str]:
    """Lines of code blocks, and code within a sentence."""
    for _margin, language, block in FENCE.findall(text):
        if language in {"", "sh", "console"}:
            yield from (line.strip() for line in block.splitlines())
    rest = FENCE.sub("", text)
    yield from INDENTED.findall(rest)
    yield from SPAN.findall(rest)


def sub_parsers(of: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = [action for action in of._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(found[0].choices) if found else {}


def misread(line: str) -> str:
    """What the command line of `line` does not know; empty when all of it is known."""
    known, words = parser(), shlex.split(re.sub(r"[\[\]…|,]", " ", line), comments=True)[1:]
    while words and sub_parsers(known) and SECOND_WORDS.fullmatch(words[0]):
        if words[0] not in sub_parsers(known):
            return words[0]
        known = sub_parsers(known)[words.pop(0)]
    options = {option for action in known._actions for option in action.option_strings}
    return " ".join(word for word in words if word.startswith("--") and word.partition("=")[0] not in options)


def test_every_command_named_is_one_the_product_knows():
    lines = [(name_of(page), line) for page in PAGES for line in code_of(text_of(page)) if line.startswith("bihuan ")]
    assert len(lines) > 20
    assert [(page, line, misread(line)) for page, line in lines if misread(line)] == []


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


def test_every_make_target_named_exists():
    named = {
        (name_of(page), each) for page in PAGES for line in code_of(text_of(page)) for each in TARGET.findall(line)
    }
    assert {each for _page, each in named} >= {"run", "test"}
    assert [(page, each) for page, each in sorted(named) if each not in targets()] == []


# names --------------------------------------------------------------------------------------------------------------


def variables() -> set[str]:
    names = {f"{PREFIX}{name.upper()}" for name in Options.model_fields}
    return names | {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS} | TEST_VARIABLES


def test_every_variable_named_is_an_option():
    named = {(name_of(page), each) for page in PAGES for each in VARIABLE.findall(text_of(page))}
    assert [(page, each) for page, each in sorted(named) if each not in variables()] == []


def missing_files(text: str) -> list[str]:
    """Files of the repository named in code that are not there; a name with a gap (`<room>`, `…`) is a pattern."""
    spans = [span for span in SPAN.findall(FENCE.sub("", text)) if not re.search(r"[<…*{]", span)]
    named = [path.rstrip(".") for span in spans for path in OURS.findall(span) if span.startswith(path[:4])]
    return [path for path in named if not (ROOT / path).exists() and not path.startswith("src/bihuan/static/dist")]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_named_is_there(page):
    assert missing_files(text_of(page)) == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "developer").glob("add-*.md")), ids=name_of)
def test_python_in_the_guides_can_be_read(page):
    for _margin, language, block in FENCE.findall(text_of(page)):
        if language == "python":
            ast.parse(block)


def test_every_guard_has_its_line_in_the_architecture():
    lines = re.findall(r"^\| (G\d\d) \|", text_of(ROOT / "docs" / "architecture.md"), re.MULTILINE)
    assert set(lines) >= guards.known()
    assert lines == sorted(set(lines))


def test_every_decision_is_in_the_index():
    index = text_of(ROOT / "docs" / "decisions" / "README.md")
    decided = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("0*.md"))
    assert re.findall(r"^\| \[\d+\]\((\S+)\)", index, re.MULTILINE) == decided


# each check sees what it is there for -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](architecture.md)", []),
        ("[a](nowhere.md)", ["nowhere.md"]),
        ("[a](architecture.md#loops)", []),
        ("[a](architecture.md#hoops)", ["architecture.md#hoops"]),
        ("[a](https://example.com/x)", []),
        ("`[a](nowhere.md)`", []),
    ],
)
def test_a_broken_link_is_found(text, expected):
    assert list(broken_links(ROOT / "docs" / "README.md", text)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("bihuan serve", ""),
        ("bihuan ledger verify [--anchor HASH] [--public-key FILE]", ""),
        ("bihuan outbox replay ID…", ""),
        ("bihuan sevre", "sevre"),
        ("bihuan ledger undo", "undo"),
        ("bihuan import FOLDER --force", "--force"),
        ("bihuan init            # once per release", ""),
    ],
)
def test_a_command_that_is_not_there_is_found(line, expected):
    assert misread(line) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`tests/cast.py`", []),
        ("`tests/past.py`", ["tests/past.py"]),
        ("`src/bihuan/<room>/models.py`", []),
        ("`python scripts/nothing.py`", []),
    ],
)
def test_a_file_that_is_not_there_is_found(text, expected):
    assert missing_files(text) == expected


def test_headings_become_anchors():
    assert anchors("# A `b` c?\n## 中文\n```\n# no\n```\n") == {"a-b-c", "中文"}
