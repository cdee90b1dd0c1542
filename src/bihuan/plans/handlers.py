"""What plans make of facts from below."""

from bihuan.collaborations.facts import DepartmentReplaced, ItemsHandedOver, StepEntered, WorkStopped
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.queries import current_run
from bihuan.ledger.subscriptions import Recorded
from bihuan.plans.enums import EXECUTE
from bihuan.plans.operations import assign_tasks, cancel_all, change_department, wait_for_tasks
from bihuan.plans.policy import duties_of
from bihuan.records.enums import Status
from bihuan.records.facts import RecordSettled
from bihuan.records.models import Record


def on_record_settled(fact: RecordSettled, context: Recorded) -> None:
    """The duty table is approved: its rows are tasks from now on, though none may begin before filing."""
    if fact.form_code != "F05" or fact.after != Status.APPROVED or context.root.kind != "collaboration":
        return
    record = Record.objects.select_related("current_version").get(pk=fact.record_id)
    if record.current_version is None:
        return
    collaboration = Collaboration.objects.select_related("lead_department__site").get(pk=context.root.id)
    assign_tasks(
        collaboration,
        duties_of(record.current_version.data),
        version=fact.version,
        actor=context.actor,
        at=context.at,
    )
    run = current_run(collaboration)
    if run is not None and run.step == EXECUTE:
        wait_for_tasks(collaboration, at=context.at)


def on_step_entered(fact: StepEntered, context: Recorded) -> None:
    if fact.step == EXECUTE:
        collaboration = Collaboration.objects.select_related("lead_department__site").get(pk=context.root.id)
        wait_for_tasks(collaboration, at=context.at)


def on_work_stopped(fact: WorkStopped, context: Recorded) -> None:
    matter = Collaboration.objects.get(pk=context.root.id)
    cancel_all(matter, reason=fact.reason, actor=context.actor, at=context.at)


def on_items_handed_over(fact: ItemsHandedOver, context: Recorded) -> None:
    """A task that was handed over goes on as a promise of its new owner."""
    tasks = fact.ids("task")
    if tasks:
        matter = Collaboration.objects.get(pk=context.root.id)
        cancel_all(matter, only=tasks, reason=fact.number, actor=context.actor, at=context.at)


def on_department_replaced(fact: DepartmentReplaced, context: Recorded) -> None:
    change_department(context.root.id, before=fact.department_before, after=fact.department_id)
