"""What a file does not speak of stays as the source said it before: columns and tables that it does not have."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from bihuan.integrations.neutral.fields import without_origin
from bihuan.integrations.tables.assemble import BESIDE, GATES, ROLES
from bihuan.integrations.tables.mapping import SheetMapping

Body = dict[str, Any]
Before = Callable[[Collection[str]], Mapping[str, Body]]
MANY = 500
COLUMNS = {
    "number": ("number", "number_raw"),
    "status": ("status", "status_raw"),
    "participants": ("participating_departments",),
}
TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "collaborations": {
        "participants": ("participating_departments",),
        "assignments": (*dict.fromkeys(ROLES.values()), GATES),
        **{name: (name,) for name in BESIDE},
    },
    "programmes": {"programme_milestones": ("milestones",), "programme_team": ("team",)},
    "action_items": {},
}


VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "departments": {
        "kind": ("kind",),
        "description": ("name_zh", "mission", "mission_zh"),
        "is_active": ("status",),
        "parent": ("parent", "org"),
    },
    "people": {"name": ("name",), "email": ("email",)},
}


def values_unsaid(table: str, mappings: Sequence[SheetMapping]) -> list[str]:
    """The values of a department or person for which no sheet of theirs has a column."""
    there = {name for each in mappings if each.table == table for name in each.fields}
    return [value for value, columns in VALUES[table].items() if there.isdisjoint(columns)]


def spoken_of(table: str, mappings: Sequence[SheetMapping]) -> frozenset[str]:
    """The names of a line that the sheets of a table, and those beside it, have a place for."""
    said = {"id"}
    for each in mappings:
        if each.table == table:
            for name in each.fields:
                said.update(COLUMNS.get(name, (name,)) if name else ("other_columns",))
        said.update(TABLES[table].get(each.table, ()))
    return frozenset(said)


def completed(bodies: Iterable[Body], said: frozenset[str], before: Before) -> Iterator[Body]:
    """Each line with what it was before, where the file has no place to say it."""
    source = iter(bodies)
    while some := list(islice(source, MANY)):
        kept = before([str(body.get("id") or "") for body in some])
        for body in some:
            yield with_unsaid(body, said, kept.get(str(body.get("id") or ""), {}))


def with_unsaid(body: Body, said: frozenset[str], kept: Body) -> Body:
    unsaid = {name: value for name, value in kept.items() if name not in said and not body.get(name)}
    return {**body, **without_origin(unsaid)} if unsaid else body
