"""The weekly table."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Day, Id, In, Named, Out, Page, Percent, Receipt, Seen, Words, page
from bihuan.collaborations.queries import collaboration_for
from bihuan.kernel.errors import NotFound
from bihuan.progress import operations, queries
from bihuan.progress.policy import Told

routes = Routes("progress")


class ReportRowOut(Out):
    id: int
    task_id: int
    planned: str
    planned_percent: int
    percent: int
    actual: str
    variance_reason: str
    measure: str
    measure_owner: Named | None
    measure_due: date | None


class ReportOut(Out):
    id: int
    department: Named
    reporter: Named | None
    number: str
    next_plan: str
    to_coordinate: str
    submitted_by: Named | None
    submitted_at: datetime | None
    version_id: int | None
    revision: int
    rows: list[ReportRowOut]


class PeriodOut(Out):
    """A turn of a form: F09 the weekly table, F10 that of a problem, whose versions are records."""

    id: int
    form: str
    starts_on: date
    ends_on: date
    due_at: datetime
    locked_at: datetime | None
    reports: list[ReportOut]


class ReportRowIn(In):
    """What is said about one row. One behind its plan needs a cause and a measure with owner and day."""

    row_id: Id
    percent: Percent | None = None
    actual: Words = ""
    variance_reason: Words = ""
    measure: Words = ""
    measure_owner_id: Id | None = None
    measure_due: Day | None = None


class ReportSubmitIn(Seen):
    rows: Annotated[list[ReportRowIn], Field(max_length=500)]
    next_plan: Words
    to_coordinate: Words = ""


@routes.read("/collaborations/{int:collaboration_id}/reports", Page[PeriodOut])
def of_collaboration(request: Request, collaboration_id: int) -> dict[str, Any]:
    """The twelve newest weeks of a matter, each with its departments' reports."""
    matter = collaboration_for(request.actor, collaboration_id, at=request.at)
    return page(map(_period, queries.periods_of(matter)))


@routes.read("/reports/{int:report_id}", ReportOut)
def report(request: Request, report_id: int) -> dict[str, Any]:
    return _report(_found(request, report_id))


def _period(period: Any) -> dict[str, Any]:
    taken = {name: getattr(period, name) for name in PeriodOut.model_fields if name != "reports"}
    return {**taken, "reports": [_report(each) for each in period.reports.all()]}


def _report(found: Any) -> dict[str, Any]:
    taken = {name: getattr(found, name) for name in ReportOut.model_fields if name != "rows"}
    return {**taken, "rows": list(found.rows.all())}


@routes.act("/reports/{int:report_id}/submit")
def submit(request: Request, report_id: int, body: ReportSubmitIn) -> Receipt:
    """File a department's week. Late ones are accepted and marked."""
    found = _found(request, report_id)
    told = {row.row_id: Told(**row.model_dump(exclude={"row_id"})) for row in body.rows}
    if not set(told) <= {row.pk for row in found.rows.all()}:
        raise NotFound
    filed = operations.submit_report(
        found, told=told, next_plan=body.next_plan, to_coordinate=body.to_coordinate,
        seen_revision=body.seen_revision, actor=request.actor, at=request.at,
    )  # fmt: skip
    href = f"/api/v1/reports/{filed.pk}"
    return Receipt(kind="report", id=filed.pk, href=href, state="SUBMITTED", revision=filed.revision)


def _found(request: Request, report_id: int) -> Any:
    return queries.report_for(request.actor, report_id, at=request.at)
