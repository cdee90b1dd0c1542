"""Going back: taking back one's own decision, and sending a sign-off back to a step or to its author."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from bihuan.approvals import errors, facts, policy, rules
from bihuan.approvals.enums import SignoffState, SlotState
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.operations import recording
from bihuan.approvals.policy import moving
from bihuan.kernel.actor import Actor


@transaction.atomic
def take_back(slot: Slot, *, reason: str, actor: Actor, at: datetime) -> Slot:
    """Take back one's own decision while nobody after it has acted; the slot is open again for who may sign it.

    All lines one decided for the party in this step. Records `DecisionTakenBack`. Raises `NotTheSignatory` for who did
    not decide it, `SignoffClosed`, `StaleSlot` when it is not decided, `Followed`, `Refused` without a reason.
    """
    signoff, slots = recording.locked(slot.signoff_id, slot.signoff.root)
    now = next(each for each in slots if each.pk == slot.pk)
    if actor.person_id is None or now.decided_by_id not in {None, actor.person_id} or now.carried_from_id is not None:
        raise errors.NotTheSignatory(who=now.label)
    mine = [
        each for each in slots if (each.key, each.step) == (now.key, now.step) and each.decided_by_id == actor.person_id
    ]
    _check_may_go_back(signoff, now, slots, mine, actor)
    reason = policy.clean(reason)
    recording.refuse(moving.findings_of_words(reason, place="reason"))
    seats = [each.seat for each in slots]
    freed = {pk for each in mine for pk in moving.released_with(each.seat, seats)}
    _open_again(signoff, {each.pk for each in mine} | freed)
    fact = facts.DecisionTakenBack(
        signoff_id=signoff.pk, route=signoff.route, slots=tuple(each.pk for each in mine), key=now.key, reason=reason
    )
    recording.record(signoff, fact, actor, at)
    now.refresh_from_db()
    return now


def _check_may_go_back(signoff: Signoff, now: Slot, slots: Sequence[Slot], mine: Sequence[Slot], actor: Actor) -> None:
    if now.decided_by_id is None:
        raise errors.StaleSlot if rules.answers_to(actor, now) else errors.NotTheSignatory(who=now.label)
    if signoff.state != SignoffState.OPEN:
        raise errors.SignoffClosed
    seats = [each.seat for each in slots]
    if any(moving.has_been_followed(each.seat, seats) for each in mine):
        raise errors.Followed


def _open_again(signoff: Signoff, pks: Collection[int]) -> None:
    Slot.objects.filter(pk__in=pks, signoff=signoff).exclude(state=SlotState.PENDING).update(**recording.UNDECIDED)


@transaction.atomic
def return_to(slot: Slot, *, to_step: int, reason: str, request_key: str = "", actor: Actor, at: datetime) -> Signoff:
    """Send it back instead of deciding: to an earlier step, whose signatures are asked anew, or to the author (0).

    Sent again with the same `request_key`, before anybody decided on the slot again, it writes nothing.

    Records `SignoffReturned`. Raises `AuthorSigns`, `NotTheSignatory`, `SignoffClosed`, `StaleSlot`, `NotYourTurn`,
    `Refused` without a reason and for a step that is none or not an earlier one.
    """
    signoff, slots = recording.locked(slot.signoff_id, slot.signoff.root)
    now = next(each for each in slots if each.pk == slot.pk)
    mark = _mark(request_key, actor)
    if mark and now.request_key == mark:
        return signoff
    _check_may_return(signoff, now, slots, actor, at)
    reason = policy.clean(reason)
    steps = {each.step for each in slots}
    recording.refuse(
        [*moving.findings_of_words(reason, place="reason"), *moving.findings_of_step(to_step, now.step, steps)]
    )
    if to_step:
        asked = moving.asked_again(to_step, [each.seat for each in slots])
        _open_again(signoff, asked)
    else:
        asked = [each.pk for each in slots if each.state == SlotState.PENDING]
        recording.close(signoff, SignoffState.VOID, at)
    Slot.objects.filter(pk=now.pk).update(request_key=mark)
    fact = facts.SignoffReturned(
        signoff_id=signoff.pk, route=signoff.route, to_step=to_step, slots=tuple(asked), reason=reason
    )
    recording.record(signoff, fact, actor, at)
    return signoff


def _mark(request_key: str, actor: Actor) -> str:
    """What is kept of the request: the token, which is worth nothing to anybody else nor for a decision."""
    said = f"back:{actor.person_id}:{request_key}"
    return hashlib.sha256(said.encode()).hexdigest() if request_key else ""


def _check_may_return(signoff: Signoff, now: Slot, slots: Sequence[Slot], actor: Actor, at: datetime) -> None:
    if rules.is_author(actor, signoff):
        raise errors.AuthorSigns
    if not rules.answers_to(actor, now) or rules.right_now(actor, now, signoff, at) is None:
        raise errors.NotTheSignatory(who=now.label)
    if signoff.state != SignoffState.OPEN:
        raise errors.SignoffClosed
    if now.state != SlotState.PENDING:
        raise errors.StaleSlot
    if now.pk not in {each.pk for each in rules.slots_up(slots)}:
        raise errors.NotYourTurn
