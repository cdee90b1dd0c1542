"""Count what a sheet of a workbook spans before anybody makes room for it.

Every part is looked at, for a sheet may lie anywhere.
"""

import re
import zipfile
from pathlib import Path
from xml.parsers import expat

from bihuan.documents import limits
from bihuan.documents.errors import Unsafe
from bihuan.documents.packages import BINARY

PLACE = re.compile(r"([A-Z]{1,4})([0-9]{1,8})")
STEP = 256 * 1024


class Span:
    """What one sheet claims: its last row and column, its cells and merged ranges."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.rows = self.last_row = self.last_column = self.cells = self.merged = 0
        self.column = 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit(":", 1)[-1]
        if name == "c":
            self.meet_cell(attributes.get("r", ""))
        elif name == "row":
            self.meet_row(attributes.get("r", ""))
        elif name == "mergeCell":
            self.merged += 1
            if self.merged > limits.MERGED:
                raise Unsafe("merged_many", where=self.where, limit=limits.MERGED)

    def meet_row(self, said: str) -> None:
        self.rows += 1
        self.column = 0
        self.reach_row(int(said) if said.isascii() and said.isdigit() and len(said) < 10 else self.last_row + 1)

    def meet_cell(self, said: str) -> None:
        self.cells += 1
        place = PLACE.fullmatch(said)
        self.column = column_number(place[1]) if place else self.column + 1
        if place:
            self.reach_row(int(place[2]))
        self.last_column = max(self.last_column, self.column)
        if self.last_column > limits.COLUMNS:
            raise Unsafe("columns_many", where=self.where, limit=limits.COLUMNS)

    def reach_row(self, row: int) -> None:
        self.last_row = max(self.last_row, row)
        if max(self.last_row, self.rows) > limits.ROWS:
            raise Unsafe("rows_many", where=self.where, limit=limits.ROWS)

    @property
    def area(self) -> int:
        return self.last_row * self.last_column


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def check_cells(path: Path) -> None:
    """Raise Unsafe when a sheet reaches further than a table does. The package was looked at before."""
    with zipfile.ZipFile(path) as package:
        spans = [span_of(package, name) for name in package.namelist() if not name.lower().endswith(BINARY)]
    sheets = [span for span in spans if span.cells or span.rows]
    if len(sheets) > limits.SHEETS:
        raise Unsafe("sheets_many", limit=limits.SHEETS)
    if sum(span.area for span in sheets) > limits.CELLS:
        raise Unsafe("cells_many", limit=limits.CELLS)


def span_of(package: zipfile.ZipFile, name: str) -> Span:
    found = Span(name.rsplit("/", 1)[-1])
    parser = expat.ParserCreate()
    parser.StartElementHandler = found.begin
    with package.open(name) as handle:
        try:
            while piece := handle.read(STEP):
                parser.Parse(piece, False)  # noqa: FBT003  the library's own flag
            parser.Parse(b"", True)  # noqa: FBT003  the library's own flag
        except (expat.ExpatError, ValueError):
            raise Unsafe("package_broken", where=name) from None
    return found
