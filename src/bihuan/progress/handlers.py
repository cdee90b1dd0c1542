"""What the weekly table makes of facts from below."""

from bihuan.collaborations.facts import DepartmentReplaced, StepEntered, StepLeft
from bihuan.collaborations.models import Collaboration
from bihuan.ledger.subscriptions import Recorded
from bihuan.plans.enums import EXECUTE
from bihuan.progress.operations import ask_again, change_department, give_up_week, open_week


def _matter(context: Recorded) -> Collaboration:
    return Collaboration.objects.select_related("lead_department__site", "playbook_version").get(pk=context.root.id)


def on_step_entered(fact: StepEntered, context: Recorded) -> None:
    """The first week opens with the work, or goes on when a failed acceptance leads back to it."""
    if fact.step == EXECUTE:
        open_week(_matter(context), actor=context.actor, at=context.at)
        ask_again(_matter(context), at=context.at)


def on_step_left(fact: StepLeft, context: Recorded) -> None:
    if fact.step == EXECUTE:
        give_up_week(_matter(context), at=context.at)


def on_department_replaced(fact: DepartmentReplaced, context: Recorded) -> None:
    change_department(context.root.id, before=fact.department_before, after=fact.department_id)
