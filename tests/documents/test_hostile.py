"""Files of people with bad intentions are refused by structure, with a sentence, never read in part (AT51 to AT55)."""

import os
import subprocess
import sys
import zipfile

import pytest

from bihuan.documents import limits
from bihuan.documents.errors import Unsafe
from bihuan.documents.reading import read_rows
from bihuan.kernel.findings import Finding
from bihuan.kernel.sentences import explain
from tests.documents.packages import (
    bomb,
    deflated,
    overlapping,
    parts,
    raw_package,
    relation,
    sheet,
    write,
    zeros,
)

ENTITY = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
PAIRS = zip("abcdefgh", "bcdefghi", strict=True)
LAUGHS = "<!DOCTYPE w [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY {b} '&{a};&{a};'>" for a, b in PAIRS) + "]>"
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>'
CONTENT = "[Content_Types].xml"
VALUE = "<row r='1'><c r='A1'><v>1</v></c></row>"


def refused(path, name="x.xlsx"):
    with pytest.raises(Unsafe) as caught:
        list(read_rows(path, name))
    told = explain(Finding(caught.value.code, params=caught.value.params))
    assert name in told.what
    assert told.mend
    return caught.value.code.removeprefix("documents.")


def test_a_good_workbook_is_read(tmp_path):
    rows = list(read_rows(write(tmp_path / "x.xlsx", parts()), "x.xlsx"))
    assert [(row.sheet, row.number, row.cells) for row in rows] == [
        ("事项", 1, ["编号", "标题"]), ("事项", 2, ["1", "事项"]),
    ]  # fmt: skip


def outside(kind, target):
    return relation(kind, target, "External")


PROGRAM_TYPE = b'<Override PartName="/xl/a.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
FEW_FAR = '<row r="1"><c r="ALL1"><v>1</v></c></row><row r="249999"><c r="A249999"><v>1</v></c></row>'
MERGED = '<mergeCell ref="A1:B1"/>' * (limits.MERGED + 1)
RELS = "xl/worksheets/_rels/sheet1.xml.rels"
STRUCTURES = {
    "entity": (parts(sheet(ROW, head=ENTITY)), "declares_types"),
    "billion laughs": (parts(sheet(ROW.replace("&x;", "&i;"), head=LAUGHS)), "declares_types"),
    "document type in the types": (
        parts() | {CONTENT: parts()[CONTENT].replace(b"?>", b"?><!DOCTYPE Types>")}, "declares_types"),
    "utf-16 hides a document type": (parts(sheet(ROW, head=ENTITY).decode().encode("utf-16")), "encoding_odd"),
    "utf-7 hides a document type": (parts(b'<?xml version="1.0" encoding="UTF-7"?><a/>'), "encoding_odd"),
    "a sheet called picture": (
        parts() | {"xl/_rels/workbook.xml.rels": relation("worksheet", "media/a.png"),
                   "xl/media/a.png": sheet(ROW, head=ENTITY)}, "package_broken"),
    "template elsewhere": (parts() | {RELS: outside("attachedTemplate", "http://a.example/t")}, "points_outside"),
    "picture elsewhere": (parts() | {RELS: outside("image", "file:///etc/passwd")}, "points_outside"),
    "another workbook": (parts() | {"xl/externalLinks/externalLink1.xml": b"<a/>"}, "points_outside"),
    "a database": (parts() | {"xl/connections.xml": b"<a/>"}, "points_outside"),
    "macros": (parts() | {"xl/vbaProject.bin": b"\0"}, "macros"),
    "macros by type only": (
        parts() | {CONTENT: parts()[CONTENT].replace(b"</Types>", PROGRAM_TYPE)}, "macros"),
    "embedded object": (parts() | {"xl/embeddings/oleObject1.bin": b"\0"}, "macros"),
    "way out": (parts() | {"../../etc/cron.d/x": b"<a/>"}, "part_name_bad"),
    "backslash way out": (parts() | {"..\\x": b"x"}, "part_name_bad"),
    "absolute": (parts() | {"/etc/passwd": b"x"}, "part_name_bad"),
    "same name twice": (parts() | {"XL/WORKBOOK.XML": b"<a/>"}, "part_name_bad"),
    "a document": ({**parts(), "word/document.xml": b"<a/>"}, "kind_differs"),
    "no workbook": ({"a.txt": b"x"}, "kind_differs"),
    "no types": (parts() | {CONTENT: b'<Types xmlns="x"/>'}, "kind_differs"),
    "too many parts": (parts() | {f"xl/{n}.xml": b"<a/>" for n in range(limits.PARTS)}, "parts_many"),
    "far cell": (parts(sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "rows_many"),
    "far column": (parts(sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>')), "columns_many"),
    "many columns without places": (parts(sheet("<row>" + "<c/>" * (limits.COLUMNS + 1) + "</row>")), "columns_many"),
    "large area, few cells": (
        parts(sheet(FEW_FAR)), "cells_many"),
    "merged ranges": (parts(sheet(VALUE, f"<mergeCells>{MERGED}</mergeCells>")), "merged_many"),
    "far cell in an odd place": (
        parts() | {"xl/odd.xml": sheet('<row r="9"><c r="ZZZ9"><v>1</v></c></row>')}, "columns_many"),
    "broken xml": (parts(b"<worksheet><row>"), "package_broken"),
    "swells": (parts() | {"xl/a.xml": zeros(limits.RATIO_FROM * 2)}, "unpacks_too_large"),
}  # fmt: skip


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_workbook_that_is_more_than_data_is_refused(tmp_path, name):
    found, code = STRUCTURES[name]
    assert refused(write(tmp_path / "x.xlsx", found)) == code


def test_rows_without_end_are_refused_though_they_are_empty(tmp_path):
    found = parts(sheet('<row s="1"/>' * (limits.ROWS + 1)))
    assert refused(write(tmp_path / "x.xlsx", found, zipfile.ZIP_STORED)) == "rows_many"


def test_links_to_click_on_are_no_harm(tmp_path):
    found = parts() | {RELS: outside("hyperlink", "mailto:someone@example.org")}
    assert len(list(read_rows(write(tmp_path / "x.xlsx", found), "x.xlsx"))) == 2


def test_a_bomb_is_refused_from_its_directory(tmp_path):
    path = bomb(tmp_path / "x.xlsx")
    assert path.stat().st_size < limits.MEBIBYTE
    assert refused(path) == "unpacks_too_large"


@pytest.mark.parametrize(("size", "checksum"), [(10, 0), (4000, 1)])
def test_a_lying_size_or_checksum_is_refused(tmp_path, size, checksum):
    content = zeros(3993)
    path = raw_package(tmp_path / "x.xlsx", {"xl/a.xml": (deflated(content), size, checksum)})
    assert refused(path) == "size_lies"


def test_a_bomb_behind_a_small_size_is_refused_while_it_is_counted(tmp_path):
    path = raw_package(tmp_path / "x.xlsx", {"xl/a.xml": (deflated(zeros(20 * limits.MEBIBYTE)), 100, 0)})
    assert refused(path) == "size_lies"


def test_parts_on_top_of_each_other_are_refused(tmp_path):
    assert refused(overlapping(tmp_path / "x.xlsx")) in {"parts_overlap", "package_broken"}


def test_a_link_inside_the_package_is_refused(tmp_path):
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts().items():
            package.writestr(name, content)
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "/etc/passwd")
    assert refused(path) == "part_name_bad"


def test_a_locked_part_is_refused(tmp_path):
    path = write(tmp_path / "x.xlsx", parts())
    content = bytearray(path.read_bytes())
    content[content.find(b"PK\1\2") + 8] |= 1
    path.write_bytes(bytes(content))
    assert refused(path) == "locked"


@pytest.mark.parametrize("tail", [b"", b"PK\5\6" + b"\0" * 18, b"\0" * 40])
def test_a_cut_or_lengthened_package_is_refused(tmp_path, tail):
    path = write(tmp_path / "x.xlsx", parts())
    content = path.read_bytes()
    path.write_bytes((content[:-30] if not tail else content) + tail)
    assert refused(path) == "package_broken"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_or_locked"),
        ("x.xlsx", b"a,b\n1,2\n", "kind_differs"),
        ("x.csv", b"PK\3\4 whatever", "kind_differs"),
        ("x.csv", b"%PDF-1.7", "kind_differs"),
        ("x.xls", b"\xd0\xcf\x11\xe0", "kind_unknown"),
        ("x.xlsm", b"PK\3\4", "kind_unknown"),
        ("x.php.jpg", b"\xff\xd8\xff", "kind_unknown"),
        ("x.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\2\0\0\0", "kind_unknown"),
        ("x.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\2\0\0\0", "kind_differs"),
        ("x.csv", b"a,b\n1\x00,2\n", "nul_inside"),
        ("x.csv", b"a,b\n\xff\xff\xff,2\n", "not_text"),
        ("x.csv", b'a,b\n"x"y,2\n', "csv_broken"),
        ("x.csv", b"a,b\n1,2,3\n", "row_wide"),
        ("x.csv", b'a,b\n"never closed,2\n', "csv_broken"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(tmp_path, name, content, code):
    path = tmp_path / "stored"
    path.write_bytes(content)
    assert refused(path, name) == code


def test_a_file_over_the_limit_is_refused_unread(tmp_path):
    path = tmp_path / "x.csv"
    with path.open("wb") as handle:
        handle.truncate(limits.FILE_BYTES + 1)
    assert refused(path, "x.csv") == "file_too_large"


def test_the_child_has_little_memory():
    program = "import sys; from bihuan.documents import child; child.confine(); x = bytearray(2 ** 31)"
    names = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], env=names, capture_output=True, check=False)
    assert b"MemoryError" in done.stderr


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "too_slow"),
        ("import os; os.abort()", "too_much_memory"),
        ("raise SystemExit(3)", "reading_failed"),
        ('print(\'{"sheet": ""}\'); print(\'{"row": 1, "cells": ["half"]}\')', "reading_failed"),
    ],
)
def test_a_child_that_does_not_come_to_its_end_gives_nothing(tmp_path, monkeypatch, program, code):
    monkeypatch.setattr("bihuan.documents.reading.PROGRAM", program)
    assert refused(write(tmp_path / "x.xlsx", parts())) == code


def test_the_child_opens_nothing_else_and_knows_nothing_of_ours(tmp_path, monkeypatch):
    """No secret of the environment reaches the process that reads strangers' files."""
    monkeypatch.setenv("BIHUAN_SECRET_KEY", "a secret")
    said = """print(json.dumps({"refused": str("BIHUAN_SECRET_KEY" in os.environ), "params": {}}))"""
    monkeypatch.setattr("bihuan.documents.reading.PROGRAM", f"import os, json; {said}")
    with pytest.raises(Unsafe) as caught:
        list(read_rows(write(tmp_path / "x.xlsx", parts()), "x.xlsx"))
    assert caught.value.code == "documents.False"


def test_cells_are_text_as_people_wrote_them(tmp_path):
    from bihuan.documents.child import text_of

    assert [text_of(value) for value in (12.0, 1.5, True, "007", 1e20)] == ["12", "1.5", "TRUE", "007", "1e+20"]
