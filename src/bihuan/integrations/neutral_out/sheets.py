"""Tables to files. What looks like a formula stays text (AT57): typed as text in a workbook, guarded in CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import xlsxwriter

from bihuan.documents.formulas import guarded

XLSX_TEXT, XLSX_ROWS = 32_767, 1_048_576
SHEET_NAME = 31
AS_TEXT = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
Row = Sequence[str]
Sheet = tuple[str, Iterable[Row]]


class TooLongForSheet(ValueError):
    """A text or table is longer than a workbook takes; nothing is cut off silently."""


def csv_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with a mark at the front, so that spreadsheets of every language read it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def write_xlsx(path: Path | str | io.BytesIO, sheets: Iterable[Sheet]) -> None:
    """A workbook of text cells, written row by row; the first row of each sheet stays in view.

    Raises ``TooLongForSheet``.
    """
    with xlsxwriter.Workbook(path, AS_TEXT) as book:
        bold = book.add_format({"bold": True})
        for name, rows in sheets:
            sheet = book.add_worksheet(name[:SHEET_NAME])
            sheet.freeze_panes(1, 0)
            for index, row in enumerate(rows):
                if index >= XLSX_ROWS:
                    raise TooLongForSheet(name)
                for column, text in enumerate(row):
                    _write(sheet, index, column, text, bold if index == 0 else None)


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, text: str, style: object) -> None:
    if len(text) > XLSX_TEXT:
        raise TooLongForSheet(sheet.get_name())
    if text:
        sheet.write_string(row, column, text, style)
