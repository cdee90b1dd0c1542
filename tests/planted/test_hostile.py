"""Every look at a stranger's workbook is needed: without it, the file that it refuses is let in.

The look is taken out in this process, and the same checks are made as the reading child makes them.
"""

import re
import zipfile
from pathlib import Path

import pytest

from bihuan.documents import cells, limits, packages
from bihuan.documents.errors import Unsafe
from tests.documents.packages import bomb, deflated, overlapping, parts, raw_package, sheet, write, zeros
from tests.documents.test_hostile import STRUCTURES
from tests.planted.plant import Fault, assert_turns_red

NEVER, NEVER_BYTES = re.compile(r"(?!)"), re.compile(rb"(?!)")
FAR = 10**9


def passes(*_arguments, **_named):
    return None


def look(path):
    packages.check_package(path)
    cells.check_cells(path)


TWINS = [
    ("entity", [(packages, "DECLARED", NEVER_BYTES)]),
    ("billion laughs", [(packages, "DECLARED", NEVER_BYTES)]),
    ("document type in the types", [(packages, "DECLARED", NEVER_BYTES)]),
    ("template elsewhere", [(packages, "HYPERLINK", re.compile(""))]),
    ("picture elsewhere", [(packages, "HYPERLINK", re.compile(""))]),
    ("another workbook", [(packages, "OUTSIDE", NEVER)]),
    ("a database", [(packages, "OUTSIDE", NEVER)]),
    ("macros", [(packages, "ACTIVE", NEVER)]),
    ("embedded object", [(packages, "ACTIVE", NEVER)]),
    ("way out", [(packages, "check_name", passes), (packages, "check_kind", passes)]),
    ("a document", [(packages, "check_kind", passes)]),
    ("no types", [(packages, "check_links", passes)]),
    ("macros by type only", [(packages, "check_links", passes)]),
    ("too many parts", [(limits, "PARTS", FAR)]),
    ("far cell", [(limits, "ROWS", FAR), (limits, "COLUMNS", FAR), (limits, "CELLS", FAR**2)]),
    ("far column", [(limits, "COLUMNS", FAR)]),
    ("many columns without places", [(limits, "COLUMNS", FAR)]),
    ("large area, few cells", [(limits, "CELLS", FAR)]),
    ("merged ranges", [(limits, "MERGED", FAR)]),
    ("swells", [(limits, "RATIO", FAR)]),
]


@pytest.mark.parametrize(("name", "taken_out"), TWINS, ids=[name for name, _out in TWINS])
def test_without_its_look_the_workbook_is_let_in(tmp_path, monkeypatch, name, taken_out):
    path = write(tmp_path / "x.xlsx", STRUCTURES[name][0])
    with pytest.raises(Unsafe):
        look(path)
    for place, attribute, instead in taken_out:
        monkeypatch.setattr(place, attribute, instead)
    look(path)


def test_without_its_look_at_names_a_link_is_let_in(tmp_path, monkeypatch):
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts().items():
            package.writestr(name, content)
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "<a/>")
    with pytest.raises(Unsafe):
        look(path)
    monkeypatch.setattr(packages.stat, "S_ISLNK", passes)
    look(path)


def test_without_its_limits_a_bomb_is_unpacked(tmp_path, monkeypatch):
    path = bomb(tmp_path / "x.xlsx", 20)
    with pytest.raises(Unsafe):
        packages.check_package(path)
    monkeypatch.setattr(limits, "RATIO", FAR)
    packages.check_package(path)


def test_without_counting_a_lying_size_is_believed(tmp_path, monkeypatch):
    path = raw_package(tmp_path / "x.xlsx", {"xl/a.xml": (deflated(zeros(3993)), 10, 0)})
    with pytest.raises(Unsafe):
        packages.check_package(path)
    monkeypatch.setattr(packages, "check_part", passes)
    packages.check_package(path)


def test_without_looking_at_spans_parts_may_overlap(tmp_path, monkeypatch):
    path = overlapping(tmp_path / "x.xlsx")
    with pytest.raises(Unsafe):
        packages.check_package(path)
    monkeypatch.setattr(packages, "check_spans", passes)
    monkeypatch.setattr(packages, "span", lambda handle, part: (part.header_offset, 0, 0))
    monkeypatch.setattr(packages, "check_part", passes)
    packages.check_package(path)


def test_without_its_limit_rows_are_endless(tmp_path, monkeypatch):
    path = write(tmp_path / "x.xlsx", parts(sheet('<row s="1"/>' * (limits.ROWS + 1))), zipfile.ZIP_STORED)
    with pytest.raises(Unsafe):
        look(path)
    monkeypatch.setattr(limits, "ROWS", FAR)
    look(path)


HOSTILE = "tests/documents/test_hostile.py"
PICTURES = "tests/documents/test_pictures.py"
FAULTS = [
    Fault("a locked part is let in", "documents/packages.py", "if part.flag_bits & 0x41:", "if False:",
          f"{HOSTILE}::test_a_locked_part_is_refused"),
    Fault("a file is believed to be what its name says", "documents/reading.py",
          'if (kind == "xlsx") != (really == "xlsx") or really not in ("xlsx", "text"):', "if False:",
          f"{HOSTILE}::test_what_is_not_what_its_name_says_is_refused"),
    Fault("what a program wrote beside a picture stays", "documents/pictures.py",
          "return marker in JPEG_KEPT and data.startswith(JPEG_KEPT[marker])", "return True",
          f"{PICTURES}::test_what_stands_beside_a_picture_goes_and_the_picture_stays_byte_by_byte"),
    Fault("a flood of pixels is taken", "documents/pictures.py",
          "if abs(width) * abs(height) > limits.PIXELS:", "if False:",
          f"{PICTURES}::test_floods_places_and_what_is_no_picture_are_refused"),
    Fault("a picture may be handed in", "documents/reading.py", "    if not kind:", "    if False:",
          f"{HOSTILE}::test_what_is_not_what_its_name_says_is_refused"),
    Fault("a file of any size is read", "documents/reading.py",
          "if path.stat().st_size > limits.FILE_BYTES:", "if False:",
          f"{HOSTILE}::test_a_file_over_the_limit_is_refused_unread"),
    Fault("the child takes all the memory there is", "documents/child.py",
          "(resource.RLIMIT_AS, limits.CHILD_MEMORY),", "", f"{HOSTILE}::test_the_child_has_little_memory"),
    Fault("what a broken child said is taken in part", "documents/reading.py",
          "        check_answer(answer, name)\n", "",
          f"{HOSTILE}::test_a_child_that_does_not_come_to_its_end_gives_nothing"),
    Fault("a name keeps its folders and marks", "files/operations.py",
          'unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co")', "mark",
          "tests/web/test_imports.py::test_what_a_file_is_called_is_the_last_part_of_its_name_without_marks"),
]  # fmt: skip


@pytest.mark.planted
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_fault_is_noticed(fault: Fault, tmp_path: Path) -> None:
    assert_turns_red(fault, tmp_path)
