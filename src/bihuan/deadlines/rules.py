"""Who may do what about a deadline."""

from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import Actor


def may_pause(actor: Actor, deadline: Deadline) -> bool:
    """Who owes it, and who waits for it."""
    return actor.is_one_of(deadline.owner) or (deadline.asked_by != "" and actor.is_one_of(deadline.asked_by))
