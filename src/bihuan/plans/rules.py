"""Who may work on a task."""

from bihuan.collaborations.rules import carries
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.plans.models import Task


def may_report(actor: Actor, task: Task) -> bool:
    """The owner, the head and the contact person of his department, and who carries the matter (§3.9)."""
    if actor.person_id == task.owner_id or actor.is_one_of(principals.head(task.department_id)):
        return True
    contacts = task.collaboration.parties.filter(department_id=task.department_id, contact_id=actor.person_id)
    return carries(actor, task.collaboration) or contacts.exists()


def may_cancel(actor: Actor, task: Task) -> bool:
    """Who carries the matter; never the owner alone (§3.7)."""
    return carries(actor, task.collaboration) and actor.person_id != task.owner_id


def may_hand_over(actor: Actor, task: Task) -> bool:
    is_head = actor.is_one_of(principals.head(task.department_id))
    return is_head or carries(actor, task.collaboration)
