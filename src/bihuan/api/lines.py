"""The lines of a matter that have a life of their own: metrics and milestones."""

from datetime import date
from decimal import Decimal
from typing import Any

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Amount, Day, In, Named, Out, Page, Receipt, Words, page
from bihuan.collaborations import operations, queries

routes = Routes("collaborations")


class MeasurementOut(Out):
    id: int
    part: str
    value: Decimal
    measured_on: date
    evidence: str
    measured_by: Named


class MetricOut(Out):
    id: int
    line_id: str
    name: str
    definition: str
    direction: str
    baseline: Decimal | None
    target: Decimal
    unit: str
    unit_text: str
    breakdown: list[str]
    aggregation: str
    deadline: date | None
    measurements: list[MeasurementOut]


class MilestoneOut(Out):
    id: int
    line_id: str
    name: str
    due_on: date | None
    owner_department: Named | None
    reached_on: date | None
    evidence: str


class MeasureIn(In):
    value: Amount
    measured_on: Day
    evidence: Words
    part: Words = ""


class ReachIn(In):
    reached_on: Day
    evidence: Words


@routes.read("/collaborations/{int:collaboration_id}/metrics", Page[MetricOut])
def metrics(request: Request, collaboration_id: int) -> dict[str, Any]:
    """The metrics that are judged, each with what was measured."""
    matter = queries.collaboration_for(request.actor, collaboration_id, at=request.at)
    return page(map(_metric, queries.metrics_of(matter)))


def _metric(metric: Any) -> dict[str, Any]:
    taken = {name: getattr(metric, name) for name in MetricOut.model_fields if name != "measurements"}
    return {**taken, "measurements": list(metric.measurements.all())}


@routes.read("/collaborations/{int:collaboration_id}/milestones", Page[MilestoneOut])
def milestones(request: Request, collaboration_id: int) -> dict[str, Any]:
    """The milestones in force."""
    return page(queries.milestones_of(queries.collaboration_for(request.actor, collaboration_id, at=request.at)))


@routes.act("/metrics/{int:metric_id}/measurements", status=201)
def measure(request: Request, metric_id: int, body: MeasureIn) -> Receipt:
    """Write down a measured value with its evidence; `part` names a value of the breakdown, where there is one."""
    metric = queries.metric_for(request.actor, metric_id, at=request.at)
    operations.measure_metric(metric, **body.model_dump(), actor=request.actor, at=request.at)
    return _receipt("metric", metric, "MEASURED", "metrics")


@routes.act("/milestones/{int:milestone_id}/reach")
def reach(request: Request, milestone_id: int, body: ReachIn) -> Receipt:
    """Say that a milestone was reached, once."""
    milestone = queries.milestone_for(request.actor, milestone_id, at=request.at)
    operations.reach_milestone(milestone, **body.model_dump(), actor=request.actor, at=request.at)
    return _receipt("milestone", milestone, "REACHED", "milestones")


def _receipt(kind: str, line: Any, state: str, folder: str) -> Receipt:
    href = f"/api/v1/collaborations/{line.collaboration_id}/{folder}"
    return Receipt(kind=kind, id=line.pk, href=href, state=state)
