"""Working on tasks. Each act is one fact and one conditional update against the revision the actor saw."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations import Wanted, close_loops, open_loops, settle
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.promises import end_of, ends_of
from bihuan.collaborations.queries import current_run
from bihuan.collaborations.queries.desk import instant_so_far
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.kernel.findings import Finding, error
from bihuan.ledger import operations as ledger
from bihuan.organisation.duties import HandOver
from bihuan.organisation.models import Person
from bihuan.plans import facts
from bihuan.plans.enums import EXECUTE, FINISHED, TaskState
from bihuan.plans.errors import NotTheOwner, StaleTask
from bihuan.plans.models import Task
from bihuan.plans.policy import DutyLine, days_late
from bihuan.plans.queries import why_not_yet
from bihuan.plans.rules import may_cancel, may_hand_over, may_report


@transaction.atomic
def assign_tasks(
    collaboration: Collaboration, duties: list[DutyLine], *, version: int, actor: Actor, at: datetime
) -> list[Task]:
    """Turn the approved duty table into tasks; rows met again keep their progress, rows gone are cancelled.

    Records ``TasksAssigned``.
    """
    known = {task.line_id: task for task in collaboration.tasks.all()}
    created, changed = [], []
    for position, duty in enumerate(duties):
        if duty.department is None or duty.owner is None or duty.due is None:
            continue  # a submitted duty table has all three; an imported one need not
        columns = _columns(duty, position)
        task = known.pop(duty.row, None)
        if task is None:
            created.append(Task.objects.create(collaboration=collaboration, line_id=duty.row, **columns))
        elif any(getattr(task, name) != value for name, value in columns.items()):
            Task.objects.filter(pk=task.pk).update(revision=F("revision") + 1, **columns)
            changed.append(task)
    dropped = [task for task in known.values() if task.state not in FINISHED]
    for task in dropped:
        Task.objects.filter(pk=task.pk).update(state=TaskState.CANCELLED, finished_at=at, revision=F("revision") + 1)
        close_loops(subject=task.subject, at=at)
    ledger.record(
        facts.TasksAssigned(
            version=version,
            created=tuple(task.pk for task in created),
            changed=tuple(task.pk for task in changed),
            dropped=tuple(task.pk for task in dropped),
        ),
        actor=actor,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        at=at,
    )
    return created


def _columns(duty: DutyLine, position: int) -> dict[str, Any]:
    return {
        "position": position,
        "department_id": duty.department.id if duty.department else None,
        "post": duty.post,
        "duty": duty.duty,
        "deliverable": duty.deliverable,
        "is_intermediate": duty.is_intermediate,
        "owner_id": duty.owner.id if duty.owner else None,
        "due_on": duty.due,
    }


def wait_for_tasks(collaboration: Collaboration, *, at: datetime) -> None:
    """From the start of execution every unfinished task waits for its owner and holds back acceptance."""
    unfinished = list(collaboration.tasks.exclude(state__in=FINISHED))
    ends = ends_of(map(_owed, unfinished), collaboration, at=at)
    open_loops(collaboration, [_wanted(collaboration, task, ends[_owed(task)]) for task in unfinished], at=at)


def _owed(task: Task) -> tuple[str, date]:
    return principals.person(task.owner_id), task.new_due_on or task.due_on


def _wanted(collaboration: Collaboration, task: Task, due_at: datetime | None) -> Wanted:
    """Without an instant it leaves the one that was found when its day was typed."""
    return Wanted(
        kind=LoopKind.TASK,
        subject=task.subject,
        owner=principals.person(task.owner_id),
        asked_by=principals.person(collaboration.lead_id) if collaboration.lead_id else "",
        gate=f"leave:{EXECUTE}",
        due_at=due_at,
        params={"what": task.duty, "deliverable": task.deliverable},
    )


@transaction.atomic
def start_task(task: Task, *, seen_revision: int, actor: Actor, at: datetime) -> Task:
    """Begin a task. Records ``TaskStarted``.

    Raises ``NotTheOwner``, ``NotFiled`` before the plan has a filing number, ``NotUnderWay``, ``StaleTask``.
    """
    _ready(task, actor)
    _move(task, seen_revision, (TaskState.NOT_STARTED,), state=TaskState.IN_PROGRESS, started_at=at)
    return _tell(task, facts.TaskStarted(task_id=task.pk, duty=task.duty), actor=actor, at=at)


@transaction.atomic
def report_task(
    task: Task,
    *,
    percent: int,
    seen_revision: int,
    new_due_on: date | None = None,
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> Task:
    """Say how far a task is. One past its day needs a cause and a new day (G14). Records ``TaskReported``.

    Raises ``NotTheOwner``, ``NotFiled``, ``NotUnderWay``, ``StaleTask``, ``Refused``.
    """
    _ready(task, actor)
    due_at = instant_so_far(task.subject)
    new_due_at = _due_at(task, new_due_on, at)
    is_late, is_past = due_at is not None and due_at < at, new_due_at is not None and new_due_at < at
    _refuse(_report_findings(task, percent, new_due_on, reason, is_late=is_late, is_past=is_past))
    before = task.percent
    changes: dict[str, Any] = {"percent": percent, "state": TaskState.IN_PROGRESS, "blocker": ""}
    if new_due_on is not None:
        changes |= {"new_due_on": new_due_on, "reason": reason.strip()}
    if task.started_at is None:
        changes["started_at"] = at
    _move(task, seen_revision, (TaskState.NOT_STARTED, TaskState.IN_PROGRESS, TaskState.BLOCKED), **changes)
    fact = facts.TaskReported(
        task_id=task.pk,
        duty=task.duty,
        percent=percent,
        before=before,
        new_due_on=new_due_on.isoformat() if new_due_on else None,
        reason=reason.strip(),
    )
    if new_due_on is not None:
        open_loops(task.collaboration, [_wanted(task.collaboration, task, new_due_at)], at=at)
    return _tell(task, fact, actor=actor, at=at)


def _due_at(task: Task, day: date | None, at: datetime) -> datetime | None:
    """When a day is over for its owner."""
    return end_of(day, principals.person(task.owner_id), task.collaboration, at=at)


def _report_findings(
    task: Task, percent: int, new_due_on: date | None, reason: str, *, is_late: bool, is_past: bool
) -> list[Finding]:
    findings = []
    if not 0 <= percent <= 99:
        findings.append(error("plans.percent_out_of_range", "percent"))
    if is_late and new_due_on is None:
        findings.append(error("plans.delay_without_new_day", "new_due_on", due=task.due_on.isoformat()))
    if (is_late or new_due_on is not None) and not reason.strip():
        findings.append(error("plans.delay_without_reason", "reason"))
    if new_due_on is not None and is_past:
        findings.append(error("plans.new_day_in_past", "new_due_on", day=new_due_on.isoformat()))
    return findings


@transaction.atomic
def block_task(task: Task, *, blocker: str, seen_revision: int, actor: Actor, at: datetime) -> Task:
    """Say that a task cannot go on and what is in its way. Records ``TaskBlocked``."""
    _ready(task, actor)
    _refuse([] if blocker.strip() else [error("plans.blocker_missing", "blocker")])
    _move(
        task,
        seen_revision,
        (TaskState.NOT_STARTED, TaskState.IN_PROGRESS),
        state=TaskState.BLOCKED,
        blocker=blocker.strip(),
    )
    return _tell(task, facts.TaskBlocked(task_id=task.pk, duty=task.duty, blocker=task.blocker), actor=actor, at=at)


@transaction.atomic
def resume_task(task: Task, *, seen_revision: int, actor: Actor, at: datetime) -> Task:
    """The blocker is gone. Records ``TaskResumed``."""
    _ready(task, actor)
    _move(task, seen_revision, (TaskState.BLOCKED,), state=TaskState.IN_PROGRESS, blocker="")
    return _tell(task, facts.TaskResumed(task_id=task.pk, duty=task.duty), actor=actor, at=at)


@transaction.atomic
def finish_task(task: Task, *, output: str, seen_revision: int, actor: Actor, at: datetime) -> Task:
    """Say that a task is done and show its output (G13). Late ones are accepted and marked. Records ``TaskDone``.

    Raises ``NotTheOwner``, ``NotFiled``, ``NotUnderWay``, ``StaleTask``, ``Refused`` without an output.
    """
    _ready(task, actor)
    _refuse([] if output.strip() else [error("plans.output_missing", "output")])
    unfinished = (TaskState.NOT_STARTED, TaskState.IN_PROGRESS, TaskState.BLOCKED)
    changes = {"state": TaskState.DONE, "output": output.strip(), "percent": 100, "finished_at": at, "blocker": ""}
    _move(task, seen_revision, unfinished, **changes)
    first = instant_so_far(task.subject) if task.new_due_on is None else _due_at(task, task.due_on, at)
    late = days_late(first, at) if first is not None else 0
    close_loops(subject=task.subject, at=at)
    fact = facts.TaskDone(task_id=task.pk, duty=task.duty, output=output.strip(), days_late=late)
    task = _tell(task, fact, actor=actor, at=at)
    settle(task.collaboration, actor=actor, at=at)
    return task


@transaction.atomic
def cancel_task(task: Task, *, reason: str, seen_revision: int, actor: Actor, at: datetime) -> Task:
    """Whoever carries the matter drops a task of somebody else. Records ``TaskCancelled``."""
    if not may_cancel(actor, task):
        raise NotAllowed
    _refuse([] if reason.strip() else [error("plans.reason_missing", "reason")])
    unfinished = (TaskState.NOT_STARTED, TaskState.IN_PROGRESS, TaskState.BLOCKED)
    _move(task, seen_revision, unfinished, state=TaskState.CANCELLED, reason=reason.strip(), finished_at=at)
    close_loops(subject=task.subject, at=at)
    fact = facts.TaskCancelled(task_id=task.pk, duty=task.duty, reason=reason.strip())
    task = _tell(task, fact, actor=actor, at=at)
    settle(task.collaboration, actor=actor, at=at)
    return task


def cancel_all(
    collaboration: Collaboration, *, only: Collection[int] | None = None, reason: str, actor: Actor, at: datetime
) -> None:
    """The work was ended early, or these tasks handed over: they are owed no more. Records ``TaskCancelled`` for each.

    Part of that decision: its route has said who may.
    """
    unfinished = collaboration.tasks.exclude(state__in=FINISHED).select_related("collaboration").order_by("pk")
    for task in unfinished if only is None else unfinished.filter(pk__in=only):
        expected = (TaskState(task.state),)
        _move(task, task.revision, expected, state=TaskState.CANCELLED, reason=reason, finished_at=at)
        close_loops(subject=task.subject, at=at)
        _tell(task, facts.TaskCancelled(task_id=task.pk, duty=task.duty, reason=reason), actor=actor, at=at)


@transaction.atomic
def hand_over_task(task: Task, *, owner_id: int, reason: str, seen_revision: int, actor: Actor, at: datetime) -> Task:
    """Give an unfinished task to another person. Records ``TaskHandedOver``."""
    if not may_hand_over(actor, task):
        raise NotAllowed
    _refuse([] if reason.strip() else [error("plans.reason_missing", "reason")])
    if not Person.objects.filter(pk=owner_id, is_active=True).exists():
        raise Refused([error("plans.owner_unknown", "owner")])
    return _give_to(task, owner_id, reason.strip(), seen_revision=seen_revision, actor=actor, at=at)


@transaction.atomic
def pass_on(task_id: int, change: HandOver) -> Task:
    """Who leaves hands over an unfinished task. Records ``TaskHandedOver``; raises ``StaleTask``.

    Who may is checked by the caller (`organisation.operations.hand_over_duties`).
    """
    task = Task.objects.select_related("collaboration").get(pk=task_id, owner=change.before)
    seen = task.revision
    return _give_to(task, change.after, change.reason, seen_revision=seen, actor=change.actor, at=change.at)


def _give_to(task: Task, owner_id: int, reason: str, *, seen_revision: int, actor: Actor, at: datetime) -> Task:
    before = task.owner_id
    unfinished = (TaskState.NOT_STARTED, TaskState.IN_PROGRESS, TaskState.BLOCKED)
    _move(task, seen_revision, unfinished, owner_id=owner_id)
    fact = facts.TaskHandedOver(task_id=task.pk, duty=task.duty, before=before, after=owner_id, reason=reason)
    task = _tell(task, fact, actor=actor, at=at)
    if is_under_way(task.collaboration):
        open_loops(task.collaboration, [_wanted(task.collaboration, task, None)], at=at)
    return task


def is_under_way(collaboration: Collaboration) -> bool:
    run = current_run(collaboration)
    return run is not None and run.step == EXECUTE


def _ready(task: Task, actor: Actor) -> None:
    if not may_report(actor, task):
        raise NotTheOwner
    obstacle = why_not_yet(task)
    if obstacle is not None:
        raise obstacle


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise Refused(findings)


def _move(task: Task, seen_revision: int, expected: tuple[TaskState, ...], **changes: Any) -> None:
    ledger.lock_chain(root_of(task.collaboration))
    rows = Task.objects.filter(pk=task.pk, state__in=expected, revision=seen_revision)
    if not rows.update(revision=F("revision") + 1, **changes):
        raise StaleTask
    task.refresh_from_db()


def _tell(task: Task, fact: facts.TaskFact, *, actor: Actor, at: datetime) -> Task:
    ledger.record(
        fact,
        actor=actor,
        root=root_of(task.collaboration),
        subject=task.subject,
        scope_id=task.collaboration.scope_id,
        at=at,
    )
    return task


def change_department(collaboration_id: int, *, before: int, after: int) -> None:
    """Unfinished tasks go with their department after a reorganisation, whose fact tells it."""
    mine = Task.objects.filter(collaboration=collaboration_id, department=before).exclude(state__in=FINISHED)
    mine.update(department_id=after, revision=F("revision") + 1)
