"""Who may let a calendar program read what."""

from datetime import datetime

from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.organisation import queries as organisation


def may_subscribe_to_department(actor: Actor, department_id: int, at: datetime) -> bool:
    """Its head, its contact persons, the executive in charge of it. One query for who is neither head nor executive."""
    if actor.is_one_of(principals.head(department_id)) or actor.is_one_of(principals.executive(department_id)):
        return True
    contacts = organisation.contacts_of([department_id], at).get(department_id, [])
    return any(card.id == actor.person_id for card in contacts)
