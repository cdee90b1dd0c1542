"""The time rules of tasks: done by the day of the plan (T21), which is typed, so that only people move it; and a delay
is told four hours before that (T35)."""

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.facts import StepEntered, StepLeft
from bihuan.collaborations.models import Loop
from bihuan.collaborations.timing import follow_loops, open_loops_of, terms_in
from bihuan.deadlines import operations, queries
from bihuan.deadlines.enums import State
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.operations import Start
from bihuan.deadlines.registry import Handler, bind
from bihuan.kernel import principals
from bihuan.kernel.facts import Fact
from bihuan.ledger.subscriptions import Recorded
from bihuan.plans.enums import EXECUTE
from bihuan.plans.facts import TaskCancelled, TaskDone, TaskHandedOver, TaskReported

TASK, DELAY = "T21", "T35"


def bind_rules() -> None:
    facts: dict[type[Fact], Handler] = {
        StepEntered: on_entered,
        StepLeft: on_left,
        TaskDone: on_done,
        TaskReported: on_reported,
        TaskCancelled: on_cancelled,
        TaskHandedOver: on_handed_over,
    }
    bind([TASK, DELAY], facts, room="plans")


def on_entered(fact: StepEntered, context: Recorded) -> None:
    if fact.step == EXECUTE:
        waiting = Loop.objects.filter(collaboration=context.root.id, kind=LoopKind.TASK, closed_at__isnull=True)
        follow_loops(TASK, waiting.order_by("pk"), context)


def on_left(fact: StepLeft, context: Recorded) -> None:
    """Elsewhere in the matter nobody carries tasks out; when it comes back, what is still open begins again."""
    if fact.step == EXECUTE:
        operations.cancel_of_root(context.root, rules=[TASK], actor=context.actor, at=context.at)


def on_done(fact: TaskDone, context: Recorded) -> None:
    """Done late, it was late without a word: a delay that is told has another day."""
    done = operations.fulfil(context.subject, rules=[TASK], root=context.root, actor=context.actor, at=context.at)
    for late in (row for row in done if row.state == State.LATE):
        _owe_word(late, context)
        operations.give_up(context.subject, rules=[DELAY], root=context.root, actor=context.actor, at=context.at)


def on_reported(fact: TaskReported, context: Recorded) -> None:
    """A delay that was told names its new day; the ledger keeps the one before, and whether it was told in time."""
    if fact.new_due_on is None:
        return
    standing = _standing(context)
    due_at = next((loop.due_at for loop in open_loops_of(context.subject, LoopKind.TASK)), None)
    if standing is not None and due_at is not None:
        if due_at > standing.due_at:
            _owe_word(standing, context)
            operations.fulfil(context.subject, rules=[DELAY], root=context.root, actor=context.actor, at=context.at)
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


def _owe_word(task: Deadline, context: Recorded) -> None:
    word = Start(
        subject=context.subject, owner=task.owner, what=task.what, started_at=task.started_at, ahead_of=task.due_at
    )
    operations.start(
        DELAY, [word], root=context.root, scope_id=context.scope_id, terms=terms_in(context),
        actor=context.actor, at=context.at,
    )  # fmt: skip


def _standing(context: Recorded) -> Deadline | None:
    place = (context.subject.kind, context.subject.id, "")
    return queries.of_subjects([place], rule_id=TASK).get(place)
