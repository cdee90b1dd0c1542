"""Who may give a signature."""

from datetime import datetime

from bihuan.approvals.models import Signoff, Slot
from bihuan.kernel.actor import Actor, ActorKind
from bihuan.organisation.queries import answers_to as answers_to_now


def is_author(actor: Actor, signoff: Signoff) -> bool:
    return actor.person_id is not None and actor.person_id == signoff.author_id


def answers_to(actor: Actor, slot: Slot) -> bool:
    """By what is known of the actor when the request began; enough for showing a button."""
    return actor.kind is ActorKind.PERSON and actor.is_one_of(slot.principal)


def still_answers_to(actor: Actor, principals: set[str], at: datetime) -> bool:
    """By what the organisation says at the moment of signing (AT25): still here, still in the office."""
    return answers_to_now(actor.person_id or 0, principals, at)


def signs_as(actor: Actor, slot: Slot) -> str:
    """The name under the decision; a deputy signs 代 the one who is away, in every language."""
    absent = actor.acting_for.get(slot.principal, "")
    return f"{actor.name} 代 {absent}"[:200] if absent else actor.name
