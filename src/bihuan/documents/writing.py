"""Workbooks of text only: a cell that looks like a formula stays what somebody wrote (AT57), marked where it is bad."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import xlsxwriter

LONGEST = 32_767
NAME_LIMIT = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
PLAIN_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Marked:
    """One row: its cells, and for some of them, by position, how bad they are (`ERROR` or `WARNING`)."""

    cells: Sequence[str]
    marks: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutSheet:
    name: str
    rows: Iterable[Marked]
    widths: Sequence[int] = ()


def write_book(sheets: Iterable[OutSheet]) -> bytes:
    """The workbook, every cell as text, sheets in order under names that are theirs alone."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, PLAIN_OPTIONS) as book:
        formats = {
            "HEAD": book.add_format({"bold": True, "bottom": 1}),
            "ERROR": book.add_format({"bg_color": "#F8C9C4"}),
            "WARNING": book.add_format({"bg_color": "#FBE7B2"}),
        }
        used: set[str] = set()
        for each in sheets:
            sheet = book.add_worksheet(free_name(each.name, used))
            for column, width in enumerate(each.widths):
                sheet.set_column(column, column, width)
            for number, row in enumerate(each.rows):
                for column, text in enumerate(row.cells):
                    sheet.write_string(number, column, text[:LONGEST], formats.get(row.marks.get(column, "")))
    return target.getvalue()


def free_name(name: str, used: set[str]) -> str:
    """A name a sheet may have, and no other sheet has."""
    plain = "".join(mark for mark in name.translate(FORBIDDEN) if mark.isprintable()).strip()[:NAME_LIMIT] or "-"
    found, number = plain, 1
    while found.casefold() in used:
        number += 1
        found = f"{plain[: NAME_LIMIT - len(str(number)) - 1]} {number}"
    used.add(found.casefold())
    return found
