"""What resources make of facts from below."""

from bihuan.collaborations.facts import DepartmentReplaced, StepEntered, WorkStopped
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.lines import needs_of
from bihuan.collaborations.queries import plan_of
from bihuan.ledger.subscriptions import Recorded
from bihuan.records.facts import RecordSubmitted
from bihuan.records.models import Version
from bihuan.resources.enums import RESOURCE, NeedState
from bihuan.resources.operations import (
    ARCHIVE,
    ask_for_needs,
    change_department,
    drop_all,
    wait_until_in_place,
    wait_until_released,
)
from bihuan.resources.policy import WORK, step_of_supply

LISTS = {"F01": "resources", "F02": "resources", "F04": "resource_list"}


def on_record_submitted(fact: RecordSubmitted, context: Recorded) -> None:
    """The request and the plan name what the departments are asked for."""
    if fact.form_code not in LISTS or context.root.kind != "collaboration":
        return
    version = Version.objects.get(record_id=fact.record_id, version=fact.version)
    ask_for_needs(
        Collaboration.objects.select_related("lead_department__site", "playbook_version").get(pk=context.root.id),
        needs_of(version.data, LISTS[fact.form_code]),
        form_code=fact.form_code,
        version=fact.version,
        actor=context.actor,
        at=context.at,
    )


def on_step_entered(fact: StepEntered, context: Recorded) -> None:
    if fact.step not in {RESOURCE, WORK, ARCHIVE}:
        return
    matters = Collaboration.objects.select_related("lead_department__site", "playbook_version")
    collaboration = matters.get(pk=context.root.id)
    if fact.step != ARCHIVE and fact.step != step_of_supply(plan_of(collaboration)):
        return
    state, wait = (
        (NeedState.PROMISED, wait_until_in_place) if fact.step != ARCHIVE else (NeedState.IN_PLACE, wait_until_released)
    )
    for need in collaboration.needs.filter(state=state).select_related(
        "collaboration__lead_department__site", "collaboration__playbook_version"
    ):
        wait(need, at=context.at)


def on_work_stopped(fact: WorkStopped, context: Recorded) -> None:
    matter = Collaboration.objects.get(pk=context.root.id)
    drop_all(matter, reason=fact.reason, actor=context.actor, at=context.at)


def on_department_replaced(fact: DepartmentReplaced, context: Recorded) -> None:
    change_department(context.root.id, before=fact.department_before, after=fact.department_id)
