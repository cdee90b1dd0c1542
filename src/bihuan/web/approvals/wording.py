"""A line as it was and as it is, or as somebody wants it, with what differs marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from bihuan.records.policy.wording import Piece, differences
from bihuan.records.schema import Field
from bihuan.web.approvals.facts import text_of


@dataclass(frozen=True, slots=True)
class Reworded:
    """One column that says something else."""

    label: "str | Promise"
    pieces: Sequence[Piece]


def reworded(field: Field, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Reworded]:
    """The columns of a line that differ; whom it binds is told for itself."""
    words = [
        (column, text_of(column, before.get(column.key)), text_of(column, after.get(column.key)))
        for column in field.columns
        if not column.is_beside
    ]
    return [Reworded(column.label, differences(old, new)) for column, old, new in words if old != new]
