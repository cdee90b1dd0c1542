"""F04, F05 and F06: whether plan (G06) and matrix (G09 to G12) hold together, and no result is left to nobody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bihuan.collaborations.policy.body import Body, Ref, day, normal, ref, rows, same, text, yes
from bihuan.collaborations.policy.lines import NeedLine, ResultLine, milestones_of, needs_of, results_of
from bihuan.collaborations.policy.metrics import MetricDates, goal_findings, metric_findings, metrics_of
from bihuan.collaborations.policy.needs import milestone_findings, need_findings, result_findings, same_name, total
from bihuan.collaborations.policy.parties import Matter, absent, date_fits, dates_fit, departments_fit, people_fit
from bihuan.kernel.findings import Finding, error, warning

ONE_DAY = timedelta(days=1)
ANSWERS, DOES = frozenset({"A", "RA"}), frozenset({"R", "RA"})


def days_late(due_at: datetime, at: datetime) -> int:
    """How many days after its instant, a begun one counted whole; nought up to the very instant."""
    return max(-((due_at - at) // ONE_DAY), 0)


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


@dataclass(frozen=True, slots=True)
class MatrixContext:
    """`results` are the names of the expected results that some task must deliver. More than so many `responsible` for
    one task are worth a word."""

    matter: Matter
    results: tuple[str, ...] = ()
    responsible: int = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One letter of one party in one task; `at` is its row."""

    at: int
    task: str
    department: Ref | None
    person: Ref | None
    letter: str

    @property
    def party(self) -> tuple[int | None, int | None]:
        return self.department.id if self.department else None, self.person.id if self.person else None

    @property
    def name(self) -> str:
        party = self.person or self.department
        return party.name if party is not None else ""


def cells_of(body: Body) -> list[Cell]:
    return [
        Cell(index, normal(text(row, "task")), ref(row, "dept"), ref(row, "person"), text(row, "letter"))
        for index, row in enumerate(rows(body, "cells"))
    ]


def check_matrix(body: Body, context: MatrixContext) -> list[Finding]:
    """Everything that keeps the matrix from holding, at the row it stands in."""
    tasks, letters, cells, matter = rows(body, "tasks"), rows(body, "cells"), cells_of(body), context.matter
    return [
        *same_name([text(row, "task") for row in tasks], "tasks", "task"),
        *_tasks(tasks, cells, context.responsible),
        *_letters(cells, {normal(text(row, "task")) for row in tasks}),
        *uncovered_by_matrix(body, context),
        *_spans(tasks),
        *dates_fit(tasks, "tasks", "due", matter.today, matter.finish),
        *departments_fit(letters, "cells", matter),
        *people_fit(letters, "cells", "person", matter.people, "dept"),
    ]


def _tasks(tasks: Sequence[Body], cells: Iterable[Cell], enough: int) -> Iterator[Finding]:
    """Exactly one answers for a task (G09), at least one does it (G10); many hands are a warning."""
    of_task: dict[str, list[Cell]] = {}
    for cell in cells:
        of_task.setdefault(cell.task, []).append(cell)
    for index, row in enumerate(tasks):
        name, place = text(row, "task"), f"tasks.{index}.task"
        if not name:
            continue
        here = of_task.get(normal(name), [])
        answering = [cell.name for cell in here if cell.letter in ANSWERS]
        doing = [cell.name for cell in here if cell.letter in DOES]
        if not answering:
            yield error("plans.nobody_answers", place, task=name)
        elif len(answering) > 1:
            yield error("plans.several_answer", place, task=name, names=", ".join(answering))
        if not doing:
            yield error("plans.nobody_does", place, task=name)
        elif len(doing) > enough:
            yield warning("plans.many_do", place, task=name, count=len(doing))


def _letters(cells: Iterable[Cell], tasks: frozenset[str] | set[str]) -> Iterator[Finding]:
    """One letter for a party and task (G11), and only for tasks that there are."""
    seen: set[tuple[str, tuple[int | None, int | None]]] = set()
    for cell in cells:
        if cell.task and cell.task not in tasks:
            yield error("plans.letter_without_task", f"cells.{cell.at}.task")
        if cell.department is None:
            continue
        if (cell.task, cell.party) in seen:
            yield error("plans.letter_twice", f"cells.{cell.at}.letter", name=cell.name)
        seen.add((cell.task, cell.party))
        if cell.letter == "RA":
            yield warning("plans.does_and_answers", f"cells.{cell.at}.letter", name=cell.name)


def uncovered_by_matrix(body: Body, context: MatrixContext) -> list[Finding]:
    """Departments without a letter and results that no task delivers (G12)."""
    delivered = {normal(text(row, "deliverable")) for row in rows(body, "tasks")}
    return [
        *absent(rows(body, "cells"), context.matter, "plans.department_without_letter", "cells"),
        *[
            error("plans.result_without_task", "tasks", result=name)
            for name in context.results
            if name and normal(name) not in delivered
        ],
    ]


def _spans(tasks: Sequence[Body]) -> Iterator[Finding]:
    for index, row in enumerate(tasks):
        start, due = day(row, "start"), day(row, "due")
        if start and due and due < start:
            yield error("collaborations.ends_before_start", f"tasks.{index}.due", end=due.isoformat())


def drafted(duties: Sequence[DutyLine], results: Sequence[Mapping[str, str]], lead: int | None) -> dict[str, object]:
    """A task for each duty with its department as R and the lead department as A; without duties, one per result."""
    if not duties:
        return {"tasks": [dict(row) for row in results]}
    return {
        "tasks": [
            {"task": duty.duty[:100], "deliverable": duty.deliverable, "due": duty.due.isoformat() if duty.due else ""}
            for duty in duties
        ],
        "cells": [cell for duty in duties for cell in _cells_for(duty, lead)],
    }


def _cells_for(duty: DutyLine, lead: int | None) -> Iterator[dict[str, object]]:
    doing, task = duty.department.id if duty.department else None, duty.duty[:100]
    owner = duty.owner.id if duty.owner else None
    yield {"task": task, "dept": doing, "person": owner, "letter": "R"}
    yield {"task": task, "dept": lead, "person": None, "letter": "A"}
