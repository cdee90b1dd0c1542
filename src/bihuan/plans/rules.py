"""Who may work on a task."""

from bihuan.collaborations.rules import carries
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.plans.models import Task


def may_report(actor: Actor, task: Task) -> bool:
    """The owner, the head of his department, and who carries the matter."""
    is_head = actor.is_one_of(principals.head(task.department_id))
    return actor.person_id == task.owner_id or is_head or carries(actor, task.collaboration)


def may_cancel(actor: Actor, task: Task) -> bool:
    """Who carries the matter; never the owner alone (§3.7)."""
    return carries(actor, task.collaboration) and actor.person_id != task.owner_id


def may_hand_over(actor: Actor, task: Task) -> bool:
    is_head = actor.is_one_of(principals.head(task.department_id))
    return is_head or carries(actor, task.collaboration)
