"""Reading plans and tasks."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from bihuan.access import queries as access
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.lines import NeedLine, requested_items, results_of
from bihuan.collaborations.queries import current_run, plan_of
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import DomainError, NotFound
from bihuan.kernel.subjects import SubjectRef
from bihuan.plans.enums import EXECUTE, FINISHED, TaskState
from bihuan.plans.errors import NotFiled, NotUnderWay
from bihuan.plans.models import Task
from bihuan.plans.policy import DutyLine, duties_of
from bihuan.records import queries as records


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as pages show it: `state` tells a delay by itself."""

    task: Task
    state: TaskState
    days_late: int


def shown(task: Task, today: date) -> TaskRow:
    """A task past its day and not finished is delayed, whatever was chosen (G14)."""
    due = task.new_due_on or task.due_on
    late = (today - due).days if due < today and task.state not in FINISHED else 0
    is_delayed = task.due_on < today and task.state not in FINISHED and task.state != TaskState.BLOCKED
    return TaskRow(task, TaskState.DELAYED if is_delayed else TaskState(task.state), late)


def tasks_of(collaboration: Collaboration, today: date) -> list[TaskRow]:
    """Every task of a matter the caller holds, in the order of the duty table. One query."""
    return [shown(task, today) for task in _with_names(collaboration.tasks.all())]


def _with_names(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("department", "owner", "collaboration__lead_department__site")


def task_for(actor: Actor, pk: int, *, at: datetime) -> Task:
    """One task of a matter the actor reads; raises ``NotFound`` otherwise."""
    found = (
        Task.objects.filter(access.visible(actor, at=at, path="collaboration__scope"), pk=pk)
        .select_related(
            "department",
            "owner",
            "collaboration__lead_department__site",
            "collaboration__playbook_version",
        )
        .first()
    )
    if found is None:
        raise NotFound
    return found


def why_not_yet(task: Task) -> DomainError | None:
    """What keeps every task of the matter from moving: ``NotFiled`` (G07), ``NotUnderWay``; None in execution."""
    run = current_run(task.collaboration)
    if run is None:
        return NotUnderWay()
    if run.step == EXECUTE:
        return None
    plan = plan_of(task.collaboration)
    return NotFiled() if plan.has("FILING") and not plan.is_before("FILING", run.step) else NotUnderWay()


def expected_results(root: SubjectRef) -> tuple[str, ...]:
    """Names of the results that duties must cover: the plan draft's, else the request's."""
    plan = records.record_of(root, "F04")
    if plan is not None and plan.draft.get("expected_results"):
        return tuple(str(row.get("name") or "") for row in plan.draft["expected_results"])
    request = records.latest(root, "F01")
    return tuple(line.name for line in results_of(request.data)) if request is not None else ()


def submitted_duties(root: SubjectRef) -> tuple[DutyLine, ...]:
    """Rows of the duty table as last submitted."""
    version = records.latest(root, "F05")
    return tuple(duties_of(version.data)) if version is not None else ()


def asked_needs(root: SubjectRef) -> tuple[NeedLine, ...]:
    """What the request asked the departments for."""
    request = records.latest(root, "F01")
    return tuple(requested_items(request.data)) if request is not None else ()


def unfinished_of(department_id: int) -> int:
    """How many unfinished tasks of matters under way a department has. One query."""
    mine = Task.objects.filter(department=department_id, collaboration__ended_at__isnull=True)
    return mine.exclude(state__in=FINISHED).count()
