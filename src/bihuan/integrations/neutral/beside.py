"""What a folder may hold beside organisation and matters: programmes, action items, dated changes, exceptions, reports.

A programme and an action item come in as matters of their own; the rest is kept, line by line, with the matter that it
names. What names no matter that came in is told and stays outside.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bihuan.collaborations.imports import KEY_LENGTH, ImportedAnnex
from bihuan.integrations.neutral.fields import Row
from bihuan.integrations.neutral.files import LINES_LIMIT, Line, open_inside, read_lines
from bihuan.integrations.neutral.organisation import take_key
from bihuan.integrations.neutral.problems import Problem
from bihuan.integrations.neutral.rows import row_of

PROGRAMMES, ACTIONS = "programmes.jsonl", "action_items.jsonl"
ANNEXES = {"changes.jsonl": "CHANGE", "exceptions.jsonl": "EXCEPTION", "acceptance_reports.jsonl": "REPORT"}
NAMED_BY = ("collaboration", "programme")
Kept = tuple[ImportedAnnex, Row]


@dataclass(slots=True)
class Beside:
    """What was read beside, by the key of the matter it belongs to. What a matter takes is gone from `waiting`."""

    programmes: frozenset[str] = frozenset()
    waiting: dict[str, list[Kept]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)

    def take(self, key: str) -> tuple[ImportedAnnex, ...]:
        return tuple(annex for annex, _row in self.waiting.pop(key, ()))

    def left_over(self) -> list[Problem]:
        """Lines that name a matter which did not come in; they count as rejected."""
        found = []
        for key, kept in self.waiting.items():
            for _annex, row in kept:
                row.report("belongs_nowhere", "collaboration", key, fatal=True)
                self.rejected[row.home.removesuffix(".jsonl")] += 1
                found.append(row.problems[-1])
        return found


def read_beside(folder: Path) -> Beside:
    """The files that are there; each may be missing."""
    found = Beside()
    found.programmes = frozenset(row.key for row in keyed(folder, PROGRAMMES))
    for file, kind in ANNEXES.items():
        for line in lines_of(folder, file):
            keep(found, kind, row_of(line, file), line)
    return found


def keep(found: Beside, kind: str, row: Row, line: Line) -> None:
    if row.is_rejected:
        reject(found, row)
        return
    place = next(filter(None, (row.text(name, limit=KEY_LENGTH) for name in NAMED_BY)), "")
    if not place:
        row.report("belongs_nowhere", "collaboration", "", fatal=True)
        reject(found, row)
        return
    key = row.text("id", limit=KEY_LENGTH)
    found.waiting.setdefault(place, []).append((ImportedAnnex(kind, key, row.raw_of(line.text)), row))


def reject(found: Beside, row: Row) -> None:
    found.problems += row.problems
    found.rejected[row.home.removesuffix(".jsonl")] += 1


def keyed(folder: Path, file: str) -> Iterator[Row]:
    for line in lines_of(folder, file):
        row = row_of(line, file)
        if not row.is_rejected and take_key(row):
            yield row


def lines_of(folder: Path, file: str) -> Iterable[Line]:
    """The lines of a file that may be missing."""
    if not (folder / file).exists():
        return
    with open_inside(folder, file, limit=LINES_LIMIT) as handle:
        yield from read_lines(handle)


def as_matter(row: Row, file: str) -> None:
    """Give a programme or an action item the names a matter has; what it says stays what it says."""
    body: dict[str, Any] = dict(row.body)
    if file == ACTIONS:
        body |= {"title": body.get("text"), "lead_department": body.get("department"), "created": body.get("raised")}
        body.setdefault("kind", "action item")
    else:
        body |= {"title": body.get("name"), "owners": None}
        body.setdefault("kind", "programme")
        body["milestones"] = [milestone(each) for each in body.get("milestones") or () if isinstance(each, dict)]
    row.body = body


def milestone(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "raw": body.get("raw") or body.get("when_raw"), "approver": None, "odd": None}
