"""Rows of mapped sheets as records: what each column says, and where the row stood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bihuan.integrations.neutral.rows import origin
from bihuan.integrations.tables.mapping import Sheet, SheetMapping

DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ].*)?", re.ASCII)
PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
SEPARATORS = re.compile(r"[;；、,，\n]")
TRUE = {"true", "1", "yes", "y", "x", "是", "✓", "√", "完成", "已完成"}


@dataclass(slots=True)
class Record:
    """One row: `values` by column of the table, `other` by title of what has no column."""

    place: str
    line: int
    values: dict[str, str]
    other: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        return self.values.get(name, "").strip() or None

    def texts(self, name: str, separators: re.Pattern[str] = SEPARATORS) -> list[str]:
        return [part for part in (piece.strip() for piece in separators.split(self.values.get(name, ""))) if part]

    def lines(self, name: str) -> list[str]:
        """Long texts stand below each other."""
        return [part.strip() for part in self.values.get(name, "").split("\n") if part.strip()]

    def day(self, name: str) -> str | None:
        """A day as ISO writes it where it is one beyond doubt; otherwise what stands there."""
        said = self.text(name)
        return iso_day(said) if said else None

    def truth(self, name: str) -> bool:
        return self.values.get(name, "").strip().casefold() in TRUE

    def at(self, body: dict[str, Any]) -> dict[str, Any]:
        """The object, where it stood, and what no column was found for."""
        kept = {**body, "other_columns": self.other} if self.other else body
        return origin(self.place, self.line, kept)


def iso_day(said: str) -> str:
    found = DAY.fullmatch(said) or PACKED.fullmatch(said)
    try:
        return date(*map(int, found.groups())).isoformat() if found else said
    except ValueError:
        return said


def records_of(sheet: Sheet, mapping: SheetMapping) -> Iterator[Record]:
    """Every row below the header."""
    for number, cells in sheet.rows:
        if number <= mapping.header:
            continue
        values: dict[str, str] = {}
        other: dict[str, str] = {}
        for position, cell in enumerate(cells):
            name = mapping.fields[position] if position < len(mapping.fields) else ""
            title = mapping.titles[position].strip() if position < len(mapping.titles) else ""
            if name:
                values[name] = cell
            elif cell.strip():
                other[title or f"column {position + 1}"] = cell
        yield Record(sheet.place, number, values, other)
