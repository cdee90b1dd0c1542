"""A line as it was and as it is, or as somebody wants it, with what differs marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from bihuan.records.policy.wording import Piece, differences, replaced
from bihuan.records.schema import Field, Kind
from bihuan.web.approvals.facts import text_of

NAMES = frozenset({Kind.DEPARTMENT, Kind.DEPARTMENTS, Kind.PERSON, Kind.SITE})


@dataclass(frozen=True, slots=True)
class Reworded:
    """One column that says something else."""

    label: "str | Promise"
    pieces: Sequence[Piece]


def reworded(field: Field, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Reworded]:
    """The columns of a line that differ; of two versions, whom it binds is told for itself."""
    return _reworded([column for column in field.columns if not column.is_beside], before, after)


def wanted_words(field: Field, amendment: Mapping[str, Any]) -> list[Reworded]:
    """What somebody wants otherwise of a line, and whom it is to bind where that is part of it."""
    was, row = amendment["was"], amendment["row"]
    return _reworded([each for each in field.columns if not each.is_beside or each.key in row], was, row)


def _reworded(columns: Iterable[Field], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Reworded]:
    words = [(column, _words(column, before), _words(column, after)) for column in columns]
    return [Reworded(column.label, _pieces(column, old, new)) for column, old, new in words if old != new]


def _words(column: Field, row: Mapping[str, Any]) -> str:
    return text_of(column, row.get(column.key)) or str(column.unsaid)


def _pieces(column: Field, old: str, new: str) -> Sequence[Piece]:
    return (replaced if column.kind in NAMES else differences)(old, new)
