"""From files of somebody to a folder of the neutral shape: read, recognised, put together, written down."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from bihuan.documents.formulas import unguarded
from bihuan.documents.reading import kind_of, read_rows
from bihuan.integrations.neutral.beside import ACTIONS, ANNEXES, PROGRAMMES
from bihuan.integrations.neutral.fields import UNSAID, Row
from bihuan.integrations.neutral.matters import FILE as MATTERS
from bihuan.integrations.neutral.organisation import FILE as ORGANISATION
from bihuan.integrations.neutral.problems import PREFIX, Problem
from bihuan.integrations.tables import assemble
from bihuan.integrations.tables.assemble import Body, Book
from bihuan.integrations.tables.mapping import Sheet, SheetMapping
from bihuan.integrations.tables.names import Elsewhere
from bihuan.integrations.tables.naming import Unlisted, Wanted, founded, none_of_them, unlisted_in
from bihuan.integrations.tables.records import Record, records_of
from bihuan.integrations.tables.rest import TABLE as REST
from bihuan.integrations.tables.rest import Rests
from bihuan.integrations.tables.unsaid import MANY, TABLES, VALUES, completed, spoken_of, values_unsaid

LINES: dict[str, tuple[str, Callable[[Book], Iterator[Body]]]] = {
    MATTERS: ("collaborations", assemble.matters),
    PROGRAMMES: ("programmes", assemble.programmes),
    ACTIONS: ("action_items", assemble.actions),
    "changes.jsonl": ("changes", assemble.changes),
    "exceptions.jsonl": ("exceptions", assemble.exceptions),
    "acceptance_reports.jsonl": ("acceptance_reports", assemble.reports),
}
OUTSIDE = "outside.jsonl"
UNTAKEN = {"": "sheet_left_out", "meetings": "meetings_left_out"}
FIELDS = {"belongs_nowhere": "collaboration", "post_of_nobody": "person"}
EMPTY: Body = {"organisations": [], "departments": [], "people": [], "groups": []}


def read_sheets(path: Path, name: str) -> list[Sheet]:
    """Every sheet that holds something. Raise `documents.errors.Unsafe` when the file is refused."""
    meant = as_meant if kind_of(path, name) == "csv" else plain_lines
    rows = groupby(read_rows(path, name), key=lambda row: row.sheet)
    return [Sheet(name, sheet, [(row.number, [*map(meant, row.cells)]) for row in same]) for sheet, same in rows]


def as_meant(cell: str) -> str:
    """A cell of CSV without the apostrophe that kept a spreadsheet from computing it."""
    return plain_lines(unguarded(cell))


def plain_lines(cell: str) -> str:
    """Workbooks know one way to end a line only; the others are read as that one."""
    return cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell


def is_neutral(path: Path, name: str) -> bool:
    """JSON is the neutral shape already. Raise Unsafe when the file is none of the kinds that are read."""
    return kind_of(path, name) == "json"


@dataclass(frozen=True, slots=True)
class Staged:
    """`problems`: what stays outside, sheets that are no table, rows that belong nowhere. `unlisted`: departments that
    rows name and no list has, those that were founded among them."""

    problems: list[Problem]
    unlisted: list[Unlisted]


def stage(
    folder: Path,
    sheets: Sequence[Sheet],
    mappings: Sequence[SheetMapping],
    elsewhere: Elsewhere,
    wanted: Wanted = none_of_them,
) -> Staged:
    """Write the folder. `elsewhere` is known by name besides what the sheets hold; departments that are only named are
    founded where they are `wanted`.
    """
    records: dict[str, list[Record]] = {}
    for sheet, mapping in zip(sheets, mappings, strict=True):
        if mapping.table:
            records.setdefault(mapping.table, []).extend(records_of(sheet, mapping))
    book, rests = Book(records, elsewhere), Rests(records.get(REST, ()))
    unlisted = unlisted_in(records, book.departments)
    if chosen := [each for each in unlisted if wanted(each)]:
        listed = [*records.get("departments", ()), *founded(chosen, records, book.departments)]
        book = Book({**records, "departments": listed}, elsewhere)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    organisation = assemble.organisation(book)
    for section in VALUES:
        unsaid = values_unsaid(section, mappings)
        organisation[section] = [{**body, UNSAID: unsaid} if unsaid else body for body in organisation[section]]
    organisation["groups"] = [rests.back("groups", body) for body in organisation["groups"]]
    write(folder / ORGANISATION, [document(organisation)])
    there = {mapping.table for mapping in mappings}
    keys: list[str] = []
    for file, (table, bodies) in LINES.items():
        lines: Iterator[Body] = (rests.back(table, body) for body in bodies(book))
        if table in TABLES:
            lines = noting(keys, completed(lines, spoken_of(table, mappings), elsewhere.lines))
        write(folder / file, map(as_line, lines))
    for file, kind in ANNEXES.items():
        if LINES[file][0] not in there:
            write(folder / file, annexes_kept(keys, kind, elsewhere))
    lost = [
        nowhere(record.place, record.line, record.text("collaboration") or record.text("programme") or "")
        for record in assemble.lost(book)
    ]
    lost += [nowhere(record.place, record.line, record.text("row") or "") for record in rests.left_over()]
    lost += [
        outside("post_of_nobody", record.place, record.line, record.text("person") or "")
        for record in assemble.posts_of_nobody(book)
    ]
    return Staged([*left_out(sheets, mappings), *lost], unlisted)


def noting(keys: list[str], bodies: Iterable[Body]) -> Iterator[Body]:
    for body in bodies:
        keys.append(str(body.get("id") or ""))
        yield body


def annexes_kept(keys: Sequence[str], kind: str, elsewhere: Elsewhere) -> Iterator[str]:
    """What stood beside the matters of the file, of a kind that it has no table for."""
    for first in range(0, len(keys), MANY):
        for kept in elsewhere.annexes(keys[first : first + MANY]).values():
            yield from (raw for each, raw in kept if each == kind)


def left_out(sheets: Sequence[Sheet], mappings: Sequence[SheetMapping]) -> Iterator[Problem]:
    """Each sheet of which nothing is taken, with the rows below its titles: a file is never read in part unsaid."""
    for sheet, mapping in zip(sheets, mappings, strict=True):
        rows = sum(1 for number, cells in sheet.rows if number > mapping.header and any(map(str.strip, cells)))
        if rows and mapping.table in UNTAKEN:
            yield outside(UNTAKEN[mapping.table], sheet.place, mapping.header, str(rows))


def document(body: Body) -> str:
    """One JSON object with an element on each line."""
    sections = [f"{json.dumps(name)}: [" + ",\n".join(map(as_line, rows)) + "]" for name, rows in body.items()]
    return "{" + ",\n".join(sections) + "}"


def as_line(body: Any) -> str:
    return json.dumps(body, ensure_ascii=True)


def write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        for line in lines:
            handle.write(line + "\n")


def keep_outside(folder: Path, problems: Iterable[Problem]) -> None:
    """What belongs nowhere lies beside, to be told again by every run of the folder."""
    write(folder / OUTSIDE, (as_line([each.code, each.file, each.line, each.value]) for each in problems))


def outside_of(folder: Path) -> list[Problem]:
    lines = (folder / OUTSIDE).read_text(encoding="utf-8").split("\n")[:-1] if (folder / OUTSIDE).exists() else []
    told = [json.loads(line) for line in lines]
    return [outside(code.removeprefix(PREFIX), *where) for code, *where in told]


def complete(folder: Path) -> None:
    """JSON files of somebody: the two that every run reads are there, empty if need be."""
    for file, text in ((ORGANISATION, document(EMPTY)), (MATTERS, "")):
        if not (folder / file).exists():
            write(folder / file, [text] if text else [])


def nowhere(place: str, line: int, value: str) -> Problem:
    return outside("belongs_nowhere", place, line, value)


def outside(code: str, place: str, line: int, value: str) -> Problem:
    row = Row({}, place, line)
    row.report(code, FIELDS.get(code, ""), value, fatal=True)
    return row.problems[0]
