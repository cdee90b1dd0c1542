"""The lines of an export as tables: one for what a row says once, one for each of its lists, and what is left."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bihuan.integrations.neutral.fields import without_origin
from bihuan.integrations.neutral_out.gathering import Body, Line
from bihuan.integrations.tables import assemble
from bihuan.integrations.tables.assemble import Book
from bihuan.integrations.tables.records import Record
from bihuan.integrations.tables.rest import COLUMNS, TABLE, rest_of, rows_of
from bihuan.integrations.tables.staging import LINES, plain_lines
from bihuan.kernel.canonical import canonical_json

Table = list[list[str]]
Columns = tuple[str, ...]
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DEPARTMENTS = ("id", "name", "kind", "org", "parent", "status", "heads", "contacts", "time_zones", "mission")
GROUPS = ("id", "name", "org", "members")
ONCE: dict[str, Columns] = {
    "collaborations": (
        "id", "number", "title", "title_en", "kind", "status", "status_raw", "stage", "lead_department", "requester",
        "owners", "approvers", "reviewers", "created", "updated", "recorded_first", "recorded_last", "programme",
        "release_method", "packages", "summary", "background", "goals", "non_goals", "external_ref",
    ),
    "programmes": ("id", "name", "lead_department", "begin", "end", "summary"),
    "action_items": ("id", "raised", "text", "owners", "status", "status_raw", "department"),
    "exceptions": (
        "id", "programme", "gate", "title", "collaboration", "requested", "reviewed", "decision", "link",
    ),
    "acceptance_reports": (
        "id", "programme", "collaboration", "title", "report_dates", "conclusion", "runs", "open_findings",
    ),
}  # fmt: skip
LISTS: dict[str, dict[str, tuple[str, Columns]]] = {
    "collaborations": {
        "milestones": ("milestones", ("name", "release", "raw", "date", "approver")),
        "acceptance_criteria": ("acceptance_criteria", ("phase", "text")),
        "checklist": ("checklist", ("text", "done")),
        "risks": ("risks", ("text",)),
        "resource_asks": ("resource_asks", ("text", "department")),
        "extra_fields": ("extra_fields", ("form", "record", "key", "label", "value")),
        "updates": ("updates", ("date", "precision", "release", "text")),
        "relations": ("relations", ("type", "collaboration", "raw")),
        "responsibilities": ("responsibilities", ("department", "raw", "duty")),
    },
    "programmes": {
        "milestones": (
            "programme_milestones",
            ("name", "owner_role", "date", "end", "days", "cutoff", "week", "instant_utc", "gate", "raw", "note"),
        ),
        "team": ("programme_team", ("role", "leads", "shadows")),
    },
}
CHANGE = ("id", "collaboration", "at", "submitted_at", "by", "change_request")
CHANGED = ("field", "old", "new")
TITLES = {
    ("relations", "collaboration"): "target",
    ("programme_milestones", "date"): "begin",
    ("programme_team", "leads"): "lead",
}
OWNERS = {"collaborations": "collaboration", "programmes": "programme"}


class Tables:
    """Rows by table, each with its head; what has no rows is not there."""

    def __init__(self) -> None:
        self.rows: dict[str, Table] = {}
        self.lines: dict[str, list[Body]] = {file: [] for file in LINES}
        self.groups: list[Body] = []

    def add(self, table: str, head: Columns, row: Iterable[Any]) -> None:
        self.rows.setdefault(table, [list(head)]).append([said(cell) for cell in row])

    def take_organisation(self, body: Body) -> None:
        for each in body["organisations"]:
            self.add("organisations", ("organisation", "name"), (each["id"], each["name"]))
        for each in body["departments"]:
            self.add("departments", DEPARTMENTS, (each[key] for key in DEPARTMENTS))
        for each in body["people"]:
            self.add("people", ("handle", "name", "email"), (each["id"], each["handle"], each.get("email")))
            for role in each["roles"]:
                head = ("person", "department", "role", "beside", "starts_on", "ends_on", "office")
                self.add("department_roles", head, (each["id"], *(role.get(key) for key in head[1:])))
        self.groups = body["groups"]
        for each in self.groups:
            self.add("groups", ("group", *GROUPS[1:]), (each.get(key) for key in GROUPS))

    def take(self, line: Line) -> None:
        body, table = line.body, LINES[line.file][0]
        self.lines[line.file].append(body)
        if table == "changes":
            self._take_change(body, len(self.lines[line.file]))
            return
        self.add(table, ONCE[table], (body.get(key) for key in ONCE[table]))
        for department in _departments(body) if table == "collaborations" else ():
            self.add("participants", ("collaboration", "department", "role"), (body["id"], *department))
        for key, (name, columns) in LISTS.get(table, {}).items():
            for each in _listed(body.get(key)):
                titles = (TITLES.get((name, column), column) for column in columns)
                cells = (each.get(column) for column in columns)
                self.add(name, (OWNERS[table], *titles), (body.get("id"), *cells))

    def _take_change(self, body: Body, number: int) -> None:
        """A change has a row for each field; without a key of its own it could not be told from the next one."""
        head = [body.get("id") or f"#{number}", *(body.get(key) for key in CHANGE[1:])]
        for each in list(_listed(body.get("changes"))) or [{}]:
            self.add("changes", (*CHANGE, *CHANGED), (*head, *(each.get(key) for key in CHANGED)))

    def add_rest(self) -> None:
        """What an import of these tables would not know is written beside them."""
        book = Book({table: list(_records(rows)) for table, rows in self.rows.items()})
        self._compare("groups", assemble.organisation(book)["groups"], self.groups)
        for file, (table, bodies) in LINES.items():
            self._compare(table, bodies(book), self.lines[file])

    def _compare(self, table: str, told: Iterable[Body], meant: Sequence[Body]) -> None:
        for body, whole in zip(map(without_origin, told), meant, strict=True):
            if rest := rest_of(body, whole):
                for row in rows_of(table, str(body.get("id") or ""), rest):
                    self.add(TABLE, COLUMNS, row)


def _records(rows: Table) -> Iterator[Record]:
    """The rows as an import reads them."""
    for number, cells in enumerate(rows[1:], 2):
        yield Record("", number, dict(zip(rows[0], map(plain_lines, cells), strict=True)))


def _departments(body: Body) -> Iterator[tuple[str, str]]:
    if body.get("lead_department"):
        yield body["lead_department"], "lead"
    for key in _texts(body.get("participating_departments")):
        yield key, "participant"


def _texts(value: Any) -> Iterator[str]:
    yield from (each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _listed(value: Any) -> Iterator[Body]:
    for each in value if isinstance(value, list) else ():
        yield each if isinstance(each, dict) else {"text": each}


def said(value: Any) -> str:
    """A cell: nothing, a text, a list of texts a line each (keys behind semicolons), anything else as JSON."""
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = ("\n" if any(" " in each or "\n" in each for each in value) else "; ").join(value)
    return UNWRITABLE.sub("\ufffd", value if isinstance(value, str) else canonical_json(value))
