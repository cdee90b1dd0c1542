"""Who may give a signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bihuan.approvals import policy
from bihuan.approvals.enums import Moved, SlotState
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.policy import moving
from bihuan.approvals.policy.routes import Empty, read_route
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor, ActorKind
from bihuan.kernel.errors import NotAllowed
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation import queries as organisation
from bihuan.organisation.queries import Item, StandIn
from bihuan.organisation.queries import answers_to as answers_to_now
from bihuan.records.models import Record


@dataclass(frozen=True, slots=True)
class Right:
    """By what right somebody signs: his own, or in the place of `absent` by a line of a list of deputies."""

    absent: str = ""
    line: Mapping[str, Any] = field(default_factory=dict)


def slots_up(slots: Sequence[Slot]) -> list[Slot]:
    """The slots that may be decided now: their turn, and nobody put before them is still to answer."""
    up, held_up = policy.groups_up(slot.standing for slot in slots), moving.waiting(slot.seat for slot in slots)
    return [
        slot
        for slot in slots
        if slot.state == SlotState.PENDING and slot.standing.place in up and slot.pk not in held_up
    ]


def is_author(actor: Actor, signoff: Signoff) -> bool:
    return actor.person_id is not None and actor.person_id == signoff.author_id


def answers_to(actor: Actor, slot: Slot) -> bool:
    """By what is known of the actor when the request began; enough for showing a button."""
    if actor.kind is not ActorKind.PERSON:
        return False
    if slot.moved and slot.instead_of in actor.principals and slot.instead_of not in actor.acting_for:
        return True
    return slot.moved != Moved.CONSULTED and actor.is_one_of(slot.principal)


def has_part(actor: Actor, slot: Slot) -> bool:
    """Asked now, consulted, or has decided."""
    decided = actor.person_id is not None and slot.decided_by_id == actor.person_id
    return decided or answers_to(actor, slot) or is_consulted(actor, slot)


def is_consulted(actor: Actor, slot: Slot) -> bool:
    """Asked for advice by who decides (委派)."""
    return slot.moved == Moved.CONSULTED and actor.kind is ActorKind.PERSON and actor.is_one_of(slot.principal)


def right_now(actor: Actor, slot: Slot, signoff: Signoff, at: datetime) -> Right | None:
    """By what the organisation says at the moment of signing (AT25, AT26): who holds the office may, and who stands in
    for it now. A deputyship that ended a second ago gives none."""
    person_id = actor.person_id or 0
    if not slot.moved and not actor.acting_for and answers_to_now(person_id, {slot.principal}, at):
        return Right()
    now = organisation.actor_now(person_id, at)
    if now is None:
        return None
    own = now.principals - now.acting_for.keys()
    if slot.office in own or (slot.moved == Moved.LATE and slot.principal in own):
        return Right()
    return None if slot.moved == Moved.CONSULTED else _right_of_stand_in(now, slot, signoff, at)


def _right_of_stand_in(now: Actor, slot: Slot, signoff: Signoff, at: datetime) -> Right | None:
    found = in_place_of(slot, signoff, at)
    if found is None:
        absent = now.acting_for.get(slot.office, "")
        return Right(absent) if absent else None
    if found.principal == principals.person(now.person_id or 0):
        return Right(found.line.get("absent", ""), found.line)
    is_superior = now.is_one_of(found.principal) and found.principal not in now.acting_for
    return Right() if is_superior and not found.line else None


def in_place_of(slot: Slot, signoff: Signoff, at: datetime) -> StandIn | None:
    """Who signs instead, or None while the office itself is to be asked.

    Where nobody is left in the office that could, the route says what then (`empty`), as when it was opened; without a
    route the next superior.
    """
    found = organisation.in_place_of(slot.office, item_of(signoff), besides=signoff.author_id, at=at)
    if found is None or found.line or signoff.route_version is None:
        return found
    held = organisation.holders_of([slot.office], at).get(slot.office, frozenset())
    if held - {signoff.author_id}:
        return found
    empty = empty_of(signoff)
    if empty is Empty.WAIT and not held:
        return None
    return StandIn(principals.PMO, {}) if empty is Empty.PMO else found


def empty_of(signoff: Signoff) -> Empty:
    """What the version of the route it runs by says when nobody can sign."""
    version = signoff.route_version
    return read_route(version.body).empty if version is not None else Empty.SUPERIOR


def item_of(signoff: Signoff) -> Item:
    """What the limits of deputies look at. One query for a record."""
    matter_id = signoff.root_id if signoff.root_kind == "collaboration" else None
    return Item(_form_of(signoff.subject), signoff.amount, matter_id)


def _form_of(subject: SubjectRef) -> str:
    if subject.kind != "record":
        return ""
    return Record.objects.filter(pk=subject.id).values_list("form_code", flat=True).first() or ""


def signs_as(actor: Actor, right: Right) -> str:
    """The name under the decision; a deputy signs 代 the one who is away, in every language."""
    return f"{actor.name} 代 {right.absent}"[:200] if right.absent else actor.name


def may_edit_routes(actor: Actor) -> bool:
    """The PMO edits routes (playbooks.md §3.7), or the machine on behalf of whoever started it on the server."""
    return actor.kind in {ActorKind.SYSTEM, ActorKind.IMPORT} or actor.is_one_of(principals.PMO)


def require_route_right(actor: Actor) -> None:
    if not may_edit_routes(actor):
        raise NotAllowed
