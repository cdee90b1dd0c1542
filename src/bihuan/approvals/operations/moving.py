"""What becomes of an open sign-off besides a decision: ended without one, or asked of somebody else."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bihuan.approvals import errors, facts, policy
from bihuan.approvals.enums import UNANSWERED, Moved, SignoffState, SlotState
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.operations import recording
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.findings import error
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.duties import HandOver


@transaction.atomic
def void(signoff: Signoff, *, reason: str, actor: Actor, at: datetime) -> Signoff:
    """End an open sign-off without an answer: withdrawn, returned, or no longer needed.

    Decisions already given stay readable. Records `SignoffVoided`. Raises `SignoffClosed` when it has ended already.
    """
    reason = policy.clean(reason)
    recording.refuse([] if reason else [error("approvals.reason_to_void_missing", "reason")])
    fresh, slots = recording.locked(signoff.pk, signoff.root)
    recording.close(fresh, SignoffState.VOID, at)
    pending = tuple(slot.pk for slot in slots if slot.state == SlotState.PENDING)
    fact = facts.SignoffVoided(signoff_id=fresh.pk, route=fresh.route, reason=reason, slots=pending)
    recording.record(fresh, fact, actor, at)
    return fresh


@transaction.atomic
def pass_on_slots(signoff_id: int, change: HandOver) -> Signoff:
    """Who leaves hands over the decisions asked of him by name. Records `SlotsHandedOver`.

    Who may is checked by the caller (`organisation.operations.hand_over_duties`). Raises `Refused` when the successor
    wrote the text, `SignoffClosed` when nothing is asked any more.
    """
    before, after = principals.person(change.before), principals.person(change.after)
    signoff, slots = recording.locked(signoff_id)
    mine = [slot for slot in slots if slot.office == before and slot.state in UNANSWERED]
    if signoff.state != SignoffState.OPEN or not mine:
        raise errors.SignoffClosed
    recording.refuse([error("approvals.author_signs", "successor")] if signoff.author_id == change.after else [])
    _ask_instead(Slot.objects.filter(pk__in=[slot.pk for slot in mine], state__in=UNANSWERED), before, after)
    fact = facts.SlotsHandedOver(
        signoff_id=signoff.pk, route=signoff.route, slots=tuple(slot.pk for slot in mine), before=before, after=after,
        reason=change.reason,
    )  # fmt: skip
    recording.record(signoff, fact, change.actor, change.at)
    return signoff


def change_principals(root: SubjectRef, principals_after: Mapping[str, str]) -> int:
    """What was asked of an office that went elsewhere is asked of the office there; so are copies to come.

    Covered by the caller's fact.
    """
    asked = Slot.objects.filter(
        signoff__root_kind=root.kind,
        signoff__root_id=root.id,
        signoff__state=SignoffState.OPEN,
        state__in=UNANSWERED,
    )
    running = Signoff.objects.filter(root_kind=root.kind, root_id=root.id, state=SignoffState.OPEN)
    for signoff in running.exclude(copies_due=[]):
        signoff.copies_due = [
            {**each, "principal": principals_after.get(each["principal"], each["principal"])}
            for each in signoff.copies_due
        ]
        signoff.save(update_fields=["copies_due"])
    return sum(_ask_instead(asked, before, after) for before, after in principals_after.items())


def _ask_instead(asked: QuerySet[Slot], before: str, after: str) -> int:
    """Another office for the one before; who stands in for it is looked for anew (`placing`)."""
    elsewhere = asked.filter(instead_of=before).update(instead_of=after)
    return elsewhere + asked.filter(principal=before, moved=Moved.NOT).update(principal=after)
