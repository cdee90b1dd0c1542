"""The lines of an export as tables: one for what a row says once, one for each of its lists."""

from collections.abc import Iterable, Iterator
from typing import Any

from bihuan.integrations.neutral_out.gathering import ACTIONS, ANNEXES, MATTERS, PROGRAMMES, Body, Line
from bihuan.kernel.canonical import canonical_json

Table = list[list[str]]
DEPARTMENTS = ("id", "name", "kind", "parent", "status", "heads", "mission")
MATTER = (
    "id", "number", "title", "kind", "status", "status_raw", "stage", "lead_department", "requester", "owners",
    "approvers", "reviewers", "created", "updated", "programme", "summary", "background", "goals", "non_goals",
)  # fmt: skip
LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "milestones": ("milestones", ("name", "date", "raw", "approver")),
    "acceptance_criteria": ("acceptance_criteria", ("phase", "text")),
    "checklist": ("checklist", ("text", "done")),
    "risks": ("risks", ("text",)),
    "resource_asks": ("resource_asks", ("text", "department")),
    "updates": ("updates", ("date", "precision", "release", "text")),
    "relations": ("relations", ("type", "target", "raw")),
}
WHOLE = {
    PROGRAMMES: "programmes", ACTIONS: "action_items", ANNEXES["CHANGE"]: "changes",
    ANNEXES["EXCEPTION"]: "exceptions", ANNEXES["REPORT"]: "acceptance_reports",
}  # fmt: skip
BESIDE = ("id", "collaboration", "programme", "name", "title", "text", "status", "department", "begin", "end", "raw")


class Tables:
    """Rows by table, each with its head; what has no rows is not there."""

    def __init__(self) -> None:
        self.rows: dict[str, Table] = {}

    def add(self, table: str, head: tuple[str, ...], row: Iterable[Any]) -> None:
        self.rows.setdefault(table, [list(head)]).append([said(cell) for cell in row])

    def take_organisation(self, body: Body) -> None:
        for each in body["departments"]:
            self.add("departments", DEPARTMENTS, (each[key] for key in DEPARTMENTS))
        for each in body["people"]:
            self.add("people", ("handle", "name"), (each["id"], each["handle"]))
            for role in each["roles"]:
                head = ("person", "department", "role")
                self.add("department_roles", head, (each["id"], role["department"], role["role"]))

    def take(self, line: Line) -> None:
        body = line.body
        if line.file != MATTERS:
            self.add(WHOLE[line.file], BESIDE, (*(body.get(key) for key in BESIDE[:-1]), line.text))
            return
        self.add("collaborations", MATTER, (body.get(key) for key in MATTER))
        for department in _departments(body):
            self.add("participants", ("collaboration", "department", "role"), (body["id"], *department))
        for key, (table, columns) in LISTS.items():
            for each in _listed(body.get(key)):
                self.add(table, ("collaboration", *columns), (body["id"], *(each.get(name) for name in columns)))


def _departments(body: Body) -> Iterator[tuple[str, str]]:
    if body.get("lead_department"):
        yield body["lead_department"], "lead"
    for key in body.get("participating_departments") or ():
        yield key, "participant"


def _listed(value: Any) -> Iterator[Body]:
    for each in value or ():
        yield each if isinstance(each, dict) else {"text": each}


def said(value: Any) -> str:
    """A cell: nothing, a text, a list of texts a line each (keys behind semicolons), anything else as JSON."""
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ("\n" if any(" " in each or "\n" in each for each in value) else "; ").join(value)
    return value if isinstance(value, str) else canonical_json(value)
