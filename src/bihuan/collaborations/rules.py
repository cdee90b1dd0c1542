"""Who may do what to a matter."""

from bihuan.collaborations.models import Collaboration, Loop
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor, ActorKind


def carries(actor: Actor, collaboration: Collaboration) -> bool:
    """The initiator, the project lead, and the head of the lead department carry the matter."""
    if actor.kind is not ActorKind.PERSON:
        return True
    if actor.person_id in {collaboration.initiator_id, collaboration.lead_id}:
        return True
    lead_department = collaboration.lead_department_id
    return lead_department is not None and actor.is_one_of(principals.head(lead_department))


def may_withdraw(actor: Actor, collaboration: Collaboration) -> bool:
    return actor.person_id is not None and actor.person_id == collaboration.initiator_id


def may_adopt(actor: Actor, collaboration: Collaboration) -> bool:
    """An imported matter is adopted by the head of its lead department or by the PMO."""
    if actor.is_one_of(principals.PMO):
        return True
    lead_department = collaboration.lead_department_id
    return lead_department is not None and actor.is_one_of(principals.head(lead_department))


def may_fill(actor: Actor, collaboration: Collaboration, filler: str) -> bool:
    """Whether the actor is the one a step expects to fill its form."""
    if filler == "FILING":
        return actor.is_one_of(principals.FILING)
    return carries(actor, collaboration)


def may_urge(actor: Actor, collaboration: Collaboration, loop: Loop) -> bool:
    """Who waits for it: the one who asked, who carries the matter, and the PMO."""
    is_asker = bool(loop.asked_by) and actor.is_one_of(loop.asked_by)
    return is_asker or carries(actor, collaboration) or actor.is_one_of(principals.PMO)
