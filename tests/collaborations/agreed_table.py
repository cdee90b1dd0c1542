"""The table that was agreed, read from the specification where it lies beside the checkout.

A cell is prose; what can be compared of it are the forms, routes and guards it names. `as A + B` means what the columns
of these playbooks name in the same row.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

SPECIFICATION = Path(__file__).resolve().parents[3] / "shared" / "spec" / "playbooks.md"
NAMED = re.compile(r"F\d\d|[GT]\d\d(?:–[GT]?\d\d)?|[A-Z]+(?:_[A-Z]+)+|OPINIONS|MINUTES")
SAME_AS = re.compile(r"\bas ([A-D](?: (?:\+|or) [A-D])*)")
ROWS_CALLED = {"PLAN (D)": "PLAN after KICKOFF", "APPROVAL plan, FILING": "APPROVAL plan|FILING"}
COLUMNS_CALLED = {"SEED_D = PROBLEM": "SEED_D"}
Cell = tuple[str, str]


def cells_in(text: str) -> dict[Cell, str]:
    """Playbook and row → what the specification says there, the blanks made single."""
    section = text.split("\n## 2.", 1)[1].split("\n## 3.", 1)[0]
    found: dict[Cell, str] = {}
    columns: list[str] = []
    for line in section.splitlines():
        cells = [" ".join(cell.split()) for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or set(line) <= set("|- "):
            continue
        if cells[0] == "step":
            columns = [COLUMNS_CALLED.get(name, name) for name in cells[1:]]
            continue
        for row in ROWS_CALLED.get(cells[0], cells[0]).split("|"):
            found |= {(column, row): cell for column, cell in zip(columns, cells[1:], strict=True)}
    return found


def named_in(text: str) -> frozenset[str]:
    """Forms, routes and guards; a span of guards is all of them, a time rule none of these."""
    return frozenset(name for found in NAMED.findall(text) for name in _spanned(found) if name[0] != "T")


def _spanned(name: str) -> Iterator[str]:
    first, _dash, last = name.partition("–")
    if not last:
        yield name
        return
    for number in range(int(first[1:]), int(last.lstrip("GT")) + 1):
        yield f"{first[0]}{number:02}"


def named_by(cells: dict[Cell, str], cell: Cell) -> frozenset[str]:
    """What a cell names itself, with what it takes over from other columns."""
    column_row = cells.get(cell, "")
    others = [letter for same in SAME_AS.findall(column_row) for letter in re.findall("[A-D]", same)]
    return named_in(column_row).union(*(named_by(cells, (f"SEED_{letter}", cell[1])) for letter in others))


def print_of(text: str) -> str:
    """Short for the words of a cell, so that another wording is noticed."""
    return sha256(text.encode()).hexdigest()[:6]
