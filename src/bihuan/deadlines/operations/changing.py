"""Rows are changed only as they were seen: one of them, or many in one go."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import F

from bihuan.deadlines.enums import State
from bihuan.deadlines.errors import DeadlineStale
from bihuan.deadlines.models import Deadline
from bihuan.kernel.rows import update_each


def change(row: Deadline, expected: State, seen_revision: int, **changes: Any) -> None:
    """Raises ``DeadlineStale`` unless the row is as it was seen."""
    mine = Deadline.objects.filter(pk=row.pk, state=expected.value, revision=seen_revision)
    if not mine.update(**changes, revision=F("revision") + 1):
        raise DeadlineStale
    for name, value in changes.items():
        setattr(row, name, value)
    row.revision = seen_revision + 1


def write_many(rows: Sequence[Deadline], names: Collection[str]) -> None:
    """Write these attributes of rows that have other values each; one prepared statement for all of them.

    Raises ``DeadlineStale`` unless every row is as it was read: in its state, at its revision.
    """
    if not rows:
        return
    fields = [field for field in Deadline._meta.concrete_fields if field.name in names]
    changed = ", ".join(f'"{field.column}" = %s' for field in fields)
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
        + [row.pk, row.revision, row.state]
        for row in rows
    ]
    statement = (
        f'UPDATE "{Deadline._meta.db_table}" SET {changed}, "revision" = "revision" + 1 '  # noqa: S608  our own names
        'WHERE "id" = %s AND "revision" = %s AND "state" = %s'
    )
    if not update_each(statement, values):
        raise DeadlineStale
    for row in rows:
        row.revision += 1
