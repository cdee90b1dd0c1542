"""Open loops: what keeps a matter from being forgotten."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from bihuan.collaborations.errors import UrgedTooOften
from bihuan.collaborations.facts import Urged
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.rules import may_urge
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Stale
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger

URGE_EVERY = timedelta(hours=4)


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
    place = {"kind": kind, "subject_kind": subject.kind, "subject_id": subject.id, "part": part}
    said = {"owner": owner, "gate": gate, "due_at": due_at, "asked_by": asked_by, "params": params or {}}
    still_open = Loop.objects.filter(**place, closed_at__isnull=True)
    if still_open.update(**said):
        return still_open.get()
    return Loop.objects.create(**place, **said, collaboration=collaboration, opened_at=at)


def close_loops(*, subject: SubjectRef, at: datetime, kind: str | None = None, part: str | None = None) -> int:
    """Close what is open about a subject; returns how many were. Closing what is closed does nothing."""
    wanted = Q(subject_kind=subject.kind, subject_id=subject.id, closed_at__isnull=True)
    if kind is not None:
        wanted &= Q(kind=kind)
    if part is not None:
        wanted &= Q(part=part)
    return Loop.objects.filter(wanted).update(closed_at=at)


def close_everything(collaboration: Collaboration, *, at: datetime) -> int:
    """Close every loop of a matter that is given up."""
    return Loop.objects.filter(collaboration=collaboration, closed_at__isnull=True).update(closed_at=at)


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
