"""F04 and F05: whether the plan holds together and no result is left to nobody (G06)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bihuan.collaborations.policy.body import Body, Ref, day, normal, ref, rows, same, text, yes
from bihuan.collaborations.policy.lines import NeedLine, ResultLine, milestones_of, needs_of, results_of
from bihuan.collaborations.policy.metrics import MetricDates, goal_findings, metric_findings, metrics_of
from bihuan.collaborations.policy.needs import milestone_findings, need_findings, result_findings, same_name, total
from bihuan.collaborations.policy.parties import Matter, absent, date_fits, dates_fit, departments_fit, people_fit
from bihuan.kernel.findings import Finding, error, warning


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A row of the duty table; it becomes a task."""

    row: str
    department: Ref | None
    post: str
    duty: str
    deliverable: str
    is_intermediate: bool
    due: date | None
    owner: Ref | None


@dataclass(frozen=True, slots=True)
class PlanContext:
    """`asked` are the needs of the request, `duties` the rows of the duty table as last submitted."""

    matter: Matter
    asked: tuple[NeedLine, ...] = ()
    duties: tuple[DutyLine, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyContext:
    """`results` are the names of the expected results the duties must cover."""

    matter: Matter
    results: tuple[str, ...] = ()


def duties_of(body: Body) -> list[DutyLine]:
    return [
        DutyLine(
            row=text(row, "id"),
            department=ref(row, "dept"),
            post=text(row, "post"),
            duty=text(row, "duty"),
            deliverable=text(row, "deliverable"),
            is_intermediate=yes(row, "intermediate"),
            due=day(row, "due"),
            owner=ref(row, "owner"),
        )
        for row in rows(body, "rows")
    ]


def check_duty_table(body: Body, context: DutyContext) -> list[Finding]:
    duties, lines, matter = duties_of(body), rows(body, "rows"), context.matter
    return [
        *absent(lines, matter, "plans.department_without_duty", "rows"),
        *departments_fit(lines, "rows", matter),
        *_for_nothing(duties, context.results),
        *[error("plans.result_without_duty", "rows", result=name) for name in uncovered(context.results, duties)],
        *dates_fit(lines, "rows", "due", matter.today, matter.finish),
        *people_fit(lines, "rows", "owner", matter.people, "dept"),
    ]


def uncovered(results: Iterable[str], duties: Iterable[DutyLine]) -> list[str]:
    """三不管: expected results that no duty delivers."""
    delivered = {normal(duty.deliverable) for duty in duties}
    return [name for name in results if name and normal(name) not in delivered]


def _for_nothing(duties: Iterable[DutyLine], results: Iterable[str]) -> list[Finding]:
    wanted = {normal(name) for name in results}
    return [
        error("plans.duty_for_no_result", f"rows.{index}.deliverable", deliverable=duty.deliverable)
        for index, duty in enumerate(duties)
        if duty.deliverable and not duty.is_intermediate and normal(duty.deliverable) not in wanted
    ]


def check_plan(body: Body, context: PlanContext) -> list[Finding]:
    matter = context.matter
    return [
        *_phases(body, matter),
        *_nodes(body, matter),
        *need_findings(needs_of(body, "resource_list"), "resource_list", matter),
        *_asked(needs_of(body, "resource_list"), context.asked),
        *_results(results_of(body), context),
        *_metrics(body, matter),
        *people_fit(rows(body, "risks"), "risks", "owner", matter.people),
    ]


def _phases(body: Body, matter: Matter) -> list[Finding]:
    phases = rows(body, "phases")
    found = []
    for index, row in enumerate(phases):
        start, end = day(row, "start"), day(row, "end")
        if start and end and end < start:
            found.append(error("collaborations.ends_before_start", f"phases.{index}.end", end=end.isoformat()))
        found += date_fits(f"phases.{index}.end", end, matter.today, matter.finish)
    return found + _order(phases, is_explained=bool(text(body, "gaps_reason")))


def _order(phases: list[Body], *, is_explained: bool) -> list[Finding]:
    """Phases follow one another without a gap, unless the gap is explained."""
    found = []
    begun: date | None = None
    ended: date | None = None
    for index, row in enumerate(phases):
        start, name = day(row, "start"), text(row, "name")
        if start and begun and start < begun:
            found.append(error("plans.phase_out_of_order", f"phases.{index}.start", phase=name))
        elif start and ended and start - ended > timedelta(days=1) and not is_explained:
            found.append(error("plans.phase_gap", f"phases.{index}.start", phase=name, days=(start - ended).days - 1))
        begun = start or begun
        ended = max((on for on in (ended, day(row, "end")) if on), default=None)
    return found


def _nodes(body: Body, matter: Matter) -> list[Finding]:
    nodes = milestones_of(body, "time_nodes")
    return [
        *milestone_findings(nodes, "time_nodes", matter.today, matter.finish),
        *same_name([line.name for line in nodes], "time_nodes"),
        *departments_fit(rows(body, "time_nodes"), "time_nodes", matter, "owner_dept"),
    ]


def _asked(planned: list[NeedLine], asked: Iterable[NeedLine]) -> list[Finding]:
    """The list holds all that the request asked for; less of it is allowed and said."""
    found = []
    for need in asked:
        lines = [line for line in planned if _is_same(line, need)]
        department = need.department.name if need.department else ""
        if not lines:
            found.append(error("plans.need_missing", "resource_list", spec=need.spec, department=department))
        elif _sum(lines, "quantity") < (need.quantity or 0) or _sum(lines, "amount") < (need.amount or 0):
            found.append(warning("plans.need_reduced", "resource_list", spec=need.spec, department=department))
    return found


def _is_same(line: NeedLine, need: NeedLine) -> bool:
    if line.row and line.row == need.row:
        return True
    departments = (line.department and line.department.id, need.department and need.department.id)
    return departments[0] == departments[1] and line.type == need.type and same(line.spec, need.spec)


def _sum(lines: Iterable[NeedLine], what: str) -> Decimal:
    return sum((getattr(line, what) or Decimal(0) for line in lines), Decimal(0))


def _results(results: list[ResultLine], context: PlanContext) -> list[Finding]:
    matter, names = context.matter, [line.name for line in results]
    found = [*result_findings(results, matter.today, matter.finish), *same_name(names, "expected_results")]
    if not context.duties:
        return [*found, error("plans.duty_table_missing", "duty_table")]
    left = set(uncovered(names, context.duties))
    return found + [
        error("plans.result_without_duty", f"expected_results.{index}.name", result=name)
        for index, name in enumerate(names)
        if name in left
    ]


def _metrics(body: Body, matter: Matter) -> list[Finding]:
    metrics = metrics_of(body)
    nodes = {line.name: line.on for line in milestones_of(body, "time_nodes") if line.on}
    return [
        *goal_findings(metrics),
        *metric_findings(metrics, MetricDates(matter.today, matter.finish, nodes)),
        *same_name([metric.name for metric in metrics], "metrics"),
    ]


def computed_plan(body: Body) -> dict[str, Any]:
    """The computed part of a plan that follows from what was typed: the sum of all amounts."""
    budget = total(needs_of(body, "resource_list"))
    return {"budget_total": None if budget is None else format(budget.quantize(Decimal("0.01")), "f")}
