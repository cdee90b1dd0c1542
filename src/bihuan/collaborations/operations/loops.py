"""Open loops: what keeps a matter from being forgotten."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from bihuan.collaborations.errors import UrgedTooOften
from bihuan.collaborations.facts import Urged
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.operations.telling import settle_told, tell_owners
from bihuan.collaborations.rules import may_urge
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Stale
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger

URGE_EVERY = timedelta(hours=4)
Place = tuple[str, str, int, str]

PROVISIONAL = "provisional"
"""Among what a loop says: its instant hangs on days of rest that are not published yet."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One loop that is to stand open."""

    kind: str
    subject: SubjectRef
    owner: str
    part: str = ""
    gate: str = ""
    due_at: datetime | None = None
    asked_by: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return (str(self.kind), self.subject.kind, self.subject.id, self.part)

    @property
    def said(self) -> dict[str, Any]:
        """Without an instant of its own it leaves the one that a time rule has given it."""
        said = {"owner": self.owner, "gate": self.gate, "asked_by": self.asked_by, "params": dict(self.params)}
        return said if self.due_at is None else said | {"due_at": self.due_at}


def root_of(collaboration: Collaboration) -> SubjectRef:
    return SubjectRef("collaboration", collaboration.pk)


def open_loop(
    collaboration: Collaboration,
    *,
    kind: str,
    subject: SubjectRef,
    owner: str,
    at: datetime,
    part: str = "",
    gate: str = "",
    due_at: datetime | None = None,
    asked_by: str = "",
    params: dict[str, Any] | None = None,
) -> Loop:
    """Keep something open until `close_loops` is called for the same kind, subject and part.

    Called inside the transaction of the change that opened it, whose fact tells the story; records no fact of its own.
    Opening it twice moves it to the new owner and instant.
    """
    wanted = Wanted(kind, subject, owner, part, gate, due_at, asked_by, params or {})
    return open_loops(collaboration, [wanted], at=at)[0]


def open_loops(collaboration: Collaboration, wanted: Iterable[Wanted], *, at: datetime) -> list[Loop]:
    """`open_loop` for many. Two queries, and one for each that stands open already and says something else now.

    Whoever is asked anew is told (`telling.tell_owners`).
    """
    asked = {one.place: one for one in wanted}
    if not asked:
        return []
    standing = collaboration.loops.filter(
        closed_at__isnull=True,
        kind__in={one.kind for one in asked.values()},
        subject_id__in={one.subject.id for one in asked.values()},
    )
    met, passed_on = [], []
    for loop in standing:
        one = asked.pop((loop.kind, loop.subject_kind, loop.subject_id, loop.part), None)
        if one is not None:
            if "owner" in _say(loop, one.said):
                passed_on.append(loop)
            met.append(loop)
    opened = Loop.objects.bulk_create(_new(collaboration, one, at) for one in asked.values())
    if passed_on:
        settle_told([loop.pk for loop in passed_on], at=at)
    tell_owners(collaboration, [*passed_on, *opened], at=at)
    return met + opened


def _say(loop: Loop, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Let an open loop say something else, and return what; nothing is written when it says all that already."""
    changed = {name: value for name, value in said.items() if getattr(loop, name) != value}
    if changed:
        Loop.objects.filter(pk=loop.pk, closed_at__isnull=True).update(**changed)
    for name, value in changed.items():
        setattr(loop, name, value)
    return changed


def _new(collaboration: Collaboration, one: Wanted, at: datetime) -> Loop:
    return Loop(
        collaboration=collaboration,
        kind=one.kind,
        subject_kind=one.subject.kind,
        subject_id=one.subject.id,
        part=one.part,
        opened_at=at,
        **one.said,
    )


def close_loops(
    *, subject: SubjectRef, at: datetime, kind: str | None = None, parts: Collection[str] | None = None
) -> int:
    """Close what is open about a subject; returns how many were. Closing what is closed does nothing."""
    wanted = Q(subject_kind=subject.kind, subject_id=subject.id, closed_at__isnull=True)
    if kind is not None:
        wanted &= Q(kind=kind)
    if parts is not None:
        wanted &= Q(part__in=parts)
    return _close(Loop.objects.filter(wanted), at)


def _close(still_open: QuerySet[Loop], at: datetime) -> int:
    settle_told(still_open.values("pk"), at=at)
    return still_open.update(closed_at=at)


def close_loops_of(subjects: Iterable[SubjectRef], *, at: datetime) -> int:
    """Close whatever is open about any of the subjects. One query for each kind of subject."""
    ids: dict[str, list[int]] = {}
    for subject in subjects:
        ids.setdefault(subject.kind, []).append(subject.id)
    return sum(
        _close(Loop.objects.filter(subject_kind=kind, subject_id__in=found, closed_at__isnull=True), at)
        for kind, found in ids.items()
    )


def close_loops_in(loops: QuerySet[Loop], *, at: datetime) -> int:
    """Close those of these loops that are open."""
    return _close(loops.filter(closed_at__isnull=True), at)


def close_everything(collaboration: Collaboration, *, at: datetime) -> int:
    """Close every loop of a matter that is given up."""
    return _close(Loop.objects.filter(collaboration=collaboration, closed_at__isnull=True), at)


@transaction.atomic
def urge(loop: Loop, *, actor: Actor, at: datetime) -> None:
    """Ask the owner of a loop to act (催办). Counted and shown to him; records ``Urged``.

    Raises ``NotAllowed`` for who does not wait for it, ``UrgedTooOften`` within four hours of the last urging,
    ``Stale`` when the loop has been closed meanwhile.
    """
    if not may_urge(actor, loop.collaboration, loop):
        raise NotAllowed
    ledger.lock_chain(root_of(loop.collaboration))
    open_now = Loop.objects.filter(pk=loop.pk, closed_at__isnull=True)
    if not open_now.exists():
        raise Stale
    quiet = Q(urged_at__isnull=True) | Q(urged_at__lte=at - URGE_EVERY)
    if not open_now.filter(quiet).update(urged_at=at, urged=F("urged") + 1):
        raise UrgedTooOften(hours=int(URGE_EVERY.total_seconds() // 3600))
    loop.refresh_from_db()
    ledger.record(
        Urged(loop_id=loop.pk, kind=loop.kind, owner=loop.owner, times=loop.urged, params=loop.params),
        actor=actor,
        root=root_of(loop.collaboration),
        subject=SubjectRef("loop", loop.pk),
        scope_id=loop.collaboration.scope_id,
        at=at,
    )
