"""Getting at matters. One rule for the list and for the single one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.collaborations.models import Collaboration, Loop, Party, StepRun
from bihuan.collaborations.policy.ring import Ring, draw_ring
from bihuan.collaborations.queries.steps import current_run, plan_of
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound


def visible_to(actor: Actor, *, at: datetime, level: Level = Level.READ) -> QuerySet[Collaboration]:
    """Every matter the actor may see at this level."""
    return Collaboration.objects.filter(access.visible(actor, at=at, level=level))


def collaboration_for(actor: Actor, pk: int, *, at: datetime, level: Level = Level.READ) -> Collaboration:
    """One matter; raises ``NotFound`` when it does not exist for this actor."""
    found = (
        visible_to(actor, at=at, level=level)
        .select_related("playbook_version__playbook", "lead_department", "initiator", "lead")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def ring_of(collaboration: Collaboration) -> Ring:
    """The ring of one matter."""
    run = current_run(collaboration)
    gates = Loop.objects.filter(collaboration=collaboration, closed_at__isnull=True).values_list("gate", flat=True)
    return draw_ring(
        plan_of(collaboration),
        current=run.step if run else None,
        has_ended=collaboration.ended_at is not None,
        open_gates=list(gates),
    )


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter as a list shows it. Masked when the actor sees only its outline."""

    collaboration: Collaboration
    step: str
    ring: Ring
    departments: tuple[str, ...]
    next_due: datetime | None
    is_masked: bool


def rows_of(collaborations: Iterable[Collaboration], *, actor: Actor, at: datetime) -> list[MatterRow]:
    """Lists' rows in a fixed number of queries, whatever their count."""
    matters = list(collaborations)
    levels = access.levels(actor, [matter.scope_id for matter in matters], at=at)
    return [_row(matter, levels.get(matter.scope_id, Level.OUTLINE)) for matter in matters]


def _row(matter: Collaboration, level: Level) -> MatterRow:
    run = next(iter(matter.open_runs), None)  # type: ignore[attr-defined]  # prefetched by `for_list`
    loops: list[Loop] = matter.open_loops  # type: ignore[attr-defined]  # prefetched by `for_list`
    ring = draw_ring(
        plan_of(matter),
        current=run.step if run else None,
        has_ended=matter.ended_at is not None,
        open_gates=[loop.gate for loop in loops],
    )
    return MatterRow(
        collaboration=matter,
        step=run.step if run else matter.ending,
        ring=ring,
        departments=tuple(party.department.name for party in matter.parties.all()),
        next_due=min((loop.due_at for loop in loops if loop.due_at), default=None),
        is_masked=level < Level.READ,
    )


def for_list(matters: QuerySet[Collaboration]) -> QuerySet[Collaboration]:
    """Everything a list row needs, fetched in a fixed number of queries."""
    return matters.select_related("lead_department", "lead", "playbook_version__playbook").prefetch_related(
        Prefetch("step_runs", StepRun.objects.filter(left_at__isnull=True), to_attr="open_runs"),
        Prefetch("loops", Loop.objects.filter(closed_at__isnull=True), to_attr="open_loops"),
        Prefetch("parties", Party.objects.select_related("department").order_by("pk")),
    )
