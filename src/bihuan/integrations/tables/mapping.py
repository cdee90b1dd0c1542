"""Which sheet is which table, and which column says what: recognised, corrected by a person, kept for the next time."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.integrations.tables.vocabulary import BY_KEY, TABLES, Table
from bihuan.kernel.canonical import canonical_json
from bihuan.kernel.findings import Finding, error

HEADER_WITHIN = 10
FLOOR = 0.5
NAMED = 0.45
NEARLY = 4


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it was read: its file, its name (empty for CSV), its rows with their numbers."""

    file: str
    name: str
    rows: Sequence[tuple[int, list[str]]] = field(default=(), compare=False)

    @property
    def title(self) -> str:
        return self.name or self.file.rsplit(".", 1)[0]

    @property
    def place(self) -> str:
        """How a report calls it."""
        return f"{self.file} › {self.name}" if self.name else self.file


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """`table` is empty when the sheet is left out, a field where its column is only kept."""

    file: str
    sheet: str
    table: str
    header: int
    titles: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def signature(self) -> str:
        """The same for the same sheet of a later file: its name and its column titles."""
        return hashlib.sha256(canonical_json([plain(self.sheet), *map(plain, self.titles)]).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        columns = [{"title": title, "field": name} for title, name in zip(self.titles, self.fields, strict=True)]
        return {"file": self.file, "sheet": self.sheet, "table": self.table, "header": self.header, "columns": columns}


def plain(text: str) -> str:
    """A title as it is compared: width, case, blanks and a trailing mark do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").split()).strip("*:： ")


def recognise(sheet: Sheet) -> SheetMapping:
    """The table a sheet looks most like; left out when it looks like none.

    One that lacks what is needed is taken for its table all the same where most of its titles are understood: then the
    missing column is asked for, and the sheet does not stay outside unseen.
    """
    found = most_like(sheet, likeness)
    return found if found.table else most_like(sheet, nearness)


def most_like(sheet: Sheet, score_of: Callable[[Table, Sequence[str], Sequence[str], str], float]) -> SheetMapping:
    best = SheetMapping(sheet.file, sheet.name, "", *untitled(sheet))
    best_score = FLOOR
    for number, cells in sheet.rows[:HEADER_WITHIN]:
        for each in TABLES:
            fields = matched(each, cells)
            score = score_of(each, fields, cells, sheet.title)
            if score > best_score:
                best_score = score
                best = SheetMapping(sheet.file, sheet.name, each.key, number, tuple(cells), fields)
    return best


def untitled(sheet: Sheet) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    number, cells = sheet.rows[0] if sheet.rows else (1, [])
    return number, tuple(cells), ("",) * len(cells)


def matched(each: Table, cells: Sequence[str]) -> tuple[str, ...]:
    """For each title the column of the table that is called so, every column at most once."""
    names = {plain(word): column.key for column in reversed(each.columns) for word in reversed(column.words)}
    found: list[str] = []
    for cell in cells:
        name = names.get(plain(cell), "")
        found.append(name if name not in found else "")
    return tuple(found)


def likeness(each: Table, fields: Sequence[str], cells: Sequence[str], title: str) -> float:
    """How many titles are understood, and whether the sheet is called so; 0 without what is needed."""
    if any(column.needed and column.key not in fields for column in each.columns):
        return 0.0
    called = plain(title) in {plain(word) for word in each.words}
    return understood_of(fields, cells) + (NAMED if called else 0.0)


def nearness(each: Table, fields: Sequence[str], cells: Sequence[str], title: str) -> float:
    """How many titles are understood, whatever is missing; 0 for a few."""
    return understood_of(fields, cells) if sum(1 for name in fields if name) >= NEARLY else 0.0


def understood_of(fields: Sequence[str], cells: Sequence[str]) -> float:
    """The share of titles that are understood; of two equal ones the larger table."""
    titles = sum(1 for cell in cells if cell.strip())
    understood = sum(1 for name in fields if name)
    return (understood / titles if titles else 0.0) + understood / 1000


def findings_of(mappings: Iterable[SheetMapping]) -> list[Finding]:
    """What keeps a mapping from being used, each at `sheet.<number>`."""
    found: list[Finding] = []
    used = 0
    for position, each in enumerate(mappings):
        if not each.table:
            continue
        used += 1
        found += sheet_findings(each, f"sheet.{position}")
    return found or ([] if used else [error("integrations.no_sheet_used")])


def sheet_findings(each: SheetMapping, place: str) -> list[Finding]:
    known = BY_KEY.get(each.table)
    if known is None:
        return [error("integrations.table_unknown", place, value=each.table)]
    named = [name for name in each.fields if name]
    found = [
        error("integrations.column_unknown", place, value=name, sheet=each.sheet or each.file)
        for name in named
        if known.column(name) is None
    ]
    found += [
        error("integrations.column_twice", place, value=label(known, name), sheet=each.sheet or each.file)
        for name in dict.fromkeys(named)
        if named.count(name) > 1
    ]
    return found + [
        error("integrations.column_missing", place, value=str(column.label), sheet=each.sheet or each.file)
        for column in known.columns
        if column.needed and column.key not in named
    ]


def label(known: Table, name: str) -> str:
    column = known.column(name)
    return str(column.label) if column else name


def from_json(value: Mapping[str, Any]) -> SheetMapping | None:
    """One sheet of a mapping file; None when it is not of that shape."""
    columns = value.get("columns")
    if not isinstance(columns, list) or not all(isinstance(each, dict) for each in columns):
        return None
    header = value.get("header", 1)
    return SheetMapping(
        str(value.get("file", "")),
        str(value.get("sheet", "")),
        str(value.get("table") or ""),
        header if isinstance(header, int) else 1,
        tuple(str(each.get("title", "")) for each in columns),
        tuple(str(each.get("field") or "") for each in columns),
    )


def corrected(offered: SheetMapping, said: Iterable[SheetMapping]) -> SheetMapping:
    """The sheet as somebody mapped it: same sheet, same header row, titles compared as people read them."""
    for each in said:
        same = plain(each.sheet) == plain(offered.sheet) and (not each.file or each.file == offered.file)
        if same:
            names = {plain(title): name for title, name in zip(each.titles, each.fields, strict=True)}
            fields = tuple(names.get(plain(title), "") for title in offered.titles)
            return SheetMapping(offered.file, offered.sheet, each.table, offered.header, offered.titles, fields)
    return offered
