"""Who may change the organisation."""

from bihuan.kernel import principals
from bihuan.kernel.actor import Actor, ActorKind
from bihuan.kernel.errors import NotAllowed


def may_administer(actor: Actor) -> bool:
    """An administrator, or the machine on behalf of whoever started it on the server."""
    return actor.kind in {ActorKind.SYSTEM, ActorKind.IMPORT} or actor.is_one_of(principals.ADMINISTRATOR)


def require_administrator(actor: Actor) -> None:
    if not may_administer(actor):
        raise NotAllowed


def may_edit_calendars(actor: Actor) -> bool:
    """The PMO edits calendars (playbooks.md 3.7), or the machine on behalf of whoever started it on the server."""
    return actor.kind in {ActorKind.SYSTEM, ActorKind.IMPORT} or actor.is_one_of(principals.PMO)


def require_calendar_right(actor: Actor) -> None:
    if not may_edit_calendars(actor):
        raise NotAllowed


def may_edit_duty_list(actor: Actor) -> bool:
    """The PMO says who of it is on duty; administrators and the machine may as well."""
    return may_administer(actor) or actor.is_one_of(principals.PMO)


def is_self(actor: Actor, person_id: int) -> bool:
    return actor.person_id == person_id and person_id is not None


def may_hand_over_for(actor: Actor, person_id: int, department_ids: frozenset[int]) -> bool:
    """Oneself, administrators, and the heads of the departments the person belongs to (`department_ids`, with those
    above)."""
    is_superior = any(actor.is_one_of(principals.head(pk)) for pk in department_ids)
    return is_self(actor, person_id) or may_administer(actor) or is_superior


def may_see_contact_details(actor: Actor, person_id: int, department_ids: frozenset[int]) -> bool:
    """E-mail and telephone are for oneself, colleagues of a common department and administrators."""
    return is_self(actor, person_id) or may_administer(actor) or bool(actor.department_ids & department_ids)
