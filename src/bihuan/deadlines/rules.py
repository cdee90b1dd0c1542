"""Who may do what about a deadline, and when."""

from datetime import datetime

from bihuan.deadlines.models import Deadline
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor, ActorKind


def may_pause(actor: Actor, deadline: Deadline) -> bool:
    """Who owes it, and who waits for it."""
    return actor.is_one_of(deadline.owner) or (deadline.asked_by != "" and actor.is_one_of(deadline.asked_by))


def may_resume(actor: Actor, deadline: Deadline) -> bool:
    """The same, and the PMO: whoever stops his own clock is not alone in letting it go on."""
    return may_pause(actor, deadline) or actor.is_one_of(principals.PMO)


def can_stand_still(deadline: Deadline, at: datetime) -> bool:
    """A clock that counts, by a rule that allows it; never an urgent one, and none that is over (domain §4.1)."""
    return deadline.its_rule.may_pause and not deadline.is_urgent and deadline.counts != "" and at < deadline.due_at


def may_choose_profiles(actor: Actor) -> bool:
    """The PMO keeps the rules of time (domain §3.9), or the machine on behalf of whoever started it on the server."""
    return actor.kind is ActorKind.SYSTEM or actor.is_one_of(principals.PMO)
