"""The program that reads a file of strangers: a process of its own with little memory and time, and nothing to lose.

It takes a path and the kind of file, and writes one JSON line for each sheet and each row to its output. Its last line
says that it came to the end, or why it did not; without that line nothing of it counts.
"""

import datetime
import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bihuan.documents import limits
from bihuan.documents.cells import check_cells
from bihuan.documents.errors import Unsafe
from bihuan.documents.packages import check_package
from bihuan.documents.texts import read_csv

Told = dict[str, Any]


def main() -> None:
    confine()
    path, kind = Path(sys.argv[-2]), sys.argv[-1]
    try:
        for line in csv_lines(path) if kind == "csv" else book_lines(path):
            tell(line)
    except Unsafe as error:
        tell({"refused": error.code, "params": error.params})
    except (MemoryError, RecursionError):
        tell({"refused": "documents.too_much_memory", "params": {"limit": limits.CHILD_MEMORY // limits.MEBIBYTE}})
    else:
        tell({"end": True})
    sys.stdout.flush()


def confine() -> None:
    """Less of everything, before the first byte is read."""
    for what, most in (
        (resource.RLIMIT_AS, limits.CHILD_MEMORY),
        (resource.RLIMIT_CPU, limits.CHILD_SECONDS),
        (resource.RLIMIT_FSIZE, limits.CHILD_OUTPUT),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def tell(line: Told) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")


def csv_lines(path: Path) -> Iterator[Told]:
    yield {"sheet": ""}
    for number, row in read_csv(path):
        yield {"row": number, "cells": row}


def book_lines(path: Path) -> Iterator[Told]:
    check_package(path)
    check_cells(path)
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum  # noqa: PLC0415  after the checks

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for about in book.sheets_metadata:
                if about.typ == SheetTypeEnum.WorkSheet:
                    yield {"sheet": about.name}
                    yield from sheet_lines(book.get_sheet_by_name(about.name))
    except CalamineError as error:
        raise Unsafe("package_broken", where=str(error)[:100]) from None


def sheet_lines(sheet: Any) -> Iterator[Told]:
    first = sheet.start[0] if sheet.start else 0
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), first + 1):
        cells = [text_of(value) for value in row]
        if any(len(cell) > limits.CELL_CHARACTERS for cell in cells):
            raise Unsafe("cell_long", where=str(number), limit=limits.CELL_CHARACTERS)
        if any(cell.strip() for cell in cells):
            yield {"row": number, "cells": cells}


def text_of(value: Any) -> str:
    """A cell as text: whole numbers without a point, days and instants as ISO writes them, truth as TRUE and FALSE."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ") if value.time() != datetime.time() else value.date().isoformat()
    if isinstance(value, datetime.timedelta):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
