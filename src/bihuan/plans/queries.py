"""Reading plans and tasks."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from bihuan.access import queries as access
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.policy.lines import NeedLine, requested_items, results_of
from bihuan.collaborations.queries import current_run, plan_of
from bihuan.collaborations.queries.desk import instant_so_far
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import DomainError, NotFound
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.queries import day_of
from bihuan.plans.enums import EXECUTE, FINISHED, TaskState
from bihuan.plans.errors import NotFiled, NotUnderWay
from bihuan.plans.models import Task
from bihuan.plans.policy import DutyLine, days_late, duties_of
from bihuan.records import queries as records

OWED_AT = "owed_at"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as pages show it: `state` tells a delay by itself; `is_late` past the day agreed last."""

    task: Task
    state: TaskState
    days_late: int

    @property
    def is_late(self) -> bool:
        return self.days_late > 0


def shown(task: Task, at: datetime) -> TaskRow:
    """A task past its day and not finished is delayed, whatever was chosen (G14). One query."""
    return _shown(task, instant_so_far(task.subject), at)


def tasks_of(collaboration: Collaboration, at: datetime) -> list[TaskRow]:
    """Every task of a matter the caller holds, in the order of the duty table. One query."""
    waiting = Loop.objects.filter(kind=LoopKind.TASK, subject_kind="task", subject_id=OuterRef("pk"), closed_at=None)
    tasks = collaboration.tasks.select_related("department", "owner", "collaboration__lead_department__site")
    found = tasks.annotate(**{OWED_AT: Subquery(waiting.values("due_at")[:1])})
    return [_shown(task, getattr(task, OWED_AT), at) for task in found]


def _shown(task: Task, due_at: datetime | None, at: datetime) -> TaskRow:
    """By the instant its deadline runs to; before the work begins none does, and only its day is known."""
    if task.state in FINISHED:
        return TaskRow(task, TaskState(task.state), 0)
    today = day_of(at)
    late = days_late(due_at, at) if due_at is not None else max((today - (task.new_due_on or task.due_on)).days, 0)
    is_delayed = (late > 0 or (task.new_due_on is not None and task.due_on < today)) and task.state != TaskState.BLOCKED
    return TaskRow(task, TaskState.DELAYED if is_delayed else TaskState(task.state), late)


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
