"""CSV as people save it: UTF-8 with or without a mark in front, GB18030, comma, semicolon, tab or bar."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bihuan.documents import limits
from bihuan.documents.errors import Unsafe

BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t|，；"


def read_csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of every row that is not blank. Raise Unsafe rather than guess."""
    text = decoded(path.read_bytes())
    csv.field_size_limit(limits.CELL_CHARACTERS)
    delimiter = delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    width = cells = 0
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            if not any(cell.strip() for cell in row):
                continue
            width = width or len(row)
            cells += len(row)
            check_row(number, row, width, cells)
            yield number, row
    except csv.Error as error:
        if "field larger" in str(error):
            raise Unsafe("cell_long", where=str(number + 1), limit=limits.CELL_CHARACTERS) from None
        raise Unsafe("csv_broken", where=number + 1) from None


def check_row(number: int, row: list[str], width: int, cells: int) -> None:
    if number > limits.ROWS:
        raise Unsafe("rows_many", where="CSV", limit=limits.ROWS)
    if len(row) > limits.COLUMNS:
        raise Unsafe("columns_many", where="CSV", limit=limits.COLUMNS)
    if cells > limits.CELLS:
        raise Unsafe("cells_many", limit=limits.CELLS)
    if len(row) > width and any(cell.strip() for cell in row[width:]):
        raise Unsafe("row_wide", where=number)


def decoded(content: bytes) -> str:
    """The text; GB18030 only when it is no UTF-8, because nearly every byte is some GB18030."""
    if content.startswith(UTF_16):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Unsafe("not_text", where=error.start) from None
    if b"\0" in content:
        raise Unsafe("nul_inside")
    try:
        return content.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        if content.startswith(BOM):
            raise Unsafe("not_text", where=error.start) from None
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise Unsafe("not_text", where=error.start) from None


def delimiter_of(text: str) -> str:
    """The mark that stands most often in the first line outside quotation marks; a comma when there is none."""
    counts: Counter[str] = Counter()
    quoted = False
    for mark in text[: limits.CELL_CHARACTERS]:
        if mark == '"':
            quoted = not quoted
        elif not quoted and mark in "\r\n":
            if counts:
                break
        elif not quoted and mark in DELIMITERS:
            counts[mark] += 1
    return counts.most_common(1)[0][0] if counts else ","
