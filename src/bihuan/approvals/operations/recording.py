"""What every act on a sign-off goes through: the lock, the settling, the end, the fact."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from bihuan.approvals import errors, policy
from bihuan.approvals.enums import SignoffState, SlotState
from bihuan.approvals.models import Signoff, Slot
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import Finding
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger

UNDECIDED: dict[str, Any] = {
    "state": SlotState.PENDING, "decided_by": None, "decided_by_name": "", "decided_at": None, "opinion": "",
    "test_answers": {}, "conditions": [], "request_key": "", "by_rule": {}, "carried_from": None,
    "amendment": {},
}  # fmt: skip
"""The columns of a slot whose party is asked again."""


def locked(signoff_id: int, root: SubjectRef | None = None) -> tuple[Signoff, list[Slot]]:
    """The sign-off and all its slots as they are now; nobody else changes them until this transaction ends.

    The chain is locked first, as every operation that records and then reacts does, so that no two wait for each other.
    """
    ledger.lock_chain(root or Signoff.objects.only("root_kind", "root_id").get(pk=signoff_id).root)
    signoff = Signoff.objects.select_for_update().get(pk=signoff_id)
    return signoff, list(Slot.objects.filter(signoff=signoff).order_by("step", "pk"))


def settle(signoff: Signoff, slots: Sequence[Slot], at: datetime) -> SignoffState:
    """How it stands after an act: ended, or open with nobody asked any more where enough have signed."""
    standings = [slot.standing for slot in slots]
    state = policy.outcome(standings, by_part=signoff.by_part)
    if state is SignoffState.OPEN:
        _release(slots, policy.groups_passed(standings))
    else:
        close(signoff, state, at)
    return state


def _release(slots: Sequence[Slot], passed: Collection[policy.Group]) -> None:
    released = [slot for slot in slots if slot.state == SlotState.PENDING and slot.standing.place in passed]
    if released:
        pks = [slot.pk for slot in released]
        Slot.objects.filter(pk__in=pks, state=SlotState.PENDING).update(state=SlotState.VOID)
    for slot in released:
        slot.state = SlotState.VOID


def close(signoff: Signoff, state: SignoffState, at: datetime) -> None:
    """End it once; whoever has not signed is no longer asked."""
    if not Signoff.objects.filter(pk=signoff.pk, state=SignoffState.OPEN).update(state=state, closed_at=at):
        raise errors.SignoffClosed
    Slot.objects.filter(signoff_id=signoff.pk, state=SlotState.PENDING).update(state=SlotState.VOID)
    signoff.state, signoff.closed_at = state, at


def refuse(findings: list[Finding]) -> None:
    if findings:
        raise Refused(findings)


def record(signoff: Signoff, fact: Fact, actor: Actor, at: datetime) -> None:
    ledger.record(fact, actor=actor, root=signoff.root, subject=signoff.subject, scope_id=signoff.scope_id, at=at)
