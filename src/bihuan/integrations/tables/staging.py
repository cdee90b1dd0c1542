"""From files of somebody to a folder of the neutral shape: read, recognised, put together, written down."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from bihuan.documents.reading import kind_of, read_rows
from bihuan.integrations.neutral.beside import ACTIONS, PROGRAMMES
from bihuan.integrations.neutral.fields import Row
from bihuan.integrations.neutral.matters import FILE as MATTERS
from bihuan.integrations.neutral.organisation import FILE as ORGANISATION
from bihuan.integrations.neutral.problems import Problem
from bihuan.integrations.tables import assemble
from bihuan.integrations.tables.assemble import Body, Book
from bihuan.integrations.tables.mapping import Sheet, SheetMapping
from bihuan.integrations.tables.records import Record, records_of

LINES: dict[str, Callable[[Book], Iterator[Body]]] = {
    MATTERS: assemble.matters,
    PROGRAMMES: assemble.programmes,
    ACTIONS: assemble.actions,
    "changes.jsonl": assemble.changes,
    "exceptions.jsonl": assemble.exceptions,
    "acceptance_reports.jsonl": assemble.reports,
}
OUTSIDE = "outside.jsonl"
EMPTY: Body = {"organisations": [], "departments": [], "people": [], "groups": []}


def read_sheets(path: Path, name: str) -> list[Sheet]:
    """Every sheet that holds something. Raise `documents.errors.Unsafe` when the file is refused."""
    rows = groupby(read_rows(path, name), key=lambda row: row.sheet)
    return [Sheet(name, sheet, [(row.number, row.cells) for row in same]) for sheet, same in rows]


def is_neutral(path: Path, name: str) -> bool:
    """JSON is the neutral shape already. Raise Unsafe when the file is none of the kinds that are read."""
    return kind_of(path, name) == "json"


def stage(folder: Path, sheets: Sequence[Sheet], mappings: Sequence[SheetMapping]) -> list[Problem]:
    """Write the folder; returns what belongs nowhere."""
    records: dict[str, list[Record]] = {}
    for sheet, mapping in zip(sheets, mappings, strict=True):
        if mapping.table:
            records.setdefault(mapping.table, []).extend(records_of(sheet, mapping))
    book = Book(records)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write(folder / ORGANISATION, [document(assemble.organisation(book))])
    for file, bodies in LINES.items():
        write(folder / file, (as_line(body) for body in bodies(book)))
    return [nowhere(record.place, record.line, record.text("collaboration") or "") for record in assemble.lost(book)]


def document(body: Body) -> str:
    """One JSON object with an element on each line."""
    sections = [f"{json.dumps(name)}: [" + ",\n".join(map(as_line, rows)) + "]" for name, rows in body.items()]
    return "{" + ",\n".join(sections) + "}"


def as_line(body: Any) -> str:
    return json.dumps(body, ensure_ascii=True)


def write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="ascii") as handle:
        for line in lines:
            handle.write(line + "\n")


def keep_outside(folder: Path, problems: Iterable[Problem]) -> None:
    """What belongs nowhere lies beside, to be told again by every run of the folder."""
    write(folder / OUTSIDE, (as_line([each.file, each.line, each.value]) for each in problems))


def outside_of(folder: Path) -> list[Problem]:
    lines = (folder / OUTSIDE).read_text(encoding="ascii").splitlines() if (folder / OUTSIDE).exists() else []
    return [nowhere(*json.loads(line)) for line in lines]


def complete(folder: Path) -> None:
    """JSON files of somebody: the two that every run reads are there, empty if need be."""
    for file, text in ((ORGANISATION, document(EMPTY)), (MATTERS, "")):
        if not (folder / file).exists():
            write(folder / file, [text] if text else [])


def nowhere(place: str, line: int, value: str) -> Problem:
    row = Row({}, place, line)
    row.report("belongs_nowhere", "collaboration", value, fatal=True)
    return row.problems[0]
