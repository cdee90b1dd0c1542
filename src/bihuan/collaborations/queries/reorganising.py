"""What a reorganisation of a department would touch."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.approvals.enums import SlotState
from bihuan.approvals.models import Slot
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.commitments.enums import UNFINISHED
from bihuan.commitments.models import Commitment
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor

MOST = 200


@dataclass(frozen=True, slots=True)
class Touched:
    """How much of what is under way names the department or its offices."""

    matters: int
    loops: int
    decisions: int
    promises: int


@dataclass(frozen=True, slots=True)
class MatterLine:
    """`title` is empty where the matter is not open to the reader."""

    id: int
    number: str
    title: str


def taking_part(department_id: int) -> QuerySet[Collaboration]:
    """The matters under way in which a department leads, takes part or owns a line."""
    named = (
        Q(lead_department=department_id)
        | Q(parties__department=department_id)
        | Q(petitions__department=department_id, petitions__settled_at__isnull=True)
        | Q(milestones__owner_department=department_id)
        | Q(criterions__owner_department=department_id)
    )
    found = Collaboration.objects.filter(named, ended_at__isnull=True).values("pk")
    return Collaboration.objects.filter(pk__in=found)


def touched_by(department_id: int) -> Touched:
    """Counts only, so that they may be told to whoever reorganises. Four queries."""
    kinds = (principals.department, principals.head, principals.executive)
    offices = [key(department_id) for key in kinds]
    states = [state.value for state in UNFINISHED]
    return Touched(
        matters=taking_part(department_id).count(),
        loops=Loop.objects.filter(owner__in=offices, closed_at__isnull=True).count(),
        decisions=Slot.objects.filter(principal__in=offices, state=SlotState.PENDING).count(),
        promises=Commitment.objects.filter(department=department_id, state__in=states).count(),
    )


def matters_with(department_id: int, actor: Actor, *, at: datetime) -> list[MatterLine]:
    """The newest of them by number; titles only of those the actor reads. Two queries."""
    rows = list(taking_part(department_id).order_by("-pk").values_list("pk", "number", "title", "scope_id")[:MOST])
    levels = access.levels(actor, [scope_id for _pk, _number, _title, scope_id in rows], at=at)
    return [
        MatterLine(pk, number or "", title if levels.get(scope_id, 0) >= Level.READ else "")
        for pk, number, title, scope_id in rows
    ]
