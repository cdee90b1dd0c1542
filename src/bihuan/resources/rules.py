"""Who may do what about a need."""

from bihuan.collaborations.rules import carries
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.resources.models import Need


def provides(actor: Actor, need: Need) -> bool:
    """The head of the providing department, or its contact person in the matter."""
    if actor.is_one_of(principals.head(need.provider_id)):
        return True
    return need.collaboration.parties.filter(department_id=need.provider_id, contact_id=actor.person_id).exists()


def may_answer(actor: Actor, need: Need) -> bool:
    """A promise binds a department, so its head gives it; without a head, whoever signs for it."""
    return provides(actor, need) or actor.is_one_of(principals.PMO)


def requests(actor: Actor, need: Need) -> bool:
    return carries(actor, need.collaboration)
