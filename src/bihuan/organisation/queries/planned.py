"""What is planned for departments."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from bihuan.organisation.enums import PlannedState
from bihuan.organisation.models import Department, PlannedChange


@dataclass(frozen=True, slots=True)
class PlannedCard:
    """`name`, `parent` and `into` are empty where they do not change; a move to the top has `parent_id` None.

    Of a split `name` is that of the new department, `posts` says how many go there.
    """

    id: int
    department_id: int
    department: str
    kind: str
    begins_on: date
    name: str
    moves: bool
    parent_id: int | None
    parent: str
    into_id: int | None
    into: str
    posts: int
    is_ahead: bool
    refusal: tuple[str, ...]


def planned_of(department_id: int) -> list[PlannedCard]:
    """What is ahead for a department, or was not possible on its day, soonest first. At most two queries."""
    shown = Q(state=PlannedState.PLANNED) | Q(state=PlannedState.REFUSED)
    return _cards(PlannedChange.objects.filter(shown, department=department_id).select_related("department"))


def planned_ahead() -> list[PlannedCard]:
    """Everything that is ahead, soonest first. At most two queries."""
    return _cards(PlannedChange.objects.filter(state=PlannedState.PLANNED).select_related("department"))


def _cards(rows: QuerySet[PlannedChange]) -> list[PlannedCard]:
    found = list(rows.order_by("begins_on", "pk"))
    named = {row.values.get(key) for row in found for key in ("parent_id", "into_id")} - {None}
    names = dict(Department.objects.filter(pk__in=named).values_list("pk", "name")) if named else {}
    return [_card(row, names) for row in found]


def _card(row: PlannedChange, names: dict[int, str]) -> PlannedCard:
    parent_id, into_id = row.values.get("parent_id"), row.values.get("into_id")
    return PlannedCard(
        id=row.pk, department_id=row.department_id, department=row.department.name,
        kind=str(row.kind), begins_on=row.begins_on, name=row.values.get("name", ""),
        moves="parent_id" in row.values, parent_id=parent_id, parent=names.get(parent_id, ""), into_id=into_id,
        into=names.get(into_id, ""), posts=len(row.values.get("post_ids", ())),
        is_ahead=row.state == PlannedState.PLANNED, refusal=tuple(row.refusal),
    )  # fmt: skip
