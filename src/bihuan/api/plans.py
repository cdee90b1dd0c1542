"""Tasks and the acts on them."""

from datetime import date, datetime
from typing import Any

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Day, Id, Named, Out, Page, Percent, Receipt, Seen, SeenWithReason, Words, page
from bihuan.collaborations.queries import collaboration_for
from bihuan.plans import operations, queries

routes = Routes("plans")


class TaskOut(Out):
    """`state` tells a delay by itself; `days_late` counts from the day agreed last."""

    id: int
    collaboration_id: int
    line_id: str
    department: Named
    owner: Named
    post: str
    duty: str
    deliverable: str
    due_on: date
    new_due_on: date | None
    percent: int
    output: str
    blocker: str
    reason: str
    started_at: datetime | None
    finished_at: datetime | None
    revision: int
    state: str
    days_late: int


class TaskReportIn(Seen):
    percent: Percent
    new_due_on: Day | None = None
    reason: Words = ""


class BlockIn(Seen):
    blocker: Words


class FinishIn(Seen):
    output: Words


class TaskHandOverIn(SeenWithReason):
    owner_id: Id


@routes.read("/collaborations/{int:collaboration_id}/tasks", Page[TaskOut])
def of_collaboration(request: Request, collaboration_id: int) -> dict[str, Any]:
    """Every task of a matter, in the order of the duty table."""
    matter = collaboration_for(request.actor, collaboration_id, at=request.at)
    return page(map(_row, queries.tasks_of(matter, request.at)))


@routes.read("/tasks/{int:task_id}", TaskOut)
def task(request: Request, task_id: int) -> dict[str, Any]:
    return _row(queries.shown(_task(request, task_id), request.at))


def _row(row: queries.TaskRow) -> dict[str, Any]:
    computed = {"state": row.state.value, "days_late": row.days_late}
    return {name: getattr(row.task, name) for name in TaskOut.model_fields if name not in computed} | computed


@routes.act("/tasks/{int:task_id}/start")
def start(request: Request, task_id: int, body: Seen) -> Receipt:
    """Begin a task."""
    return _receipt(operations.start_task(_task(request, task_id), **_said(request, body)))


@routes.act("/tasks/{int:task_id}/report")
def report(request: Request, task_id: int, body: TaskReportIn) -> Receipt:
    """Say how far a task is."""
    return _receipt(operations.report_task(_task(request, task_id), **_said(request, body)))


@routes.act("/tasks/{int:task_id}/block")
def block(request: Request, task_id: int, body: BlockIn) -> Receipt:
    """Say that a task cannot go on and what is in its way."""
    return _receipt(operations.block_task(_task(request, task_id), **_said(request, body)))


@routes.act("/tasks/{int:task_id}/resume")
def resume(request: Request, task_id: int, body: Seen) -> Receipt:
    """The blocker is gone."""
    return _receipt(operations.resume_task(_task(request, task_id), **_said(request, body)))


@routes.act("/tasks/{int:task_id}/finish")
def finish(request: Request, task_id: int, body: FinishIn) -> Receipt:
    """Say that a task is done and show its output."""
    return _receipt(operations.finish_task(_task(request, task_id), **_said(request, body)))


@routes.act("/tasks/{int:task_id}/cancel")
def cancel(request: Request, task_id: int, body: SeenWithReason) -> Receipt:
    """Whoever carries the matter drops a task of somebody else."""
    return _receipt(operations.cancel_task(_task(request, task_id), **_said(request, body)))


@routes.act("/tasks/{int:task_id}/hand-over")
def hand_over(request: Request, task_id: int, body: TaskHandOverIn) -> Receipt:
    """Give an unfinished task to another person."""
    return _receipt(operations.hand_over_task(_task(request, task_id), **_said(request, body)))


def _said(request: Request, body: Seen) -> dict[str, Any]:
    return {**body.model_dump(), "actor": request.actor, "at": request.at}


def _task(request: Request, task_id: int) -> Any:
    return queries.task_for(request.actor, task_id, at=request.at)


def _receipt(found: Any) -> Receipt:
    href = f"/api/v1/tasks/{found.pk}"
    return Receipt(kind="task", id=found.pk, href=href, state=found.state, revision=found.revision)
