"""The time rule of tasks (T21): the day of the plan is typed, so only people move it."""

from datetime import date

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.facts import StepEntered
from bihuan.collaborations.models import Loop
from bihuan.collaborations.operations.promises import end_of
from bihuan.collaborations.timing import follow_loops, matter_of
from bihuan.deadlines import operations, queries
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.registry import Handler, bind
from bihuan.kernel import principals
from bihuan.kernel.facts import Fact
from bihuan.ledger.subscriptions import Recorded
from bihuan.plans.enums import EXECUTE
from bihuan.plans.facts import TaskCancelled, TaskDone, TaskHandedOver, TaskReported

TASK = "T21"


def bind_rules() -> None:
    facts: dict[type[Fact], Handler] = {
        StepEntered: on_entered,
        TaskDone: on_done,
        TaskReported: on_reported,
        TaskCancelled: on_cancelled,
        TaskHandedOver: on_handed_over,
    }
    bind([TASK], facts, room="plans")


def on_entered(fact: StepEntered, context: Recorded) -> None:
    if fact.step == EXECUTE:
        waiting = Loop.objects.filter(collaboration=context.root.id, kind=LoopKind.TASK, closed_at__isnull=True)
        follow_loops(TASK, waiting.order_by("pk"), context)


def on_done(fact: TaskDone, context: Recorded) -> None:
    operations.fulfil(context.subject, rules=[TASK], root=context.root, actor=context.actor, at=context.at)


def on_reported(fact: TaskReported, context: Recorded) -> None:
    """A delay that was told names its new day; the ledger keeps the one before."""
    if fact.new_due_on is None:
        return
    standing = _standing(context)
    due_at = end_of(date.fromisoformat(fact.new_due_on), matter_of(context))
    if standing is not None and due_at is not None:
        operations.move(
            {standing.pk: due_at}, reason=fact.reason, root=context.root, actor=context.actor, at=context.at
        )


def on_cancelled(fact: TaskCancelled, context: Recorded) -> None:
    operations.cancel(
        context.subject, rules=[TASK], reason=fact.reason, root=context.root, actor=context.actor, at=context.at
    )


def on_handed_over(fact: TaskHandedOver, context: Recorded) -> None:
    standing = _standing(context)
    if standing is not None:
        owners = {standing.pk: principals.person(fact.after)}
        operations.hand_over(owners, root=context.root, actor=context.actor, at=context.at)


def _standing(context: Recorded) -> Deadline | None:
    place = (context.subject.kind, context.subject.id, "")
    return queries.of_subjects([place], rule_id=TASK).get(place)
