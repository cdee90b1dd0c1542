"""Departments that became one, or two."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from bihuan.organisation.enums import ReorganisationKind
from bihuan.organisation.models import Reorganisation


@dataclass(frozen=True, slots=True)
class ReorganisationCard:
    """`ended_on` is the first day on which the merged department no longer was."""

    id: int
    kind: str
    department_id: int
    department: str
    into_id: int
    into: str
    decided_at: datetime
    ended_on: date | None
    total: int
    done: int
    is_finished: bool

    @property
    def is_merger(self) -> bool:
        return self.kind == ReorganisationKind.MERGED


def reorganisations_of(department_id: int) -> list[ReorganisationCard]:
    """What became of the department and what came into it, newest first. One query."""
    rows = Reorganisation.objects.filter(Q(department=department_id) | Q(into=department_id))
    return [_card(row) for row in rows.select_related("department", "into").order_by("-decided_at", "-pk")]


def _card(row: Reorganisation) -> ReorganisationCard:
    return ReorganisationCard(
        id=row.pk, kind=str(row.kind), department_id=row.department_id, department=row.department.name,
        into_id=row.into_id, into=row.into.name, decided_at=row.decided_at, ended_on=row.department.ended_on,
        total=row.total, done=row.done, is_finished=row.finished_at is not None,
    )  # fmt: skip
