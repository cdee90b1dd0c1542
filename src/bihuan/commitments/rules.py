"""Who may move a promise."""

from datetime import datetime

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.commitments.models import Commitment
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor


def is_owner(actor: Actor, commitment: Commitment) -> bool:
    return actor.person_id is not None and actor.person_id == commitment.owner_id


def is_asker(actor: Actor, commitment: Commitment) -> bool:
    return bool(commitment.asked_by) and actor.is_one_of(commitment.asked_by)


def is_verifier(actor: Actor, commitment: Commitment) -> bool:
    return actor.person_id is not None and actor.is_one_of(commitment.verifier)


def is_owing_head(actor: Actor, commitment: Commitment) -> bool:
    department_id = commitment.department_id
    return department_id is not None and actor.is_one_of(principals.head(department_id))


def may_assign(actor: Actor, commitment: Commitment, at: datetime) -> bool:
    """The asker and the owing head always; the owing department's people at work on the matter while nobody owns it."""
    if is_asker(actor, commitment) or is_owing_head(actor, commitment):
        return True
    return commitment.owner_id is None and _works_for_the_owing_side(actor, commitment, at)


def may_hand_over(actor: Actor, commitment: Commitment) -> bool:
    return is_owner(actor, commitment) or is_asker(actor, commitment) or is_owing_head(actor, commitment)


def _works_for_the_owing_side(actor: Actor, commitment: Commitment, at: datetime) -> bool:
    department_id = commitment.department_id
    if department_id is None or not actor.is_one_of(principals.department(department_id)):
        return False
    return access.levels(actor, [commitment.scope_id], at=at).get(commitment.scope_id, 0) >= Level.WRITE
