"""What can happen to a task."""

from dataclasses import dataclass
from typing import ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class TasksAssigned(Fact):
    """The approved duty table became tasks."""

    name: ClassVar[str] = "plans.tasks.assigned"
    version: int
    created: tuple[int, ...]
    changed: tuple[int, ...]
    dropped: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class TaskFact(Fact):
    task_id: int
    duty: str


@dataclass(frozen=True, kw_only=True)
class TaskStarted(TaskFact):
    name: ClassVar[str] = "plans.task.started"


@dataclass(frozen=True, kw_only=True)
class TaskReported(TaskFact):
    """How far it is, and since it may be late, when it will be done instead."""

    name: ClassVar[str] = "plans.task.reported"
    percent: int
    before: int
    new_due_on: str | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskBlocked(TaskFact):
    name: ClassVar[str] = "plans.task.blocked"
    blocker: str


@dataclass(frozen=True, kw_only=True)
class TaskResumed(TaskFact):
    name: ClassVar[str] = "plans.task.resumed"


@dataclass(frozen=True, kw_only=True)
class TaskDone(TaskFact):
    name: ClassVar[str] = "plans.task.done"
    output: str
    days_late: int


@dataclass(frozen=True, kw_only=True)
class TaskCancelled(TaskFact):
    name: ClassVar[str] = "plans.task.cancelled"
    reason: str


@dataclass(frozen=True, kw_only=True)
class TaskHandedOver(TaskFact):
    name: ClassVar[str] = "plans.task.handed_over"
    before: int
    after: int
    reason: str
