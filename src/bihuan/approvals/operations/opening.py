"""Asking for signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from bihuan.approvals import facts, policy
from bihuan.approvals.enums import Answer, SignoffState, SlotState
from bihuan.approvals.models import RouteVersion, Signoff, Slot
from bihuan.approvals.operations import amending, copying, placing, recording
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error
from bihuan.kernel.subjects import SubjectRef
from bihuan.records.policy.amending import is_as_wanted


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """One signature to ask for. `key` is the party, the same over versions; `tests` are the questions put to it.

    Of the slots of a step with the same `group` and part, `need` must sign, all when it is 0. `is_vacant`: nobody holds
    the office now, and the route waits for somebody who will.
    """

    key: str
    principal: str
    label: str
    digest: str
    part: str = ""
    tests: tuple[str, ...] = ()
    step: int = 1
    group: str = ""
    need: int = 0
    vetoes: bool = False
    is_vacant: bool = False


@transaction.atomic
def open_signoff(
    route: str,
    *,
    subject: SubjectRef,
    root: SubjectRef,
    scope_id: int,
    digest: str,
    author_id: int | None,
    slots: Sequence[SlotSpec],
    carry_from: Signoff | None = None,
    route_version: RouteVersion | None = None,
    amount: Decimal | None = None,
    copies: Sequence[Mapping[str, str]] = (),
    actor: Actor,
    at: datetime,
) -> Signoff:
    """Ask all named parties to sign this digest of the subject.

    With `carry_from`, approvals of unchanged parts are taken over from the sign-off of the version before (name and
    time kept), and that sign-off ends if it was still open. When everything is carried the new one is approved at
    once. While an office is away its deputy is asked, within `amount` (yuan) and his other limits, or the next
    superior. `copies` go out when their moment comes (`copying`). Records `SignoffOpened`. Raises `Refused` when nobody
    is named to sign.
    """
    if not slots or not all(spec.principal for spec in slots):
        raise Refused([error("approvals.no_slots", "slots")])
    superseded = carry_from is not None and _supersede(carry_from, at)
    signoff = Signoff.objects.create(
        route=route, subject_kind=subject.kind, subject_id=subject.id, root_kind=root.kind, root_id=root.id,
        scope_id=scope_id, digest=digest, author_id=author_id, by_part=any(spec.part for spec in slots),
        opened_at=at, previous=carry_from, route_version=route_version, amount=amount,
        copies_due=[dict(each) for each in copies],
    )  # fmt: skip
    rows = Slot.objects.bulk_create(_new_slot(signoff, spec, _approvals_of(carry_from)) for spec in slots)
    placing.seat(signoff, rows, at)
    state = recording.settle(signoff, rows, at)
    fact = facts.SignoffOpened(
        signoff_id=signoff.pk, route=route, digest=digest, author_id=author_id,
        slots=tuple(_outline(row) for row in rows), carried=tuple(row.pk for row in rows if row.carried_from_id),
        previous_id=signoff.previous_id, superseded=superseded, state_of_signoff=state,
        route_version=route_version.version if route_version else None,
        vacant=tuple(row.pk for row, spec in zip(rows, slots, strict=True) if spec.is_vacant and _is_asked(row)),
        copies_due=tuple(signoff.copies_due),
    )  # fmt: skip
    if fact.vacant:
        Slot.objects.filter(pk__in=fact.vacant).update(vacant_at=at)
    recording.record(signoff, fact, actor, at)
    copying.send_due(signoff, rows, at)
    return signoff


def _is_asked(slot: Slot) -> bool:
    """The office itself: nobody has signed it before, and nobody stands in."""
    return slot.state == SlotState.PENDING and not slot.moved


def _supersede(previous: Signoff, at: datetime) -> bool:
    """End the sign-off of the version before, if it was still running."""
    fresh, _ = recording.locked(previous.pk, previous.root)
    if fresh.state != SignoffState.OPEN:
        return False
    recording.close(fresh, SignoffState.VOID, at)
    return True


def _approvals_of(previous: Signoff | None) -> dict[tuple[str, str], Slot]:
    if previous is None:
        return {}
    return {(slot.key, slot.part): slot for slot in Slot.objects.filter(signoff_id=previous.pk)}


def _new_slot(signoff: Signoff, spec: SlotSpec, before: Mapping[tuple[str, str], Slot]) -> Slot:
    slot = Slot(
        signoff=signoff, step=spec.step, key=spec.key, principal=spec.principal, label=spec.label, part=spec.part,
        digest=spec.digest, tests=list(spec.tests), group=spec.group, need=spec.need, vetoes=spec.vetoes,
    )  # fmt: skip
    old = before.get((spec.key, spec.part))
    if old is not None:
        _go_on_from(old, slot, signoff.author_id)
    return slot


def _go_on_from(old: Slot, new: Slot, author_id: int | None) -> None:
    same, is_taken = old.digest == new.digest, old.amendment.get("state") == Answer.TAKEN
    is_as_amended = is_as_wanted(old.amendment, new.digest, is_taken=is_taken)
    state = policy.state_in_next(
        SlotState(old.state), same_digest=same, is_as_amended=is_as_amended, decided_by=old.decided_by_id,
        author_id=author_id,
    )  # fmt: skip
    if state is not SlotState.PENDING:
        _carry(old, new)
        new.state = state
    new.amendment = amending.in_next(old, same_digest=same, is_as_amended=is_as_amended)


def _carry(old: Slot, new: Slot) -> None:
    for name in (
        "state",
        "decided_by_id",
        "decided_by_name",
        "decided_at",
        "opinion",
        "test_answers",
        "conditions",
        "by_rule",
    ):
        setattr(new, name, getattr(old, name))
    new.carried_from = old


def _outline(slot: Slot) -> dict[str, Any]:
    return {
        "slot_id": slot.pk, "key": slot.key, "principal": slot.principal, "instead_of": slot.instead_of,
        "label": slot.label, "part": slot.part, "step": slot.step, "group": slot.group, "need": slot.need,
        "digest": slot.digest, "state": str(slot.state),
    }  # fmt: skip
