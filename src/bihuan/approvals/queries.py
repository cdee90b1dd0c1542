"""Reads of sign-offs. What the actor may not see does not exist for him."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.approvals import policy, rules
from bihuan.approvals.enums import UNANSWERED, Moved, SignoffState, SlotState
from bihuan.approvals.models import Remark, Signoff, Slot
from bihuan.approvals.policy import moving
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.queries import all_but_name

SPARE = 50
"""Slots looked at besides those of a page, since not all of them are up."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One slot as a page or a print shows it. `name` and `decided_at` are empty while nobody has signed."""

    slot_id: int
    route: str
    step: int
    key: str
    label: str
    part: str
    digest: str
    state: SlotState
    name: str
    decided_at: datetime | None
    opinion: str
    conditions: tuple[dict[str, Any], ...]
    tests: dict[str, bool]
    is_carried: bool
    by_rule: Mapping[str, Any] = field(default_factory=dict)
    amendment: Mapping[str, Any] = field(default_factory=dict)


def slot_for(actor: Actor, pk: int, at: datetime) -> Slot:
    """The slot with its sign-off, or `NotFound` when there is none that the actor may read."""
    readable = access.visible(actor, at=at, level=Level.READ, path="signoff__scope")
    found = _with_signoffs(Slot.objects.filter(readable, pk=pk)).first()
    if found is None:
        raise NotFound
    return found


def slots_for(actor: Actor, pks: Collection[int], at: datetime) -> dict[int, Slot]:
    """Those of the slots that the actor may read, with their sign-offs. One query."""
    readable = access.visible(actor, at=at, level=Level.READ, path="signoff__scope")
    return {slot.pk: slot for slot in _with_signoffs(Slot.objects.filter(readable, pk__in=pks))}


def signoff_for(actor: Actor, pk: int, at: datetime) -> Signoff:
    """The sign-off with its slots, or `NotFound` when there is none that the actor may read."""
    readable = access.visible(actor, at=at, level=Level.READ, path="scope")
    found = Signoff.objects.filter(readable, pk=pk).prefetch_related(_slots_in_order()).first()
    if found is None:
        raise NotFound
    return found


def signoffs_of(subject: SubjectRef) -> list[Signoff]:
    """All sign-offs of a subject, newest first, with their slots in order. For callers who hold the subject."""
    rows = Signoff.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    return list(rows.order_by("-pk").prefetch_related(_slots_in_order()))


def latest_signoff(subject: SubjectRef, route: str) -> Signoff | None:
    """The newest sign-off of this route on the subject: what `carry_from` wants."""
    rows = Signoff.objects.filter(subject_kind=subject.kind, subject_id=subject.id, route=route)
    return rows.order_by("-pk").first()


def open_slots(actor: Actor, at: datetime, *, after: int = 0, limit: int | None = None) -> list[Slot]:
    """What waits for the actor's signature now: his turn, not his own writing, in a scope he reads; oldest first.

    A page of it begins behind the sign-off `after`. Three queries, and as many again where many slots ask for the actor
    and few of them are up.
    """
    found: list[Slot] = []
    while limit is None or len(found) < limit:
        pks, last = _asked_of(actor, after, limit)
        found += _up(actor, pks, at) if pks else []
        if last is None:
            break
        after = last
    return found[:limit]


def _asked_of(actor: Actor, after: int, limit: int | None) -> tuple[list[int], int | None]:
    """Pending slots for which the actor or his office is named, by whole sign-offs, and the last of these unless that
    is all. Only what stands in the indexes of what is pending; in one query SQLite walks over everything ever signed.
    """
    most = None if limit is None else limit + SPARE
    own = actor.principals - actor.acting_for.keys()
    asked = [Q(principal__in=actor.principals), Q(instead_of__in=own) & ~Q(moved=Moved.NOT)]
    pending = Slot.objects.filter(state=SlotState.PENDING, signoff__gt=after).order_by("signoff_id", "pk")
    keys = sorted({key for which in asked for key in pending.filter(which).values_list("signoff_id", "pk")[:most]})
    if most is None or len(keys) < most:
        return [pk for _, pk in keys], None
    whole = [key for key in keys[:most] if key[0] < keys[most - 1][0]] or keys[:most]
    return [pk for _, pk in whole], whole[-1][0]


def _up(actor: Actor, pks: Collection[int], at: datetime) -> QuerySet[Slot]:
    """Those of the slots that the actor may decide now."""
    readable = access.visible(actor, at=at, level=Level.READ, path="signoff__scope")
    earlier = Slot.objects.filter(signoff=OuterRef("signoff"), step__lt=OuterRef("step"), state__in=UNANSWERED)
    asked = Q(principal__in=actor.principals) & ~Q(moved=Moved.CONSULTED)
    own = Q(instead_of__in=actor.principals - actor.acting_for.keys()) & ~Q(moved=Moved.NOT)
    rows = Slot.objects.filter(readable, asked | own, pk__in=pks, state=SlotState.PENDING)
    rows = rows.filter(Q(signoff__author=None) | ~Q(signoff__author=actor.person_id or 0)).exclude(Exists(earlier))
    rows = rows.filter(signoff__state=SignoffState.OPEN).exclude(waits_for__state__in=UNANSWERED)
    return _with_signoffs(rows).order_by("signoff", "pk")


def _with_signoffs(slots: QuerySet[Slot]) -> QuerySet[Slot]:
    return slots.select_related("signoff__author", "signoff__scope").defer(*all_but_name("signoff__author"))


def slots_to_decide(signoff: Signoff, actor: Actor) -> list[Slot]:
    """The slots of one sign-off that the actor may decide now, in order."""
    if signoff.state != SignoffState.OPEN or rules.is_author(actor, signoff):
        return []
    slots = list(signoff.slots.order_by("step", "pk"))
    return [slot for slot in rules.slots_up(slots) if rules.answers_to(actor, slot)]


def signatures_of(subject: SubjectRef, digest: str) -> list[Signature]:
    """The signatures asked for or given on one frozen version, for pages and prints; void ones left out."""
    rows = Slot.objects.filter(
        signoff__subject_kind=subject.kind, signoff__subject_id=subject.id, signoff__digest=digest
    )
    rows = rows.exclude(state=SlotState.VOID).select_related("signoff").order_by("signoff_id", "step", "pk")
    return [signature(slot) for slot in rows]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A copy somebody was sent, and when he first read it."""

    name: str
    sent_at: datetime
    read_at: datetime | None


def remarks_of(signoff: Signoff) -> list[Remark]:
    """What was said beside a sign-off, oldest first. For callers who hold it."""
    return list(signoff.remarks.select_related("answers"))


def receipts_of(signoff: Signoff) -> list[Receipt]:
    rows = signoff.copies.select_related("person").order_by("pk")
    return [Receipt(row.person.name, row.sent_at, row.read_at) for row in rows]


def earlier_steps(slot: Slot) -> list[int]:
    """The steps a sign-off can be sent back to from this slot."""
    return sorted({each.step for each in slot.signoff.slots.all() if each.step < slot.step})


def may_take_back(actor: Actor, slot: Slot) -> bool:
    """Whether the actor decided this slot and nobody after him has acted on it."""
    if slot.signoff.state != SignoffState.OPEN or slot.decided_by_id is None or slot.carried_from_id is not None:
        return False
    seats = [each.seat for each in slot.signoff.slots.all()]
    return slot.decided_by_id == actor.person_id and not moving.has_been_followed(slot.seat, seats)


def latest_by_line(subject: SubjectRef) -> Signoff | None:
    """The newest sign-off of a subject that is signed line by line. One query."""
    rows = Signoff.objects.filter(subject_kind=subject.kind, subject_id=subject.id, by_part=True)
    return rows.order_by("-pk").first()


def parts_state(signoff: Signoff) -> dict[str, SignoffState]:
    """Part → agreed by all its parties, refused by one, or open. The whole subject stands under the empty key."""
    standings: dict[str, list[policy.Standing]] = {}
    for slot in signoff.slots.all():
        standings.setdefault(slot.part, []).append(slot.standing)
    return {part: policy.outcome(slots, by_part=False) for part, slots in standings.items()}


def signature(slot: Slot) -> Signature:
    """One slot, with its sign-off loaded, as pages show it."""
    return Signature(
        slot_id=slot.pk, route=slot.signoff.route, step=slot.step, key=slot.key, label=slot.label, part=slot.part,
        digest=slot.digest, state=SlotState(slot.state), name=slot.decided_by_name, decided_at=slot.decided_at,
        opinion=slot.opinion, conditions=tuple(slot.conditions), tests=dict(slot.test_answers),
        is_carried=slot.carried_from_id is not None, by_rule=dict(slot.by_rule), amendment=dict(slot.amendment),
    )  # fmt: skip


def by_part(signatures: Iterable[Signature]) -> dict[str, list[Signature]]:
    """Signatures grouped by the line they are on, for line-by-line sheets."""
    grouped: dict[str, list[Signature]] = {}
    for each in signatures:
        grouped.setdefault(each.part, []).append(each)
    return grouped


def _slots_in_order() -> "Prefetch[str]":
    return Prefetch("slots", queryset=Slot.objects.order_by("step", F("pk")))
