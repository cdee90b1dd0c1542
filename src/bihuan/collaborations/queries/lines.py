"""The lines and people of a matter, as its pages show them."""

from datetime import date, datetime
from typing import TypeVar

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from bihuan.access import queries as access
from bihuan.collaborations.models import (
    Collaboration,
    Criterion,
    ImportedSource,
    Measurement,
    Metric,
    Milestone,
    Party,
    StepRun,
)
from bihuan.collaborations.policy.metrics import MetricLine
from bihuan.collaborations.queries.portfolio import is_mine
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.organisation.queries import all_but_name

FORM_ORDER = ("F04", "F02", "F01", "")
"""The plan's lines stand before the request's, and those before what an imported source said."""
AnyLine = TypeVar("AnyLine", Metric, Milestone)


def parties_of(collaboration: Collaboration) -> list[Party]:
    """The departments of a matter the caller holds, each with its contact person. One query."""
    parties = collaboration.parties.select_related("department", "contact").defer(*all_but_name("contact"))
    return list(parties.order_by("pk"))


def step_runs_of(collaboration: Collaboration) -> list[StepRun]:
    """Every stay in a step, in the order they began. One query."""
    return list(collaboration.step_runs.order_by("entered_at", "pk"))


def metrics_of(collaboration: Collaboration) -> list[Metric]:
    """The metrics that are judged, each with its measurements. Two queries."""
    measured = Prefetch(
        "measurements", Measurement.objects.select_related("measured_by").defer(*all_but_name("measured_by"))
    )
    return _in_force(collaboration.metrics.prefetch_related(measured))


def line_of(metric: Metric) -> MetricLine:
    """The metric as a value, for the decisions of `policy.metrics`."""
    return MetricLine(
        row=metric.line_id,
        name=metric.name,
        direction=metric.direction,
        target=metric.target,
        unit=metric.unit,
        baseline=metric.baseline,
        breakdown=tuple(metric.breakdown),
        aggregation=metric.aggregation,
    )


def milestones_of(collaboration: Collaboration) -> list[Milestone]:
    """The milestones in force: the plan's, else the request's, else the source's. One query."""
    return _in_force(collaboration.milestones.select_related("owner_department"))


def _in_force(lines: QuerySet[AnyLine]) -> list[AnyLine]:
    rows = list(lines)
    standing = next((code for code in FORM_ORDER if any(row.form_code == code for row in rows)), "")
    return [row for row in rows if row.form_code == standing]


def criteria_of(collaboration: Collaboration) -> list[Criterion]:
    """What the matter will be accepted by, agreed or imported. One query."""
    return list(collaboration.criterions.select_related("owner_department"))


def source_of(collaboration: Collaboration) -> ImportedSource | None:
    """What the source of an imported matter said; None for one begun here. At most one query."""
    if collaboration.source_key is None:
        return None
    return ImportedSource.objects.filter(collaboration=collaboration).first()


def metric_for(actor: Actor, pk: int, *, at: datetime) -> Metric:
    """One metric of a matter the actor reads; raises ``NotFound`` otherwise."""
    return _line_for(Metric.objects.all(), actor, pk, at)


def milestone_for(actor: Actor, pk: int, *, at: datetime) -> Milestone:
    """One milestone of a matter the actor reads; raises ``NotFound`` otherwise."""
    return _line_for(Milestone.objects.all(), actor, pk, at)


def _line_for(lines: QuerySet[AnyLine], actor: Actor, pk: int, at: datetime) -> AnyLine:
    readable = access.visible(actor, at=at, path="collaboration__scope")
    found = lines.select_related("collaboration__lead_department").filter(readable, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def milestones_ahead(actor: Actor, *, since: date, until: date, at: datetime, limit: int = 50) -> list[Milestone]:
    """Milestones not reached yet of the actor's own running matters, and those his departments answer for.

    A request's milestones step back as soon as there is a plan. One query.
    """
    his = Q(collaboration__in=Collaboration.objects.filter(is_mine(actor)).values("pk"))
    planned = Milestone.objects.filter(collaboration=OuterRef("collaboration"), form_code="F04")
    rows = Milestone.objects.filter(
        access.visible(actor, at=at, path="collaboration__scope"),
        his | Q(owner_department__in=actor.department_ids),
        due_on__range=(since, until),
        reached_on__isnull=True,
        collaboration__ended_at__isnull=True,
    ).exclude(Exists(planned), form_code__in=["F01", ""])
    shown = ("name", "due_on", "collaboration__title", "collaboration__short_name")
    return list(rows.select_related("collaboration").only(*shown).order_by("due_on", "pk")[:limit])
