"""Who may do what to a matter."""

from bihuan.access import queries as access
from bihuan.collaborations.models import Collaboration, Loop, SavedView
from bihuan.collaborations.policy.members import FILER, HIDDEN
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


def may_remove_view(actor: Actor, view: SavedView) -> bool:
    """Its owner; once he has left, the PMO, administrators and the head of the department that it is shared with."""
    if view.owner_id == actor.person_id:
        return True
    kind, department_id = principals.split(view.shared_with)
    headed = principals.head(department_id) if kind == "d" and department_id else principals.PMO
    able = (principals.PMO, principals.ADMINISTRATOR, headed)
    return not view.owner.is_active and any(actor.is_one_of(each) for each in able)


def may_withdraw(actor: Actor, collaboration: Collaboration) -> bool:
    return actor.person_id is not None and actor.person_id == collaboration.initiator_id


def may_resume(actor: Actor, collaboration: Collaboration) -> bool:
    """A resting matter is resumed by whoever carries it, the PMO, or the executive in charge of its lead department."""
    return carries(actor, collaboration) or actor.is_one_of(principals.PMO) or may_name_filer(actor, collaboration)


def may_adopt(actor: Actor, collaboration: Collaboration) -> bool:
    """An imported matter is adopted by the head of its lead department or by the PMO."""
    if actor.is_one_of(principals.PMO):
        return True
    lead_department = collaboration.lead_department_id
    return lead_department is not None and actor.is_one_of(principals.head(lead_department))


def may_reclassify(actor: Actor, collaboration: Collaboration) -> bool:
    """Whoever carries the problem, and the PMO, says how urgent it is."""
    return carries(actor, collaboration) or actor.is_one_of(principals.PMO)


def may_merge(actor: Actor) -> bool:
    """Whether two problems are one is for the PMO to say (AS19)."""
    return actor.is_one_of(principals.PMO)


def may_set_parent(actor: Actor, child: Collaboration, parent: Collaboration) -> bool:
    """What belongs to what is for the PMO to say, and for whoever carries both."""
    return actor.is_one_of(principals.PMO) or (carries(actor, child) and carries(actor, parent))


def may_unset_parent(actor: Actor, child: Collaboration, parent: Collaboration) -> bool:
    """Whoever carries either of the two, and the PMO."""
    return actor.is_one_of(principals.PMO) or carries(actor, child) or carries(actor, parent)


def may_decide_lead(actor: Actor) -> bool:
    """Who leads when two want to, or none does, is for the PMO to say (AS19)."""
    return actor.is_one_of(principals.PMO)


def may_answer_join(actor: Actor, collaboration: Collaboration) -> bool:
    """Whoever carries the matter says who takes part in it."""
    return carries(actor, collaboration)


def may_edit_playbooks(actor: Actor) -> bool:
    """The PMO says how the company works (playbooks.md §3.7); the machine publishes what is shipped."""
    return actor.kind is not ActorKind.PERSON or actor.is_one_of(principals.PMO)


def may_fill(actor: Actor, collaboration: Collaboration, filler: str) -> bool:
    """Whether the actor is the one a step expects to fill its form."""
    if filler == "FILING":
        return actor.is_one_of(principals.FILING) and may_file(actor, collaboration)
    return carries(actor, collaboration)


def is_hidden(collaboration: Collaboration) -> bool:
    """Whether not even the PMO and the administration read it by their office."""
    return collaboration.secrecy in HIDDEN


def filer_of(collaboration: Collaboration) -> int | None:
    """Who was named to read a secret matter and file its plan. One query."""
    named = (member for member in access.open_members(collaboration.scope_id) if member.via == FILER)
    return next((principals.split(member.principal)[1] for member in named), None)


def may_file(actor: Actor, collaboration: Collaboration) -> bool:
    """Whoever of the filing office reads it: everybody there, or of a secret matter the one who was named."""
    return not is_hidden(collaboration) or actor.person_id == filer_of(collaboration)


def may_name_filer(actor: Actor, collaboration: Collaboration) -> bool:
    """Reading what is secret is the executive's in charge to approve (§2.0.5)."""
    department_id = collaboration.lead_department_id
    return department_id is not None and actor.is_one_of(principals.executive(department_id))


def may_urge(actor: Actor, collaboration: Collaboration, loop: Loop) -> bool:
    """Who waits for it: the one who asked, who carries the matter, and the PMO."""
    is_asker = bool(loop.asked_by) and actor.is_one_of(loop.asked_by)
    return is_asker or carries(actor, collaboration) or actor.is_one_of(principals.PMO)
