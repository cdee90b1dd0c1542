"""Small words and choices every page rests on: joined sentences, months, columns, units, the place of a page."""

from datetime import date

import pytest
from django.utils import translation

from bihuan.records.schema import Field, Form, Kind, Section
from bihuan.web.approvals.facts import line_of
from bihuan.web.filling import filled_columns
from bihuan.web.formats import joined_text, month_text
from bihuan.web.navigation import Place, present

DESK = Place("desk", "Desk", "i", below=("/sign/",))
MATTERS = Place("matters", "Collaborations", "i", below=("/records/",))
LIBRARY = Place("library", "Case library", "i")
FOUND = [(DESK, "/"), (MATTERS, "/matters/"), (LIBRARY, "/matters/library/"), (Place("none", "Not here", "i"), "")]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", DESK),
        ("/sign/7/", DESK),
        ("/matters/", MATTERS),
        ("/matters/7/plan", MATTERS),
        ("/records/7", MATTERS),
        ("/matters/library/3", LIBRARY),
        ("/settings", None),
        ("/matter", None),
    ],
)
def test_a_page_belongs_to_the_place_with_the_longest_beginning_of_its_address(path, place):
    assert present(path, FOUND) is place


def test_a_page_belongs_nowhere_when_no_place_has_an_address():
    assert present("/matters/", [(MATTERS, "")]) is None
    assert present("/matters/", []) is None


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("缺少基线。", "请写明。"), "缺少基线。请写明。"),
        (("他说“可以”", "请签。"), "他说“可以”请签。"),
        (("Nothing is missing.", "Go on."), "Nothing is missing. Go on."),
        (("One", "", "two"), "One two"),
        (("", "Alone."), "Alone."),
        ((), ""),
    ],
)
def test_sentences_stand_after_each_other_as_their_script_wants(parts, text):
    assert joined_text(*parts) == text


def test_a_month_is_named_in_the_language_of_the_reader():
    with translation.override("en"):
        assert month_text(date(2026, 2, 28)) == "Feb 2026"
    with translation.override("zh-hans"):
        assert month_text(date(2026, 2, 28)) == "2026年2月"


RESULTS = Field(
    "results", Kind.ROWS, "Results",
    columns=(
        Field("name", Kind.TEXT, "Result", required=True),
        Field("qty", Kind.NUMBER, "Quantity"),
        Field("unit", Kind.TEXT, "Counted in"),
        Field("until", Kind.DATE, "Due"),
    ),
)  # fmt: skip
FORM = Form("FX", "x", "A form", "To try it", (Section("s", "Section", (RESULTS,)),))


def test_a_table_leaves_out_the_columns_no_row_has_filled():
    lines = [{"name": "A", "qty": None, "until": ""}, {"name": "B", "qty": 0, "unit": []}]
    shown = filled_columns(RESULTS.columns, lines)
    assert [column.key for column in shown] == ["name", "qty"]


def test_a_column_that_must_be_filled_is_shown_in_an_empty_table_too():
    assert [column.key for column in filled_columns(RESULTS.columns, [])] == ["name"]


@pytest.mark.parametrize(
    ("row", "details"),
    [
        ({"qty": 2, "unit": "套", "until": "2026-12-01"}, ("Quantity: 2 套", "Due: 1 Dec")),
        ({"qty": 2, "unit": ""}, ("Quantity: 2",)),
        ({"qty": None, "unit": "套"}, ("Counted in: 套",)),
        ({}, ()),
    ],
)
def test_a_line_to_sign_says_how_many_of_what_in_one_breath(row, details, monkeypatch):
    monkeypatch.setattr("bihuan.web.formats.today", lambda: date(2026, 11, 21))
    with translation.override("en"):
        line = line_of(FORM, {"results": [{"id": "ab12", "name": "Report", **row}]}, "results/ab12")
    assert (line.title, line.details) == ("Report", details)


def test_a_part_that_is_not_in_the_body_is_named_by_its_key():
    assert line_of(FORM, {"results": []}, "results/ab12").title == "results/ab12"
