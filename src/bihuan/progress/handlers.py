"""What the tables that come round make of facts from below."""

from bihuan.collaborations.facts import DepartmentReplaced, LeadChanged, StepEntered, StepLeft
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.playbook import TABLE
from bihuan.ledger.subscriptions import Recorded
from bihuan.plans.enums import EXECUTE
from bihuan.progress.operations import (
    ask_again,
    change_department,
    give_table,
    give_up_week,
    open_table,
    open_week,
    take_table,
)
from bihuan.records.facts import RecordSubmitted
from bihuan.records.models import Version


def _matter(context: Recorded) -> Collaboration:
    return Collaboration.objects.select_related("lead_department__site", "playbook_version").get(pk=context.root.id)


def on_step_entered(fact: StepEntered, context: Recorded) -> None:
    """The first week opens with the work, or goes on when a failed acceptance leads back to it."""
    if fact.step == EXECUTE:
        matter = _matter(context)
        open_week(matter, actor=context.actor, at=context.at)
        open_table(matter, actor=context.actor, at=context.at)
        ask_again(matter, at=context.at)


def on_step_left(fact: StepLeft, context: Recorded) -> None:
    if fact.step == EXECUTE:
        give_up_week(_matter(context), at=context.at)


def on_lead_changed(fact: LeadChanged, context: Recorded) -> None:
    give_table(_matter(context), at=context.at)


def on_submitted(fact: RecordSubmitted, context: Recorded) -> None:
    """The table of a problem is there for its turn."""
    if fact.form_code == TABLE and context.root.kind == "collaboration":
        version = Version.objects.select_related("record").get(record=fact.record_id, version=fact.version)
        take_table(_matter(context), version, actor=context.actor, at=context.at)


def on_department_replaced(fact: DepartmentReplaced, context: Recorded) -> None:
    change_department(context.root.id, before=fact.department_before, after=fact.department_id)
